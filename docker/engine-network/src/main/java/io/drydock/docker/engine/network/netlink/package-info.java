/**
 * The kernel's two netlink dialects this module speaks: RTNETLINK for interfaces, addresses and routes, and nfnetlink for
 * nftables.
 */
@NullMarked
package io.drydock.docker.engine.network.netlink;

import org.jspecify.annotations.NullMarked;
