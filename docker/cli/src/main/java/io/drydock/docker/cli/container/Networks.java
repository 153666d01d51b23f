package io.drydock.docker.cli.container;

import io.drydock.docker.cli.session.CliException;
import io.drydock.flags.FlagException;
import io.drydock.flags.FlagSet;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** {@code --network}, {@code --network-alias}, {@code --ip} and their like. */
record Networks(String mode, Map<String, Object> endpoints) {
    static Networks of(FlagSet flags) throws CliException {
        var given = new ArrayList<String>(flags.list("network"));
        given.addAll(flags.list("net"));
        var aliases = new ArrayList<String>(flags.list("network-alias"));
        aliases.addAll(flags.list("net-alias"));
        var endpoints = new LinkedHashMap<String, Object>();
        String mode = "";
        if (given.isEmpty()) {
            given.add("default");
        }
        for (String text : given) {
            Map<String, Object> endpoint = new LinkedHashMap<>();
            String name = text.contains("=") ? longForm(text, endpoint) : text;
            boolean first = mode.isEmpty();
            if (first) {
                mode = name;
                fromFlags(flags, aliases, endpoint);
            }
            if (endpoints.containsKey(name)) {
                throw new CliException("network " + "\"" + name + "\" is specified multiple times");
            }
            boolean special = name.equals("host") || name.equals("none") || name.startsWith("container:");
            if (given.size() > 1 && special) {
                throw new CliException(
                        "conflicting options: cannot attach both user-defined and non-user-defined " + "network-modes");
            }
            if (!endpoint.isEmpty() || given.size() > 1 || !special && !name.equals("default")) {
                endpoints.put(name, endpoint);
            }
        }
        return new Networks(mode, endpoints);
    }

    private static void fromFlags(FlagSet flags, List<String> aliases, Map<String, Object> endpoint) {
        if (!aliases.isEmpty()) {
            endpoint.put("Aliases", List.copyOf(aliases));
        }
        var ipam = new LinkedHashMap<String, Object>();
        if (flags.changed("ip")) {
            ipam.put("IPv4Address", flags.text("ip"));
        }
        if (flags.changed("ip6")) {
            ipam.put("IPv6Address", flags.text("ip6"));
        }
        if (flags.changed("link-local-ip")) {
            ipam.put("LinkLocalIPs", List.copyOf(flags.list("link-local-ip")));
        }
        if (!ipam.isEmpty()) {
            endpoint.put("IPAMConfig", ipam);
        }
        if (flags.changed("mac-address")) {
            endpoint.put("MacAddress", flags.text("mac-address"));
        }
    }

    private static String longForm(String text, Map<String, Object> endpoint) throws CliException {
        String name = "";
        var aliases = new ArrayList<String>();
        var options = new LinkedHashMap<String, String>();
        var ipam = new LinkedHashMap<String, Object>();
        List<String> fields;
        try {
            fields = MountSpecs.fields(text);
        } catch (FlagException e) {
            throw new CliException(String.valueOf(e.getMessage()));
        }
        for (String field : fields) {
            int equals = field.indexOf('=');
            String value = equals < 0 ? "" : field.substring(equals + 1).strip();
            switch (equals < 0 ? "" : field.substring(0, equals).strip().toLowerCase()) {
                case "name" -> name = value;
                case "alias" -> aliases.add(value);
                case "driver-opt" -> CreateOptions.pair(options, value);
                case "ip" -> ipam.put("IPv4Address", value);
                case "ip6" -> ipam.put("IPv6Address", value);
                case "mac-address" -> endpoint.put("MacAddress", value);
                case "gw-priority" -> endpoint.put("GwPriority", Long.parseLong(value));
                default -> throw new CliException("invalid field " + field);
            }
        }
        if (!aliases.isEmpty()) {
            endpoint.put("Aliases", aliases);
        }
        if (!options.isEmpty()) {
            endpoint.put("DriverOpts", options);
        }
        if (!ipam.isEmpty()) {
            endpoint.put("IPAMConfig", ipam);
        }
        return name;
    }
}
