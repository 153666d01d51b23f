/**
 * The Engine API: routes that read a request, ask a backend, and write the answer.
 *
 * <pre>
 *   HttpServer → EngineApi (version, headers, errors) → Router → XRoutes → XBackend (implemented by dockerd)
 * </pre>
 *
 * The interfaces named {@code …Backend} say what the routes need; they speak in the records of {@code io.drydock.spec.engine}
 * and fail with {@link io.drydock.spec.engine.EngineException}.
 */
@NullMarked
package io.drydock.docker.api;

import org.jspecify.annotations.NullMarked;
