/** Where a registry's files are, without what they mean. */
@NullMarked
package io.drydock.registry.storage.driver;

import org.jspecify.annotations.NullMarked;
