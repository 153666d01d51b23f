/**
 * A client of D-Bus, as much of it as talking to systemd takes: one connection used by one thread, method calls and signals. Own,
 * because the libraries for it bring reflection, proxies and a logging framework into a command line. Source: the D-Bus
 * specification, "Message Protocol" and "Authentication Protocol".
 */
@NullMarked
package io.drydock.runc.cgroups.dbus;

import org.jspecify.annotations.NullMarked;
