/** The gRPC services over the stores, one class each: messages in, store calls, events, messages out. */
@NullMarked
package io.drydock.containerd.server.services;

import org.jspecify.annotations.NullMarked;
