/**
 * How a daemon tells its docker-proxy what to forward: a unix socket of packets of text.
 *
 * <pre>
 *   dockerd ── add tcp 0.0.0.0 8080 172.17.0.2 80  (+ the listening socket) ──▶ docker-proxy
 *   dockerd ◀─ ok | error TEXT ───────────────────────────────────────────────── docker-proxy
 *   dockerd ── add tcp 0.0.0.0 8000 172.17.0.2 8000 1000  (+ the first listening sockets of a range of 1000) ──▶ docker-proxy
 *   dockerd ── the same line again (+ the next ones), as long as there are more ──▶ … ok
 *   dockerd ── remove tcp 0.0.0.0 8080 172.17.0.2 80 ──▶ … ok
 *   dockerd ── list ──▶ … port tcp 0.0.0.0 8080 172.17.0.2 80 (a line for each, many in a packet), ok (the last line)
 *   dockerd ── stop ──▶ … the process ends
 * </pre>
 *
 * <p>Who adds a port sends the bound socket with it, so that callers can connect from the moment it is bound, even while
 * docker-proxy still starts or is started again after a crash; the kernel takes 253 sockets with a packet. Without a socket
 * docker-proxy binds the port itself and the answer says whether that worked. The connection may end at any time; forwarding goes on, and another daemon may connect.
 */
@NullMarked
package io.drydock.docker.proxy.control;

import org.jspecify.annotations.NullMarked;
