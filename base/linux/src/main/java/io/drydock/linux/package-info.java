/**
 * The kernel, typed. {@link io.drydock.linux.Linux} groups the system calls by what they act on; every call retries EINTR,
 * returns descriptors that somebody owns ({@link io.drydock.linux.Fd}, always close-on-exec unless said otherwise) and fails
 * with a {@link io.drydock.linux.LinuxException} that carries the operation, the path and the errno.
 *
 * <p>No call here may block for long on a virtual thread: a blocking native call pins its carrier. Wait with a
 * {@link io.drydock.linux.Poller} (one platform thread with epoll) and use non-blocking descriptors.
 */
@NullMarked
package io.drydock.linux;

import org.jspecify.annotations.NullMarked;
