package io.drydock.runc.cli;

import io.avaje.jsonb.Jsonb;
import io.drydock.runc.runtime.Container;
import io.drydock.runc.runtime.ContainerState;
import io.drydock.runc.runtime.Containers;
import io.drydock.runc.runtime.RuntimeFailure;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Commands that do one thing to an existing container. */
final class SmallCommands {
    private static final String JSON_FORMAT = "json";

    private final Containers containers;
    private final Containers.Config config;
    private final PrintStream out;

    SmallCommands(Containers containers, Containers.Config config, PrintStream out) {
        this.containers = containers;
        this.config = config;
        this.out = out;
    }

    int run(String name, List<String> words) throws UsageException, IOException {
        switch (name) {
            case "start" -> start(load(only(name, CommandLine.parse(words))));
            case "state" -> state(only(name, CommandLine.parse(words)));
            case "kill" -> kill(CommandLine.parse(words, "all,a"));
            case "delete" -> delete(CommandLine.parse(words, "force,f"));
            case "pause" -> load(only(name, CommandLine.parse(words))).pause();
            case "resume" -> load(only(name, CommandLine.parse(words))).resume();
            case "ps" -> ps(CommandLine.parseToFirstArgument(words, "format,f="));
            default -> list(CommandLine.parse(words, "format,f=", "quiet,q"));
        }
        return 0;
    }

    private void start(Container container) throws IOException {
        Path state = config.root().resolve(container.id());
        boolean notifies = Files.isDirectory(state.resolve("notify"));
        try (NotifySocket notify = notifies ? NotifySocket.open(config.linux(), state, config.warnings()) : null) {
            container.start();
            if (notify != null) {
                notify.relay(container.init(), container.init().pid());
            }
        }
    }

    private static String only(String command, CommandLine line) throws UsageException {
        if (line.arguments().size() != 1) {
            throw new UsageException("runc: \"" + command + "\" requires exactly 1 argument(s)");
        }
        return line.arguments().getFirst();
    }

    private static String first(String command, CommandLine line) throws UsageException {
        if (line.arguments().isEmpty()) {
            throw new UsageException("runc: \"" + command + "\" requires a minimum of 1 argument(s)");
        }
        return line.arguments().getFirst();
    }

    private Container load(String id) throws RuntimeFailure {
        return containers.load(id);
    }

    private void state(String id) throws RuntimeFailure {
        out.println(pretty(describe(load(id).state())));
    }

    private static String pretty(Map<String, Object> value) {
        return Jsonb.instance().type(Object.class).toJsonPretty(value);
    }

    private static Map<String, Object> describe(ContainerState state) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("ociVersion", state.ociVersion());
        json.put("id", state.id());
        json.put("pid", state.pid());
        json.put("status", state.status().word());
        json.put("bundle", state.bundle().toString());
        json.put("rootfs", state.rootfs().toString());
        json.put("created", state.created().toString());
        if (!state.annotations().isEmpty()) {
            json.put("annotations", state.annotations());
        }
        json.put("owner", state.owner() == 0 ? "" : Integer.toString(state.owner()));
        return json;
    }

    private void kill(CommandLine line) throws UsageException, RuntimeFailure {
        Container container = load(first("kill", line));
        String word = line.arguments().size() > 1 ? line.arguments().get(1) : "SIGTERM";
        int signal = Signals.number(word);
        if (line.has("all")) {
            container.killAll(signal);
        } else {
            container.kill(signal);
        }
    }

    private void delete(CommandLine line) throws UsageException, RuntimeFailure {
        boolean force = line.has("force");
        try {
            load(only("delete", line)).delete(force);
        } catch (RuntimeFailure e) {
            if (!force || e.kind() != RuntimeFailure.Kind.NOT_FOUND) {
                throw e;
            }
        }
    }

    private void ps(CommandLine line) throws UsageException, IOException {
        List<Integer> pids = load(first("ps", line)).pids();
        if (line.get("format", "table").equals(JSON_FORMAT)) {
            out.println(pids.toString().replace(" ", ""));
            return;
        }
        List<String> command = new ArrayList<>(List.of("ps"));
        List<String> options = line.arguments().subList(1, line.arguments().size());
        command.addAll(options.isEmpty() ? List.of("-ef") : options);
        Process ps = new ProcessBuilder(command).redirectErrorStream(true).start();
        String[] lines =
                new String(ps.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8).split("\n");
        int column = List.of(lines[0].strip().split(" +")).indexOf("PID");
        if (column < 0) {
            throw new IOException("couldn't find PID field in ps output");
        }
        out.println(lines[0]);
        for (int i = 1; i < lines.length; i++) {
            if (pids.contains(Integer.parseInt(lines[i].strip().split(" +")[column]))) {
                out.println(lines[i]);
            }
        }
    }

    private void list(CommandLine line) throws RuntimeFailure {
        List<ContainerState> states = new ArrayList<>();
        for (String id : containers.list()) {
            try (Container container = load(id)) {
                states.add(container.state());
            } catch (RuntimeFailure e) {
                if (e.kind() != RuntimeFailure.Kind.NOT_FOUND) { // deleted just now
                    throw e;
                }
            }
        }
        if (line.has("quiet")) {
            states.forEach(state -> out.println(state.id()));
        } else if (line.get("format", "table").equals(JSON_FORMAT)) {
            out.println(Jsonb.instance()
                    .type(Object.class)
                    .toJson(states.stream().map(SmallCommands::describe).toList()));
        } else {
            table(states);
        }
    }

    private void table(List<ContainerState> states) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("ID", "PID", "STATUS", "BUNDLE", "CREATED", "OWNER"));
        for (ContainerState s : states) {
            rows.add(List.of(
                    s.id(),
                    Integer.toString(s.pid()),
                    s.status().word(),
                    s.bundle().toString(),
                    s.created().toString(),
                    s.owner() == 0 ? "root" : "#" + s.owner()));
        }
        int smallest = 12;
        int gap = 3;
        int[] widths = new int[rows.getFirst().size()];
        for (List<String> row : rows) {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], Math.max(smallest, row.get(i).length() + gap));
            }
        }
        for (List<String> row : rows) {
            StringBuilder text = new StringBuilder();
            for (int i = 0; i < widths.length - 1; i++) {
                text.append(row.get(i)).repeat(' ', widths[i] - row.get(i).length());
            }
            out.println(text.append(row.getLast()));
        }
    }
}
