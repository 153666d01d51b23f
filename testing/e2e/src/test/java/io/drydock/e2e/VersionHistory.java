package io.drydock.e2e;

import io.avaje.jsonb.Jsonb;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What the history of the API's versions says of members of answers: which came with a version, and which were the last time in
 * one. Everything else is as the description of the newest version says.
 */
final class VersionHistory {
    /** The first and the last version, and each at which a member comes or goes. */
    static final List<Integer> VERSIONS = List.of(24, 41, 42, 43, 44, 45, 46, 47, 48, 49, 50, 51, 52, 55);

    private static final List<Row> ROWS = List.of(
            since(52, "GET /containers/json", "[].Health"),
            until(41, "GET /containers/{id}/json", "HostConfig.KernelMemory"),
            since(44, "GET /containers/{id}/json", "NetworkSettings.Networks.bridge.DNSNames"),
            since(48, "GET /containers/{id}/json", "NetworkSettings.Networks.bridge.GwPriority"),
            until(51, "GET /containers/{id}/json", "NetworkSettings.Bridge"),
            until(51, "GET /containers/{id}/json", "NetworkSettings.IPAddress"),
            until(51, "GET /containers/{id}/json", "NetworkSettings.MacAddress"),
            until(51, "GET /containers/{id}/json", "NetworkSettings.SecondaryIPAddresses"),
            until(43, "GET /images/json", "[].VirtualSize"),
            since(48, "GET /images/json", "[].Descriptor"),
            until(43, "GET /images/{name}/json", "VirtualSize"),
            until(44, "GET /images/{name}/json", "Container"),
            until(44, "GET /images/{name}/json", "ContainerConfig.Hostname"),
            since(48, "GET /images/{name}/json", "Descriptor"),
            until(49, "GET /images/{name}/json", "Config.Hostname"),
            until(49, "GET /images/{name}/json", "Config.AttachStdin"),
            until(51, "GET /images/{name}/json", "Parent"),
            until(51, "GET /images/{name}/json", "DockerVersion"),
            until(51, "GET /images/{name}/json", "Config.OnBuild"),
            since(46, "GET /info", "Containerd"),
            until(46, "GET /info", "RegistryConfig.AllowNondistributableArtifactsCIDRs"),
            since(49, "GET /info", "FirewallBackend"),
            until(48, "GET /info", "RuncCommit.Expected"),
            until(49, "GET /info", "BridgeNfIptables"),
            until(41, "GET /system/df", "BuilderSize"),
            until(43, "GET /system/df", "Images.[].VirtualSize"),
            since(52, "GET /system/df", "Containers.[].Health"),
            since(52, "GET /system/df", "ImageUsage"),
            until(51, "GET /networks", "[].Containers"),
            until(51, "GET /events", "status"),
            until(51, "GET /events", "from"));

    /** Members that older versions had beside those of the table: the default bridge's, the legacy lists of df. */
    private static final Pattern OLDER =
            Pattern.compile("NetworkSettings: \\w+ is not described|ContainerConfig|KernelMemoryTCP is not described"
                    + "|AllowNondistributable\\w+ is not described|BridgeNfIp6tables is not described"
                    + "|GET /system/df 200: \\w+ is not described|GET /events 200: id is not described"
                    + "|Config: \\w+ is not described");

    private record Row(String operation, String member, int first, int last) {
        String name() {
            return member.substring(member.lastIndexOf('.') + 1);
        }
    }

    private VersionHistory() {}

    private static Row since(int version, String operation, String member) {
        return new Row(operation, member, version, Integer.MAX_VALUE);
    }

    private static Row until(int version, String operation, String member) {
        return new Row(operation, member, 0, version);
    }

    /** Operations of whose answers something is known. */
    static Set<String> operations() {
        return ROWS.stream().map(Row::operation).collect(Collectors.toCollection(TreeSet::new));
    }

    /** How to get an answer. */
    @FunctionalInterface
    interface Engine {
        String get(int version) throws IOException;
    }

    /** What is wrong with the answers of an operation in all versions. */
    static List<String> problems(ApiDescription description, String operation, Engine engine) throws IOException {
        var problems = new ArrayList<String>();
        var rows =
                ROWS.stream().filter(row -> row.operation().equals(operation)).toList();
        for (int version : VERSIONS) {
            String answer = engine.get(version);
            var json = Jsonb.instance().type(Object.class).fromJson(answer);
            for (Row row : rows) {
                boolean expected = version >= row.first() && version <= row.last();
                if (has(json, List.of(row.member().split("\\."))) != expected) {
                    problems.add("1." + version + " " + operation + ": " + row.member()
                            + (expected ? " is missing in " : " is there: ") + answer);
                }
            }
            var gone = rows.stream()
                    .filter(row -> row.last() < Integer.MAX_VALUE)
                    .map(Row::name)
                    .collect(Collectors.toSet());
            // without "verbose" df has the older lists beside the newer ones
            boolean newest = version >= 52 && !operation.equals("GET /system/df");
            description.problems(operation, 200, answer).stream()
                    .filter(problem ->
                            gone.stream().noneMatch(name -> problem.endsWith(": " + name + " is not described")))
                    .filter(problem -> newest || !OLDER.matcher(problem).find())
                    .forEach(problem -> problems.add("1." + version + " " + problem));
        }
        return problems;
    }

    private static boolean has(@Nullable Object value, List<String> path) {
        if (path.isEmpty()) {
            return true;
        }
        return switch (value) {
            case List<?> list
            when path.getFirst().equals("[]") ->
                list.stream().anyMatch(element -> has(element, path.subList(1, path.size())));
            case Map<?, ?> map
            when map.containsKey(path.getFirst()) -> has(map.get(path.getFirst()), path.subList(1, path.size()));
            case null, default -> false;
        };
    }
}
