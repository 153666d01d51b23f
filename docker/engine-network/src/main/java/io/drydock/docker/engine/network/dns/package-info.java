/**
 * The name server that containers of user-defined networks find at 127.0.0.11.
 *
 * <pre>
 *   container ── 127.0.0.11:53, translated in its namespace to a port of its own ──▶ NameServer (sockets, one per container)
 *                                                       Resolver: names of the container's networks, addresses back to names
 *                                                       Upstream: everything else, from the container's namespace; Cache
 * </pre>
 *
 * The port is not 53 itself because a container may want to listen there on all its addresses.
 */
@NullMarked
package io.drydock.docker.engine.network.dns;

import org.jspecify.annotations.NullMarked;
