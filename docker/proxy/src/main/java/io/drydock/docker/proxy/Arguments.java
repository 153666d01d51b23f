package io.drydock.docker.proxy;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The command line, which is that of Go's flag package: one dash or two, the value after {@code =} or as the next word.
 *
 * @param protocol {@code -proto}
 * @param hostIp {@code -host-ip}; empty for all addresses
 * @param hostPort {@code -host-port}
 * @param containerIp {@code -container-ip}
 * @param containerPort {@code -container-port}
 * @param useListenFd {@code -use-listen-fd}: the listening socket is descriptor 4
 * @param controlFd {@code -control-fd}: the descriptor at which daemons connect, for many ports; -1 for one port
 * @param version {@code -v}: only to print the version
 * @param help {@code -h}: only to print the options
 */
record Arguments(
        String protocol,
        String hostIp,
        int hostPort,
        String containerIp,
        int containerPort,
        boolean useListenFd,
        int controlFd,
        boolean version,
        boolean help) {
    static final String USAGE = """
            Usage of docker-proxy:
              -container-ip string
                \tcontainer ip
              -container-port int
                \tcontainer port (default -1)
              -control-fd int
                \tserve many ports, controlled over this listening socket (default -1)
              -host-ip string
                \thost ip
              -host-port int
                \thost port (default -1)
              -proto string
                \tproxy protocol (default "tcp")
              -use-listen-fd
                \tuse a supplied listen fd
              -v\tprint version information and quit
            """;

    /** The command line cannot be used. The message says why, in the original's words. */
    static final class UsageException extends Exception {
        private static final long serialVersionUID = 1;

        private UsageException(String message) {
            super(message);
        }
    }

    static Arguments parse(List<String> words) throws UsageException {
        var protocol = "tcp";
        var hostIp = "";
        int hostPort = -1;
        var containerIp = "";
        int containerPort = -1;
        boolean useListenFd = false;
        int controlFd = -1;
        boolean version = false;
        boolean help = false;
        for (int i = 0; i < words.size(); i++) {
            var word = words.get(i);
            if (word.length() < 2 || word.charAt(0) != '-' || word.equals("--")) {
                break; // Go stops at the first word that is no option
            }
            int start = word.startsWith("--") ? 2 : 1;
            int equals = word.indexOf('=');
            var name = word.substring(start, equals < 0 ? word.length() : equals);
            @Nullable String given = equals < 0 ? null : word.substring(equals + 1);
            switch (name) {
                case "use-listen-fd" -> useListenFd = given == null || given.equals("true");
                case "v" -> version = given == null || given.equals("true");
                case "h", "help" -> help = true;
                case "proto", "host-ip", "container-ip", "host-port", "container-port", "control-fd" -> {
                    if (given == null) {
                        if (++i == words.size()) {
                            throw new UsageException("flag needs an argument: -" + name);
                        }
                        given = words.get(i);
                    }
                    switch (name) {
                        case "proto" -> protocol = given;
                        case "host-ip" -> hostIp = given;
                        case "container-ip" -> containerIp = given;
                        case "host-port" -> hostPort = number(name, given);
                        case "container-port" -> containerPort = number(name, given);
                        default -> controlFd = number(name, given);
                    }
                }
                default -> throw new UsageException("flag provided but not defined: -" + name);
            }
        }
        return new Arguments(
                protocol, hostIp, hostPort, containerIp, containerPort, useListenFd, controlFd, version, help);
    }

    private static int number(String name, String value) throws UsageException {
        try {
            return Integer.parseInt(value);
        } catch (NumberFormatException e) {
            throw new UsageException("invalid value \"" + value + "\" for flag -" + name + ": parse error");
        }
    }

    /** Where to listen. */
    InetSocketAddress host() {
        return address(hostIp.isEmpty() ? "0.0.0.0" : hostIp, hostPort);
    }

    /** Where to forward to. */
    InetSocketAddress container() {
        return address(containerIp, containerPort);
    }

    private static InetSocketAddress address(String ip, int port) {
        return new InetSocketAddress(InetAddress.ofLiteral(ip), port);
    }
}
