package io.drydock.docker.cli.image;

import io.drydock.docker.cli.format.ListFormat;
import io.drydock.docker.cli.format.Row;
import io.drydock.docker.cli.format.Text;
import io.drydock.docker.cli.format.Times;
import io.drydock.docker.cli.format.Units;
import io.drydock.docker.cli.http.Request;
import io.drydock.docker.cli.json.Json;
import io.drydock.docker.cli.session.Api;
import io.drydock.docker.cli.session.Cli;
import io.drydock.docker.cli.session.CliException;
import io.drydock.docker.cli.session.Command;
import io.drydock.docker.cli.session.Filters;
import io.drydock.docker.cli.session.Terminal;
import io.drydock.flags.FlagSet;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** {@code docker images}. */
public final class ImagesCommand implements Command {
    private static final String TABLE = "{{.Repository}}\t{{.Tag}}\t{{.ID}}\t{{.CreatedSince}}\t{{.Size}}";
    private static final String DIGESTS =
            "{{.Repository}}\t{{.Tag}}\t{{.Digest}}\t{{.ID}}\t{{.CreatedSince}}\t{{.Size}}";
    private static final String RAW = "repository: {{.Repository}}\ntag: {{.Tag}}\nimage_id: {{.ID}}\n"
            + "created_at: {{.CreatedAt}}\nvirtual_size: {{.Size}}\n";

    @Override
    public Arity arity() {
        return Arity.between(0, 1);
    }

    @Override
    public int run(Cli cli, FlagSet flags, List<String> arguments) throws IOException, CliException {
        if (flags.bool("tree")) {
            return tree(cli, flags, arguments);
        }
        boolean quiet = flags.bool("quiet");
        String format = flags.text("format");
        if (format.isEmpty() && !quiet) {
            format = cli.config().text("imagesFormat");
        }
        ListFormat list = quiet && (format.isEmpty() || format.equals("table"))
                ? ListFormat.of("{{.ID}}", "", "")
                : ListFormat.of(format, flags.bool("digests") ? DIGESTS : TABLE, RAW);
        List<Object> images = images(cli, request(flags, arguments));
        boolean digests = flags.bool("digests") || list.mentions(".Digest");
        var rows = new ArrayList<Row>();
        for (Object image : images) {
            rows(rows, Json.map(image), !flags.bool("no-trunc"), digests);
        }
        cli.print(list.render(rows, headers()));
        return 0;
    }

    private static Request request(FlagSet flags, List<String> arguments) throws CliException {
        Map<String, Map<String, Boolean>> filters = Filters.parse(flags.list("filter"));
        if (!arguments.isEmpty()) {
            filters.computeIfAbsent("reference", n -> new LinkedHashMap<>()).put(arguments.getFirst(), true);
        }
        return Request.get("/images/json")
                .queryIf(flags.bool("all"), "all", "1")
                .queryIf(!filters.isEmpty(), "filters", Json.write(filters));
    }

    /** The newest first. */
    private static List<Object> images(Cli cli, Request request) throws IOException {
        var images = new ArrayList<>(Api.array(cli, request));
        images.sort((a, b) -> Long.compare(Json.number(b, "Created"), Json.number(a, "Created")));
        return images;
    }

    private static int tree(Cli cli, FlagSet flags, List<String> arguments) throws IOException, CliException {
        for (String flag : List.of("quiet", "no-trunc", "digests", "format")) {
            if (flag.equals("format") ? !flags.text(flag).isEmpty() : flags.bool(flag)) {
                throw new CliException(
                        "--" + (flag.equals("digests") ? "show-digest" : flag) + " is not yet supported with --tree");
            }
        }
        boolean terminal = cli.streams().outTerminal();
        List<Object> images = images(cli, request(flags, arguments).query("manifests", "1"));
        cli.print(new ImageTree(terminal, terminal ? Terminal.size()[1] : 0).render(images, flags.bool("all")));
        return 0;
    }

    /** A row for each tag; with digests, one for each pair of tag and digest of a repository. */
    private static void rows(List<Row> rows, Map<String, Object> image, boolean truncate, boolean digests)
            throws CliException {
        Map<String, List<String>> tags = byRepository(image, "RepoTags");
        Map<String, List<String>> sums = byRepository(image, "RepoDigests");
        var repositories = new ArrayList<>(tags.keySet());
        sums.keySet().stream().filter(r -> !tags.containsKey(r)).forEach(repositories::add);
        if (repositories.isEmpty()) {
            rows.add(row(image, "<none>", "<none>", "<none>", truncate));
        }
        for (String repository : repositories) {
            List<String> here = tags.getOrDefault(repository, List.of());
            List<String> of = sums.getOrDefault(repository, List.of());
            if (here.isEmpty()) {
                for (String digest : digests ? of : of.subList(0, 1)) {
                    rows.add(row(image, repository, "<none>", digest, truncate));
                }
                continue;
            }
            for (String tag : here) {
                if (!digests || of.isEmpty()) {
                    rows.add(row(image, repository, tag, "<none>", truncate));
                } else {
                    for (String digest : of) {
                        rows.add(row(image, repository, tag, digest, truncate));
                    }
                }
            }
        }
    }

    private static Map<String, List<String>> byRepository(Map<String, Object> image, String member)
            throws CliException {
        var found = new LinkedHashMap<String, List<String>>();
        for (Object name : Json.list(image.get(member))) {
            String text = name.toString();
            if (text.equals("<none>:<none>") || text.equals("<none>@<none>")) {
                continue;
            }
            Reference reference = Reference.parse(text);
            found.computeIfAbsent(reference.familiarName(), n -> new ArrayList<>())
                    .add(member.equals("RepoTags") ? reference.tag() : reference.digest());
        }
        return found;
    }

    private static Row row(Map<String, Object> image, String repository, String tag, String digest, boolean truncate) {
        String id = Json.text(image, "Id");
        long created = Json.number(image, "Created");
        return new Row("*formatter.imageContext")
                .with(
                        "Containers",
                        () -> Json.number(image, "Containers") == -1 ? "N/A" : Json.number(image, "Containers") + "")
                .with("CreatedAt", () -> Times.local(Instant.ofEpochSecond(created)))
                .with(
                        "CreatedSince",
                        () -> created <= 0
                                ? "N/A"
                                : Units.duration((System.currentTimeMillis() - created * 1000) * 1_000_000L) + " ago")
                .with("Digest", digest)
                .with("ID", truncate ? Text.shortId(id) : id)
                .with("Repository", repository)
                .with("SharedSize", () -> shared(image, "SharedSize"))
                .with("Size", () -> Units.size(Json.number(image, "Size")))
                .with("Tag", tag)
                .with("UniqueSize", () -> "N/A")
                .with("VirtualSize", () -> Units.preciseSize(Json.number(image, "Size")));
    }

    private static String shared(Map<String, Object> image, String member) {
        long n = Json.number(image, member);
        return n < 0 ? "N/A" : Units.size(n);
    }

    private static Map<String, String> headers() {
        var h = new LinkedHashMap<String, String>();
        h.put("ID", "IMAGE ID");
        h.put("Repository", "REPOSITORY");
        h.put("Tag", "TAG");
        h.put("Digest", "DIGEST");
        h.put("CreatedSince", "CREATED");
        h.put("CreatedAt", "CREATED AT");
        h.put("Size", "SIZE");
        h.put("Containers", "CONTAINERS");
        h.put("VirtualSize", "SIZE");
        h.put("SharedSize", "SHARED SIZE");
        h.put("UniqueSize", "UNIQUE SIZE");
        return h;
    }
}
