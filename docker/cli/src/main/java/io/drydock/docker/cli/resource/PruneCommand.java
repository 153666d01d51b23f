package io.drydock.docker.cli.resource;

import io.drydock.docker.cli.format.Units;
import io.drydock.docker.cli.http.Request;
import io.drydock.docker.cli.json.Json;
import io.drydock.docker.cli.session.Api;
import io.drydock.docker.cli.session.Cli;
import io.drydock.docker.cli.session.CliException;
import io.drydock.docker.cli.session.Command;
import io.drydock.docker.cli.session.Confirm;
import io.drydock.docker.cli.session.Filters;
import io.drydock.flags.FlagSet;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** {@code docker container|image|volume|network prune}; {@code kind} is the path's first word. */
public record PruneCommand(String kind) implements Command {
    @Override
    public Arity arity() {
        return Arity.NONE;
    }

    @Override
    public int run(Cli cli, FlagSet flags, List<String> arguments) throws IOException, CliException {
        boolean all = flags.has("all") && flags.bool("all");
        if (!flags.bool("force")) {
            Confirm.ask(
                    cli, warning(all || kind.equals("volumes") && !cli.engine().atLeast("1.42")));
        }
        Map<String, Map<String, Boolean>> filters = Filters.parse(flags.list("filter"));
        if (kind.equals("images")) {
            filters.put("dangling", Map.of(String.valueOf(!all), true));
        } else if (kind.equals("volumes") && all) {
            if (filters.containsKey("all")) {
                throw new CliException("conflicting options: cannot specify both --all and --filter all=1");
            }
            filters.computeIfAbsent("all", n -> new LinkedHashMap<>()).put("true", true);
        }
        Result result = prune(cli, kind, filters);
        cli.print(result.text());
        if (!kind.equals("networks")) {
            cli.println("Total reclaimed space: " + Units.size(result.reclaimed()));
        }
        return 0;
    }

    private String warning(boolean all) {
        return switch (kind) {
            case "containers" -> "WARNING! This will remove all stopped containers.";
            case "images" ->
                all
                        ? "WARNING! This will remove all images without at least one container associated to them."
                        : "WARNING! This will remove all dangling images.";
            case "volumes" ->
                all
                        ? "WARNING! This will remove all local volumes not used by at least one container."
                        : "WARNING! This will remove anonymous local volumes not used by at least one container.";
            default -> "WARNING! This will remove all custom networks not used by at least one container.";
        };
    }

    /** What was removed, ready to print, and the bytes it took. */
    public record Result(String text, long reclaimed) {}

    /** Has the engine prune one kind of objects. */
    public static Result prune(Cli cli, String kind, Map<String, ?> filters) throws IOException {
        Map<String, Object> answer = Api.object(
                cli, Request.post("/" + kind + "/prune").queryIf(!filters.isEmpty(), "filters", Json.write(filters)));
        var out = new StringBuilder();
        switch (kind) {
            case "containers" -> list(out, "Deleted Containers:", Json.list(answer.get("ContainersDeleted")));
            case "volumes" -> list(out, "Deleted Volumes:", Json.list(answer.get("VolumesDeleted")));
            case "networks" -> list(out, "Deleted Networks:", Json.list(answer.get("NetworksDeleted")));
            default -> images(out, Json.list(answer.get("ImagesDeleted")));
        }
        return new Result(out.toString(), Json.number(answer, "SpaceReclaimed"));
    }

    /** What an engine's answer says was removed, under that title. */
    public static Result result(String title, List<Object> removed, Map<String, Object> answer) {
        var out = new StringBuilder();
        list(out, title, removed);
        return new Result(out.toString(), Json.number(answer, "SpaceReclaimed"));
    }

    private static void list(StringBuilder out, String title, List<Object> names) {
        if (!names.isEmpty()) {
            out.append(title).append('\n');
            names.forEach(name -> out.append(name).append('\n'));
            out.append('\n');
        }
    }

    private static void images(StringBuilder out, List<Object> images) {
        if (images.isEmpty()) {
            return;
        }
        out.append("Deleted Images:\n");
        for (Object image : images) {
            String untagged = Json.text(image, "Untagged");
            out.append(untagged.isEmpty() ? "deleted: " + Json.text(image, "Deleted") : "untagged: " + untagged)
                    .append('\n');
        }
        out.append('\n');
    }
}
