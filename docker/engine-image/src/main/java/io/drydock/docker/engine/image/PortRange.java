package io.drydock.docker.engine.image;

import io.drydock.spec.engine.EngineException;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.IntStream;

/** Ports as EXPOSE has them: {@code 80}, {@code 80/udp}, {@code 8000-8003/tcp}. */
final class PortRange {
    private static final Set<String> PROTOCOLS = Set.of("tcp", "udp", "sctp");

    private PortRange() {}

    /** Each port with its protocol. */
    static List<String> of(String text) {
        int slash = text.indexOf('/');
        String protocol = slash < 0 ? "tcp" : text.substring(slash + 1).toLowerCase(Locale.ROOT);
        String ports = slash < 0 ? text : text.substring(0, slash);
        int dash = ports.indexOf('-');
        if (!PROTOCOLS.contains(protocol)) {
            throw EngineException.invalid("invalid proto: " + protocol);
        }
        int first = number(dash < 0 ? ports : ports.substring(0, dash), text);
        int last = dash < 0 ? first : number(ports.substring(dash + 1), text);
        if (last < first) {
            throw EngineException.invalid("invalid containerPort: " + ports);
        }
        return IntStream.rangeClosed(first, last)
                .mapToObj(port -> port + "/" + protocol)
                .toList();
    }

    private static int number(String text, String whole) {
        try {
            int port = Integer.parseInt(text);
            if (port >= 0 && port <= 65535) {
                return port;
            }
        } catch (NumberFormatException e) {
            throw EngineException.invalid("invalid containerPort: " + whole);
        }
        throw EngineException.invalid("invalid containerPort: " + whole);
    }
}
