package io.drydock.docker.engine.network;

import io.drydock.docker.engine.network.NetworkException.Kind;
import io.drydock.docker.engine.network.netlink.RouteNetlink;
import io.drydock.linux.Errno;
import io.drydock.linux.LinuxException;
import java.io.IOException;
import java.util.Map;

/**
 * The interface of the host whose children the interfaces of a network of driver macvlan or ipvlan are. The engine makes it, and
 * deletes it with the network, if the network names a VLAN that does not exist ({@code eth0.10}), or names none: an interface
 * that leads nowhere then, so that containers reach each other alone.
 */
final class ParentLink {
    private static final int LAST_VLAN = 4094;

    private ParentLink() {}

    /** The name that a network's options say, or that the engine gives; the latter as the original does. */
    static String name(String driver, String id, Map<String, String> options) {
        var parent = options.getOrDefault(ChildLink.PARENT, "");
        return parent.isEmpty() ? (driver.equals("macvlan") ? "dm-" : "di-") + id.substring(0, 12) : parent;
    }

    static String name(Network network) {
        return name(network.driver(), network.id(), network.options());
    }

    /** The interface, which is made if need be. */
    static RouteNetlink.Link open(Network network, RouteNetlink host) throws NetworkException, IOException {
        var name = name(network);
        var known = host.link(name);
        if (known != null) {
            return known;
        }
        if (network.isIsolated()) {
            make("dummy interfaces", () -> host.createDummy(name));
        } else {
            makeVlan(name, host);
        }
        host.up(name);
        var made = host.link(name);
        if (made == null) {
            throw new IOException("interface " + name + " is gone");
        }
        return made;
    }

    private static void makeVlan(String name, RouteNetlink host) throws NetworkException, IOException {
        int dot = name.indexOf('.');
        if (dot < 0) {
            throw invalid("invalid subinterface vlan name " + name + ", example formatting is eth0.10");
        }
        if (name.indexOf('.', dot + 1) >= 0) {
            throw invalid("required interface name format is: name.vlan_id, ex. eth0.10 for vlan 10, instead received "
                    + name);
        }
        int identifier = identifier(name.substring(dot + 1));
        var parent = host.link(name.substring(0, dot));
        if (parent == null) {
            throw invalid("-o parent interface does was not found on the host: " + name.substring(0, dot));
        }
        if (identifier < 1 || identifier > LAST_VLAN) {
            throw invalid("vlan id must be between 1-4094, received: " + identifier);
        }
        make("VLANs", () -> host.createVlan(name, parent.index(), identifier));
    }

    private static int identifier(String text) throws NetworkException {
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException e) {
            throw invalid("unable to parse a valid vlan id from: " + text + " (ex. eth0.10 for vlan 10)");
        }
    }

    private interface Work {
        void run() throws LinuxException;
    }

    private static void make(String what, Work work) throws IOException {
        try {
            work.run();
        } catch (LinuxException e) {
            throw e.errno() == Errno.EOPNOTSUPP ? new IOException("the kernel has no " + what, e) : e;
        }
    }

    private static NetworkException invalid(String message) {
        return new NetworkException(Kind.INVALID, message);
    }
}
