/**
 * Netlink: a {@link io.drydock.linux.netlink.NetlinkBatch} holds any number of messages of one protocol and goes to the kernel
 * by one system call. What the messages mean is said by those who send them.
 */
@NullMarked
package io.drydock.linux.netlink;

import org.jspecify.annotations.NullMarked;
