package io.drydock.docker.cli.container;

import io.drydock.docker.cli.format.Row;
import io.drydock.docker.cli.format.Text;
import io.drydock.docker.cli.format.Times;
import io.drydock.docker.cli.format.Units;
import io.drydock.docker.cli.json.Json;
import io.drydock.flags.FlagValues;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What {@code docker ps} shows of a container. */
public final class ContainerRow {
    private ContainerRow() {}

    /** {@code truncate} shortens ids and texts. */
    public static Row of(Map<String, Object> c, boolean truncate) {
        var row = new Row("*formatter.ContainerContext");
        row.with("Command", () -> {
            String command = Json.text(c, "Command");
            return FlagValues.quote(truncate ? Text.ellipsis(command, 20) : command);
        });
        row.with("CreatedAt", () -> Times.local(Instant.ofEpochSecond(Json.number(c, "Created"))));
        row.with("ID", () -> truncate ? Text.shortId(Json.text(c, "Id")) : Json.text(c, "Id"));
        row.with("Image", () -> image(c, truncate));
        row.with("Labels", () -> labels(Json.map(c.get("Labels"))));
        row.with("LocalVolumes", () -> {
            long n = Json.list(c.get("Mounts")).stream()
                    .filter(m -> Json.text(m, "Driver").equals("local"))
                    .count();
            return n + "";
        });
        row.with("Mounts", () -> mounts(c, truncate));
        row.with("Names", () -> names(c, truncate));
        row.with(
                "Networks",
                () -> String.join(",", new TreeMap<>(Json.map(Json.at(c, "NetworkSettings", "Networks"))).keySet()));
        row.with("Platform", () -> null);
        row.with("Ports", () -> PortList.display(Json.list(c.get("Ports"))));
        row.with(
                "RunningFor",
                () -> Units.duration(
                                System.currentTimeMillis() * 1_000_000L - Json.number(c, "Created") * 1_000_000_000L)
                        + " ago");
        row.with("Size", () -> size(c));
        row.with("State", () -> Json.text(c, "State"));
        row.with("Status", () -> Json.text(c, "Status"));
        row.method("Label", name -> Json.text(c.get("Labels"), name));
        return row;
    }

    private static String image(Map<String, Object> c, boolean truncate) {
        String image = Json.text(c, "Image");
        if (image.isEmpty()) {
            return "<no image>";
        }
        if (!truncate) {
            return image;
        }
        String id = Json.text(c, "ImageID");
        if (Text.shortId(id).equals(Text.shortId(image))) {
            return Text.shortId(image);
        }
        int at = image.indexOf('@');
        if (at < 0) {
            return image;
        }
        // a name without its digest, and without a tag that goes without saying
        String name = image.substring(0, at);
        return name.endsWith(":latest") ? name.substring(0, name.length() - 7) : name;
    }

    /** {@code a=1,b=2}, in their order. */
    public static String labels(Map<String, Object> labels) {
        var out = new StringBuilder();
        new TreeMap<>(labels)
                .forEach((name, value) -> out.append(out.isEmpty() ? "" : ",")
                        .append(name)
                        .append('=')
                        .append(value));
        return out.toString();
    }

    private static String mounts(Map<String, Object> c, boolean truncate) {
        var names = new ArrayList<String>();
        for (Object mount : Json.list(c.get("Mounts"))) {
            String name = Json.text(mount, "Name");
            if (name.isEmpty()) {
                name = Json.text(mount, "Source");
            }
            names.add(truncate ? Text.ellipsis(name, 15) : name);
        }
        return String.join(",", names);
    }

    private static String names(Map<String, Object> c, boolean truncate) {
        List<String> names = new ArrayList<>();
        for (Object n : Json.list(c.get("Names"))) {
            String name = n.toString();
            name = name.startsWith("/") ? name.substring(1) : name;
            if (!truncate || name.indexOf('/') < 0) {
                names.add(name);
            }
        }
        return String.join(",", names);
    }

    private static String size(Map<String, Object> c) {
        String own = Units.size(Json.number(c, "SizeRw"));
        long all = Json.number(c, "SizeRootFs");
        return all > 0 ? own + " (virtual " + Units.size(all) + ")" : own;
    }
}
