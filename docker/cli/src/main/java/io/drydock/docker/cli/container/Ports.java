package io.drydock.docker.cli.container;

import io.drydock.docker.cli.session.CliException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** {@code --publish} and {@code --expose}. */
record Ports(Map<String, Object> exposed, Map<String, Object> bindings) {
    static Ports of(List<String> published, List<String> exposed) throws CliException {
        var ports = new Ports(new LinkedHashMap<>(), new LinkedHashMap<>());
        for (String text : published) {
            ports.publish(text.indexOf('=') >= 0 ? longForm(text) : text);
        }
        for (String text : exposed) {
            if (text.indexOf(':') >= 0) {
                throw new CliException("invalid port format for --expose: " + text);
            }
            String protocol = protocol(text);
            long[] range;
            try {
                range = range(withoutProtocol(text));
            } catch (CliException e) {
                throw new CliException("invalid range format for --expose: " + text + ", error: " + e.getMessage());
            }
            for (long port = range[0]; port <= range[1]; port++) {
                ports.exposed.put(port + "/" + protocol, Map.of());
            }
        }
        return ports;
    }

    private static String longForm(String text) throws CliException {
        String target = "";
        String published = "";
        String protocol = "tcp";
        for (String field : text.split(",")) {
            int equals = field.indexOf('=');
            String value = equals < 0 ? "" : field.substring(equals + 1);
            switch (equals < 0 ? field : field.substring(0, equals)) {
                case "target" -> target = value;
                case "published" -> published = value;
                case "protocol" -> protocol = value;
                case "mode" -> {}
                default -> throw new CliException("invalid field key: " + field.substring(0, Math.max(equals, 0)));
            }
        }
        return (published.isEmpty() ? "" : published + ":") + target + "/" + protocol;
    }

    private static String protocol(String text) {
        int slash = text.lastIndexOf('/');
        return slash < 0 ? "tcp" : text.substring(slash + 1).toLowerCase();
    }

    private static String withoutProtocol(String text) {
        int slash = text.lastIndexOf('/');
        return slash < 0 ? text : text.substring(0, slash);
    }

    private static long[] range(String text) throws CliException {
        int dash = text.indexOf('-');
        long from = port(dash < 0 ? text : text.substring(0, dash));
        long to = dash < 0 ? from : port(text.substring(dash + 1));
        if (to < from) {
            throw new CliException("invalid range specified for port: " + text);
        }
        return new long[] {from, to};
    }

    private static long port(String text) throws CliException {
        long port = -1;
        try {
            port = Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw new CliException("strconv.ParseUint: parsing \"" + text + "\": invalid syntax");
        }
        if (port < 0 || port > 65535) {
            throw new CliException("strconv.ParseUint: parsing \"" + text + "\": value out of range");
        }
        return port;
    }

    private void publish(String text) throws CliException {
        String protocol = protocol(text);
        String rest = withoutProtocol(text);
        if (!protocol.equals("tcp") && !protocol.equals("udp") && !protocol.equals("sctp")) {
            throw new CliException("invalid proto: " + protocol);
        }
        int colon = rest.lastIndexOf(':');
        String container = colon < 0 ? rest : rest.substring(colon + 1);
        String before = colon < 0 ? "" : rest.substring(0, colon);
        colon = before.lastIndexOf(':');
        String hostPort = colon < 0 ? before : before.substring(colon + 1);
        String ip = colon < 0 ? "" : before.substring(0, colon);
        if (ip.startsWith("[") && ip.endsWith("]")) {
            ip = ip.substring(1, ip.length() - 1);
        }
        if (!ip.isEmpty() && !isIp(ip)) {
            throw new CliException("invalid IP address: " + ip);
        }
        if (container.isEmpty()) {
            throw new CliException("no port specified: " + text + "<empty>");
        }
        long[] inside;
        long[] outside = {0, 0};
        try {
            inside = range(container);
        } catch (CliException e) {
            throw new CliException("invalid containerPort: " + container);
        }
        if (!hostPort.isEmpty()) {
            try {
                outside = range(hostPort);
            } catch (CliException e) {
                throw new CliException("invalid hostPort: " + hostPort);
            }
        }
        long count = inside[1] - inside[0];
        boolean anyOf = !hostPort.isEmpty() && outside[1] - outside[0] != count;
        if (anyOf && count != 0) {
            throw new CliException(
                    "invalid ranges specified for container and host Ports: " + container + " and " + hostPort);
        }
        for (long i = 0; i <= count; i++) {
            String port = (inside[0] + i) + "/" + protocol;
            String host =
                    hostPort.isEmpty() ? "" : anyOf ? outside[0] + "-" + outside[1] : String.valueOf(outside[0] + i);
            exposed.put(port, Map.of());
            binding(port).add(Map.of("HostIp", ip, "HostPort", host));
        }
    }

    @SuppressWarnings("unchecked")
    private List<Object> binding(String port) {
        return (List<Object>) bindings.computeIfAbsent(port, p -> new ArrayList<>());
    }

    private static boolean isIp(String text) {
        if (text.indexOf(':') >= 0) {
            for (int i = 0; i < text.length(); i++) {
                if (Character.digit(text.charAt(i), 16) < 0 && ":.%".indexOf(text.charAt(i)) < 0) {
                    return false;
                }
            }
            return text.contains("::") || text.chars().filter(c -> c == ':').count() == 7;
        }
        String[] parts = text.split("\\.", -1);
        if (parts.length != 4) {
            return false;
        }
        for (String part : parts) {
            if (part.isEmpty()
                    || part.length() > 3
                    || !part.chars().allMatch(Character::isDigit)
                    || Integer.parseInt(part) > 255) {
                return false;
            }
        }
        return true;
    }
}
