package io.drydock.docker.engine.container;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/**
 * The environment variables by which a container knows one that it is linked to as {@code db}, which exposes port 5432 and has
 * the variable {@code LANG} itself:
 *
 * <pre>
 *   DB_PORT=tcp://172.17.0.2:5432        DB_PORT_5432_TCP=tcp://172.17.0.2:5432
 *   DB_PORT_5432_TCP_ADDR=172.17.0.2     DB_PORT_5432_TCP_PORT=5432     DB_PORT_5432_TCP_PROTO=tcp
 *   DB_NAME=/owner/db                    DB_ENV_LANG=C
 * </pre>
 *
 * Three ports or more that follow each other are told once more by their first and last.
 */
final class LinkVariables {
    private static final Comparator<Port> ORDER = Comparator.comparingInt(Port::number)
            .thenComparing(port -> !port.protocol().equals("tcp"));

    private final String prefix;
    private final String address;
    private final List<String> variables = new ArrayList<>();

    private record Port(int number, String protocol) {
        static Port parse(String text) {
            int slash = text.indexOf('/');
            return new Port(
                    Integer.parseInt(slash < 0 ? text : text.substring(0, slash)),
                    slash < 0 ? "tcp" : text.substring(slash + 1));
        }
    }

    private LinkVariables(Links.Link link) {
        this.prefix = link.alias().replace('-', '_').toUpperCase(Locale.ROOT);
        this.address = link.address();
    }

    /** The variables of all links. */
    static List<String> of(List<Links.Link> links) {
        return links.stream().flatMap(link -> of(link).stream()).toList();
    }

    private static List<String> of(Links.Link link) {
        var variables = new LinkVariables(link);
        var config = link.definition().config();
        variables.ports(config.exposedPorts().keySet().stream()
                .filter(key -> Character.isDigit(key.charAt(0)) && key.indexOf('-') < 0)
                .map(Port::parse)
                .sorted(ORDER)
                .toList());
        variables.set("_NAME", link.name());
        for (String entry : config.env()) {
            int equals = entry.indexOf('=');
            if (equals >= 0 && !entry.startsWith("HOME=") && !entry.startsWith("PATH=")) {
                variables.set("_ENV_" + entry.substring(0, equals), entry.substring(equals + 1));
            }
        }
        return variables.variables;
    }

    private void ports(List<Port> ports) {
        if (ports.isEmpty()) {
            return;
        }
        set("_PORT", url(ports.getFirst()));
        for (int i = 0; i < ports.size(); i++) {
            int last = i;
            while (last + 1 < ports.size()
                    && ports.get(last + 1).number() == ports.get(last).number() + 1) {
                last++;
            }
            if (last - i >= 2) {
                range(ports.get(i), ports.get(last));
            }
            i = last;
        }
        for (var port : ports) {
            var name = name(port);
            set(name, url(port));
            set(name + "_ADDR", address);
            set(name + "_PORT", Integer.toString(port.number()));
            set(name + "_PROTO", port.protocol());
        }
    }

    private void range(Port first, Port last) {
        var name = name(first);
        set(name + "_START", url(first));
        set(name + "_ADDR", address);
        set(name + "_PROTO", first.protocol());
        set(name + "_PORT_START", Integer.toString(first.number()));
        set(name + "_END", url(last));
        set(name + "_PORT_END", Integer.toString(last.number()));
    }

    private static String name(Port port) {
        return "_PORT_" + port.number() + "_" + port.protocol().toUpperCase(Locale.ROOT);
    }

    private String url(Port port) {
        return port.protocol() + "://" + address + ":" + port.number();
    }

    private void set(String name, String value) {
        variables.add(prefix + name + "=" + value);
    }
}
