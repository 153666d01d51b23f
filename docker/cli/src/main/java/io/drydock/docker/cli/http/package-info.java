/** HTTP/1.1 to an engine over unix sockets, TCP and TLS, with hijacked connections. */
@NullMarked
package io.drydock.docker.cli.http;

import org.jspecify.annotations.NullMarked;
