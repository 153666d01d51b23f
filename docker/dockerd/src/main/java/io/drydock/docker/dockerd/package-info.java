/**
 * The program {@code dockerd}: flags and {@code daemon.json}, containerd as a child, the engine's parts, and the API that
 * they are reached by. {@link io.drydock.docker.dockerd.Main} is the bill of materials; the {@code …Adapter}s let the API's
 * routes reach the engine.
 */
@NullMarked
package io.drydock.docker.dockerd;

import org.jspecify.annotations.NullMarked;
