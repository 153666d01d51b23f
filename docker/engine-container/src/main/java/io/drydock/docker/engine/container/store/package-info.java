/**
 * What an engine remembers, in {@code <data-root>/engine.db}:
 *
 * <pre>
 *   meta       (key, value)                 engine-id, schema
 *   containers (id, definition, state)      two JSON documents: what was asked for, and how far it is
 *   volumes    (name, record)               one JSON document each
 * </pre>
 *
 * A change is durable when its call returns: many changes at once share one transaction.
 */
@NullMarked
package io.drydock.docker.engine.container.store;

import org.jspecify.annotations.NullMarked;
