/**
 * The program {@code docker-proxy}: forwards what arrives at published ports to the containers, for the ways that the kernel's
 * address translation does not cover (loopback, containers of the same network, IPv6 to IPv4). One process serves all ports of a
 * daemon; the original's command line for a single port works too.
 */
@NullMarked
package io.drydock.docker.proxy;

import org.jspecify.annotations.NullMarked;
