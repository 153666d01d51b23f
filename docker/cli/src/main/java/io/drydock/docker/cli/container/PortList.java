package io.drydock.docker.cli.container;

import io.drydock.docker.cli.json.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Ports of a container in one cell: {@code 0.0.0.0:8080->80/tcp}, runs of neighbours as ranges. */
final class PortList {
    private PortList() {}

    /** Compared by hand: the JDK's own comparators are spun anew at each start. */
    private record Port(String ip, long inside, long outside, String type) implements Comparable<Port> {
        @Override
        public int compareTo(Port other) {
            if (inside != other.inside) {
                return Long.compare(inside, other.inside);
            }
            int byAddress = ip.compareTo(other.ip);
            if (byAddress != 0) {
                return byAddress;
            }
            return outside != other.outside ? Long.compare(outside, other.outside) : type.compareTo(other.type);
        }
    }

    private static final class Run {
        long first;
        long last;

        Run(long port) {
            first = port;
            last = port;
        }
    }

    static String display(List<Object> ports) {
        var all = new ArrayList<Port>();
        for (Object p : ports) {
            all.add(new Port(
                    Json.text(p, "IP"),
                    Json.number(p, "PrivatePort"),
                    Json.number(p, "PublicPort"),
                    Json.text(p, "Type")));
        }
        all.sort(null);
        var out = new ArrayList<String>();
        var mapped = new ArrayList<String>();
        Map<String, Run> runs = new LinkedHashMap<>();
        for (Port port : all) {
            String key = port.type;
            if (!port.ip.isEmpty()) {
                if (port.outside != port.inside) {
                    mapped.add(hostPort(port.ip, port.outside + "") + "->" + port.inside + "/" + port.type);
                    continue;
                }
                key = port.ip + "/" + port.type;
            }
            Run run = runs.get(key);
            if (run == null) {
                runs.put(key, new Run(port.inside));
            } else if (port.inside == run.last + 1) {
                run.last = port.inside;
            } else if (port.inside != run.last) {
                out.add(text(key, run));
                runs.put(key, new Run(port.inside));
            }
        }
        runs.forEach((key, run) -> out.add(text(key, run)));
        out.addAll(mapped);
        return String.join(", ", out);
    }

    private static String hostPort(String ip, String port) {
        return (ip.indexOf(':') >= 0 ? "[" + ip + "]" : ip) + ":" + port;
    }

    private static String text(String key, Run run) {
        int slash = key.lastIndexOf('/');
        String type = key.substring(slash + 1);
        String range = run.first == run.last ? run.first + "" : run.first + "-" + run.last;
        String inside = range + "/" + type;
        return slash < 0 ? inside : hostPort(key.substring(0, slash), range) + "->" + inside;
    }
}
