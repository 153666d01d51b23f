/**
 * ttrpc: the small RPC protocol between containerd and its shims, as blocking Java.
 *
 * <p>A connection is a unix stream socket that carries frames. A frame is a ten-byte header and a protobuf payload:
 * <pre>
 *  bytes 0..3   payload length, big endian, at most 4 MiB
 *  bytes 4..7   stream id, big endian: odd, chosen by the client, rising, never used twice
 *  byte  8      kind: 1 request, 2 response, 3 data
 *  byte  9      flags: 1 the sender will send no more, 2 the sender will send data, 4 the payload is absent
 *
 *  unary            client ── request(flags 0) ──▶            ◀── response ── server
 *  client streams   client ── request(2), data…, data(1|4) ─▶ ◀── response ── server
 *  server streams   client ── request(1) ──▶                  ◀── data…, data(1|4) or response ── server
 * </pre>
 * {@link io.drydock.rpc.RpcService} declares what a server offers, {@link io.drydock.rpc.TtrpcServer} serves it,
 * {@link io.drydock.rpc.TtrpcClient} calls it. Errors are {@link io.drydock.rpc.RpcException}s with gRPC's codes.
 */
@NullMarked
package io.drydock.rpc;

import org.jspecify.annotations.NullMarked;
