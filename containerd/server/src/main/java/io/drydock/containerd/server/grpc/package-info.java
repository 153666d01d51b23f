/** How calls come in: the socket, the namespace and lease they name, errors as gRPC's codes, streams that do not overrun their reader. */
@NullMarked
package io.drydock.containerd.server.grpc;

import org.jspecify.annotations.NullMarked;
