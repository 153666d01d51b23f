package io.drydock.docker.cli.container;

import io.drydock.docker.cli.format.ListFormat;
import io.drydock.docker.cli.format.Row;
import io.drydock.docker.cli.format.Text;
import io.drydock.docker.cli.http.Answer;
import io.drydock.docker.cli.http.Request;
import io.drydock.docker.cli.json.Json;
import io.drydock.docker.cli.session.Api;
import io.drydock.docker.cli.session.Cli;
import io.drydock.docker.cli.session.CliException;
import io.drydock.docker.cli.session.Command;
import io.drydock.docker.cli.session.JsonLines;
import io.drydock.flags.FlagSet;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** {@code docker stats}. */
public final class StatsCommand implements Command {
    private static final String TABLE =
            "{{.ID}}\t{{.Name}}\t{{.CPUPerc}}\t{{.MemUsage}}\t{{.MemPerc}}\t{{.NetIO}}" + "\t{{.BlockIO}}\t{{.PIDs}}";
    private static final int MILLISECONDS_BETWEEN = 500;

    @Override
    public Arity arity() {
        return Arity.ANY;
    }

    @Override
    public int run(Cli cli, FlagSet flags, List<String> arguments) throws IOException, CliException {
        String format = flags.text("format");
        if (format.isEmpty()) {
            format = cli.config().text("statsFormat");
        }
        ListFormat list = ListFormat.of(format, TABLE, "");
        boolean stream = !flags.bool("no-stream");
        boolean truncate = !flags.bool("no-trunc");
        Map<String, StatsFeed> feeds = new LinkedHashMap<>();
        var over = new CountDownLatch(1);
        if (arguments.isEmpty()) {
            boolean all = flags.bool("all");
            if (stream) {
                watch(cli, feeds, all, over);
            }
            for (Object container :
                    Api.array(cli, Request.get("/containers/json").queryIf(all, "all", "1"))) {
                add(cli, feeds, Text.shortId(Json.text(container, "Id")), stream);
            }
        } else {
            for (String name : arguments) {
                add(cli, feeds, name, stream);
            }
        }
        for (StatsFeed feed : now(feeds)) {
            feed.awaitFirst();
        }
        if (!arguments.isEmpty()) {
            refuse(feeds);
        }
        if (!stream) {
            if (!feeds.isEmpty()) {
                cli.print(render(list, feeds, truncate));
            }
            return 0;
        }
        try {
            while (!over.await(MILLISECONDS_BETWEEN, TimeUnit.MILLISECONDS)) {
                // first as it is, then over it with what clears the ends of the lines: so does the original
                String frame = "\u001b[H" + render(list, feeds, truncate);
                cli.print(frame + frame.replace("\n", " \u001b[K\n") + " \u001b[K\n\u001b[J");
                cli.streams().out().flush();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return 0;
    }

    private static List<StatsFeed> now(Map<String, StatsFeed> feeds) {
        synchronized (feeds) {
            return List.copyOf(feeds.values());
        }
    }

    private static void add(Cli cli, Map<String, StatsFeed> feeds, String container, boolean stream) {
        synchronized (feeds) {
            if (!feeds.containsKey(container)) {
                var feed = new StatsFeed(cli, container, stream);
                feeds.put(container, feed);
                feed.start();
            }
        }
    }

    private static void refuse(Map<String, StatsFeed> feeds) throws CliException {
        var failures = new ArrayList<String>();
        for (StatsFeed feed : now(feeds)) {
            String failure = feed.failure();
            if (failure != null) {
                failures.add(failure);
            }
        }
        if (!failures.isEmpty()) {
            throw new CliException(String.join("\n", failures));
        }
    }

    /** Follows which containers come and go; the command is over when the engine ends the stream. */
    private static void watch(Cli cli, Map<String, StatsFeed> feeds, boolean all, CountDownLatch over)
            throws IOException {
        Answer events = cli.engine().send(Request.get("/events").query("filters", "{\"type\":{\"container\":true}}"));
        Attachment.start("containers that come and go", () -> {
            try (events) {
                var lines = new JsonLines(events.body());
                for (var event = lines.next(); event != null; event = lines.next()) {
                    String action = Json.text(event, "Action");
                    String id = Text.shortId(Json.text(event, "Actor", "ID"));
                    if (action.equals("start") || all && action.equals("create")) {
                        add(cli, feeds, id, true);
                    } else if (action.equals("destroy") || !all && action.equals("die")) {
                        synchronized (feeds) {
                            feeds.remove(id);
                        }
                    }
                }
            } catch (IOException e) {
                // the engine is gone: so is what there was to show
                over.countDown();
            }
            over.countDown();
        });
    }

    private static String render(ListFormat list, Map<String, StatsFeed> feeds, boolean truncate) throws CliException {
        var rows = new ArrayList<Row>();
        for (StatsFeed feed : now(feeds)) {
            rows.add(feed.sample().row(truncate));
        }
        return list.render(
                rows,
                Map.of(
                        "Container", "CONTAINER",
                        "Name", "NAME",
                        "ID", "CONTAINER ID",
                        "CPUPerc", "CPU %",
                        "MemUsage", "MEM USAGE / LIMIT",
                        "MemPerc", "MEM %",
                        "NetIO", "NET I/O",
                        "BlockIO", "BLOCK I/O",
                        "PIDs", "PIDS"));
    }
}
