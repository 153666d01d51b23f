/**
 * A blocking HTTP/1.1 server. Netty moves bytes (TCP, unix sockets, TLS, sendfile) on two event loops; everything above
 * the bytes runs on one virtual thread per connection:
 *
 * <pre>
 *  socket ─▶ event loop ─▶ WireInput (bounded queue) ─▶ RequestParser ─▶ HttpHandler
 *  socket ◀─ event loop ◀─ WireOutput (bounded)      ◀─ Response / RawStream
 * </pre>
 *
 * <p>A handler blocks to wait: reading a body blocks until bytes arrive, writing blocks while the peer does not read. The
 * request parser is our own because hijacking (Docker's attach and exec) needs the exact byte at which HTTP ends, which an
 * asynchronous decoder that has already parsed ahead cannot give back.
 */
@NullMarked
package io.drydock.http;

import org.jspecify.annotations.NullMarked;
