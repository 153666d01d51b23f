/**
 * The requests and answers of {@code criu swrk}: protocol buffers in packets of a socket. Source: criu's {@code images/rpc.proto}.
 *
 * <pre>
 * runtime ──CriuRequest──▶ criu
 * runtime ◀──CriuResponse (NOTIFY, perhaps with a descriptor)── criu     any number of times
 * runtime ──notified──▶ criu
 * runtime ◀──CriuResponse of the request's type── criu
 * </pre>
 */
@NullMarked
package io.drydock.runc.runtime.criu;

import org.jspecify.annotations.NullMarked;
