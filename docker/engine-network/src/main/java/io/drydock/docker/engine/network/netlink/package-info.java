/**
 * The kernel's two netlink dialects this module speaks: RTNETLINK for interfaces, addresses and routes, and nfnetlink for
 * nftables. A {@link io.drydock.docker.engine.network.netlink.NetlinkBatch} holds any number of messages and goes to the kernel
 * by one system call.
 */
@NullMarked
package io.drydock.docker.engine.network.netlink;

import org.jspecify.annotations.NullMarked;
