/**
 * The OCI runtime as a library: spec → validated plan → lifecycle. The runc program and the shim both call it in process.
 *
 * <pre>
 * Containers ──create──▶ Container ──start──▶ running ──▶ stopped ──delete──▶ gone
 *                           │ exec ──▶ ContainerProcess
 * </pre>
 *
 * What is kept of a container, readable by other tools as runc's is:
 *
 * <pre>
 * &lt;root&gt;/&lt;id&gt;/                0711
 *     state.json              id, init's pid and start time, created, bundle, rootfs, annotations, cgroup paths, namespaces, config
 *     keeper.sock             where the container's keeper listens (SOCK_SEQPACKET)
 *     exit                    once init has ended: wait status, seconds, nanoseconds; renamed into place before anyone is told
 *     notify/                 a socket for sd_notify, where the container was made with one
 *     exit-N                  the same of exec number N, until it is released
 * </pre>
 *
 * The status is derived, never stored: creating, created, running and stopped come from the keeper, paused from the freezer.
 */
@NullMarked
package io.drydock.runc.runtime;

import org.jspecify.annotations.NullMarked;
