package io.drydock.docker.dockerd;

import java.nio.file.Path;

/** Where the API is reached: what {@code -H} says. */
sealed interface HostAddress {
    int DEFAULT_PORT = 2375;
    int DEFAULT_TLS_PORT = 2376;

    /** A unix socket. */
    record Unix(Path path) implements HostAddress {}

    /**
     * Sockets that the service manager has opened.
     *
     * @param descriptor the number of one, or empty for all
     */
    record Activated(String descriptor) implements HostAddress {}

    /** A TCP port. */
    record Tcp(String host, int port) implements HostAddress {}

    /** Reads {@code fd://}, {@code unix:///path}, {@code tcp://host:port}, {@code host:port}, {@code :port}. */
    static HostAddress parse(String text, boolean tls) throws BadUsage {
        if (text.startsWith("unix://")) {
            String path = text.substring(7);
            return new Unix(Path.of(path.isEmpty() ? "/var/run/docker.sock" : path));
        }
        if (text.startsWith("fd://")) {
            String which = text.substring(5).equals("*") ? "" : text.substring(5);
            if (!which.chars().allMatch(Character::isDigit)) {
                throw new BadUsage("failed to parse systemd fd address: should be a number: " + which);
            }
            return new Activated(which);
        }
        if (text.startsWith("npipe://")) {
            throw new BadUsage("listening on \"" + text + "\" is not built into this engine yet");
        }
        String address = text.startsWith("tcp://") ? text.substring(6) : text;
        if (address.contains("://")) {
            throw new BadUsage("invalid argument \"" + text + "\" for \"-H, --host\" flag: invalid bind address ("
                    + text + "): unsupported proto: " + address.substring(0, address.indexOf("://")));
        }
        int slash = address.indexOf('/');
        address = slash < 0 ? address : address.substring(0, slash);
        int colon = address.lastIndexOf(':');
        boolean hasPort = colon >= 0 && colon > address.lastIndexOf(']');
        String host = hasPort ? address.substring(0, colon) : address;
        String port = hasPort ? address.substring(colon + 1) : "";
        host = host.isEmpty() ? "127.0.0.1" : host.replace("[", "").replace("]", "");
        try {
            int number = port.isEmpty() ? tls ? DEFAULT_TLS_PORT : DEFAULT_PORT : Integer.parseInt(port);
            if (number < 1 || number > 65535) {
                throw new NumberFormatException("out of range");
            }
            return new Tcp(host, number);
        } catch (NumberFormatException e) {
            throw new BadUsage(
                    "invalid argument \"" + text + "\" for \"-H, --host\" flag: invalid bind address format: " + text);
        }
    }
}
