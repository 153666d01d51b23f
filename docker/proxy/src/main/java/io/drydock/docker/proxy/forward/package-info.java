/**
 * Forwarding of TCP connections and UDP sessions on one thread: an epoll loop, no thread and no buffer per connection.
 * Everything in this package belongs to the loop's thread.
 */
@NullMarked
package io.drydock.docker.proxy.forward;

import org.jspecify.annotations.NullMarked;
