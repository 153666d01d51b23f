package io.drydock.docker.cli.engine;

import io.drydock.docker.cli.container.ContainerRow;
import io.drydock.docker.cli.format.ListFormat;
import io.drydock.docker.cli.format.Row;
import io.drydock.docker.cli.format.Text;
import io.drydock.docker.cli.format.Times;
import io.drydock.docker.cli.format.Units;
import io.drydock.docker.cli.image.Reference;
import io.drydock.docker.cli.json.Json;
import io.drydock.docker.cli.session.CliException;
import io.drydock.docker.cli.template.Template;
import io.drydock.docker.cli.template.TemplateException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** {@code docker system df --verbose}: every image, container, volume and piece of build cache with what it takes. */
record DiskUsageDetails(Map<String, Object> usage) {
    private static final String IMAGES = "{{.Repository}}\t{{.Tag}}\t{{.ID}}\t{{.CreatedSince}}\t{{.Size}}"
            + "\t{{.SharedSize}}\t{{.UniqueSize}}\t{{.Containers}}";
    private static final String CONTAINERS = "{{.ID}}\t{{.Image}}\t{{.Command}}\t{{.LocalVolumes}}\t{{.Size}}"
            + "\t{{.RunningFor}}\t{{.Status}}\t{{.Names}}";
    private static final String VOLUMES = "{{.Name}}\t{{.Links}}\t{{.Size}}";
    private static final String CACHE = "{{.ID}}\t{{.CacheType}}\t{{.Size}}\t{{.CreatedSince}}\t{{.LastUsedSince}}"
            + "\t{{.UsageCount}}\t{{.Shared}}";

    /** All as tables, or through a template that gets them as lists. */
    String render(String format) throws CliException {
        boolean table = format.isEmpty() || format.equals("table");
        var images = new ArrayList<Row>();
        for (Object image : Json.list(usage.get("Images"))) {
            images.add(image(Json.map(image), table));
        }
        var containers = new ArrayList<Row>();
        for (Object container : Json.list(usage.get("Containers"))) {
            var own = new LinkedHashMap<>(Json.map(container));
            own.remove("SizeRootFs");
            containers.add(ContainerRow.of(own, table));
        }
        var volumes = new ArrayList<Row>();
        for (Object volume : Json.list(usage.get("Volumes"))) {
            volumes.add(volume(volume));
        }
        var cache = new ArrayList<Row>();
        long cached = 0;
        for (Object record : Json.list(usage.get("BuildCache"))) {
            cache.add(record(record, table));
            cached += Json.bool(record, "Shared") ? 0 : Json.number(record, "Size");
        }
        if (table) {
            return "Images space usage:\n\n" + list(IMAGES, "IMAGE ID", images) + "\nContainers space usage:\n\n"
                    + list(CONTAINERS, "CONTAINER ID", containers) + "\nLocal Volumes space usage:\n\n"
                    + list(VOLUMES, "", volumes)
                    + "\nBuild cache usage: " + Units.preciseSize(cached) + "\n\n" + list(CACHE, "CACHE ID", cache);
        }
        var all = new LinkedHashMap<String, Object>();
        all.put("Images", images);
        all.put("Containers", containers);
        all.put("Volumes", volumes);
        all.put("BuildCache", cache);
        try {
            if (format.equals("json")) {
                // rows escape markup; outside of texts JSON has none of these characters
                return Template.parse("{{json .}}")
                        .render(all, Template.MissingKey.ERROR)
                        .replace("<", "\\u003c")
                        .replace(">", "\\u003e")
                        .replace("&", "\\u0026");
            }
            return Template.parse(format).render(all, Template.MissingKey.ERROR);
        } catch (TemplateException e) {
            throw new CliException("template parsing error: " + e.getMessage());
        }
    }

    private static String list(String columns, String id, List<Row> rows) throws CliException {
        Map<String, String> headers = headers();
        headers.put("ID", id);
        return ListFormat.of("", columns, "").render(rows, headers);
    }

    private static Row image(Map<String, Object> image, boolean truncate) throws CliException {
        String repository = "<none>";
        String tag = "<none>";
        List<Object> tags = Json.list(image.get("RepoTags"));
        if (!tags.isEmpty() && !tags.getFirst().equals("<none>:<none>")) {
            Reference reference = Reference.parse(tags.getFirst().toString());
            repository = reference.familiarName();
            tag = reference.tag();
        }
        String id = Json.text(image, "Id");
        long created = Json.number(image, "Created");
        long size = Json.number(image, "Size");
        long shared = Json.number(image, "SharedSize");
        long containers = Json.number(image, "Containers");
        return new Row("*formatter.imageContext")
                .with("Containers", containers == -1 ? "N/A" : containers + "")
                .with("CreatedAt", () -> Times.local(Instant.ofEpochSecond(created)))
                .with("CreatedSince", () -> since(created))
                .with("Digest", "")
                .with("ID", truncate ? Text.shortId(id) : id)
                .with("Repository", repository)
                .with("SharedSize", shared == -1 ? "N/A" : Units.preciseSize(shared))
                .with("Size", Units.size(size))
                .with("Tag", tag)
                .with("UniqueSize", shared == -1 ? "N/A" : Units.preciseSize(size - shared))
                .with("VirtualSize", Units.preciseSize(size));
    }

    private static String since(long seconds) {
        return Units.duration((System.currentTimeMillis() - seconds * 1000) * 1_000_000L) + " ago";
    }

    private static Row volume(Object volume) {
        boolean known = Json.at(volume, "UsageData") != null;
        long links = Json.number(volume, "UsageData", "RefCount");
        long size = Json.number(volume, "UsageData", "Size");
        return new Row("*formatter.volumeContext")
                .with("Availability", "N/A")
                .with("Driver", Json.text(volume, "Driver"))
                .with("Group", "N/A")
                .with("Labels", ContainerRow.labels(Json.map(Json.at(volume, "Labels"))))
                .with("Links", known ? links + "" : "N/A")
                .with("Mountpoint", Json.text(volume, "Mountpoint"))
                .with("Name", Json.text(volume, "Name"))
                .with("Scope", Json.text(volume, "Scope"))
                .with("Size", known ? Units.preciseSize(size) : "N/A")
                .with("Status", "N/A");
    }

    private static Row record(Object record, boolean truncate) {
        String id = Json.text(record, "ID");
        String used = Json.text(record, "LastUsedAt");
        return new Row("*formatter.buildCacheContext")
                .with("CacheType", Json.text(record, "Type"))
                .with(
                        "CreatedSince",
                        () -> since(Times.parse(Json.text(record, "CreatedAt")).getEpochSecond()))
                .with("ID", truncate ? Text.shortId(id) : id)
                .with("InUse", Json.bool(record, "InUse"))
                .with(
                        "LastUsedSince",
                        () -> used.isEmpty() ? "" : since(Times.parse(used).getEpochSecond()))
                .with("Shared", Json.bool(record, "Shared"))
                .with("Size", Units.size(Json.number(record, "Size")))
                .with("UsageCount", Json.number(record, "UsageCount") + "");
    }

    private static Map<String, String> headers() {
        var h = new LinkedHashMap<String, String>();
        h.put("Repository", "REPOSITORY");
        h.put("Tag", "TAG");
        h.put("CreatedSince", "CREATED");
        h.put("Size", "SIZE");
        h.put("SharedSize", "SHARED SIZE");
        h.put("UniqueSize", "UNIQUE SIZE");
        h.put("Containers", "CONTAINERS");
        h.put("Image", "IMAGE");
        h.put("Command", "COMMAND");
        h.put("LocalVolumes", "LOCAL VOLUMES");
        h.put("RunningFor", "CREATED");
        h.put("Status", "STATUS");
        h.put("Names", "NAMES");
        h.put("Name", "VOLUME NAME");
        h.put("Links", "LINKS");
        h.put("CacheType", "CACHE TYPE");
        h.put("LastUsedSince", "LAST USED");
        h.put("UsageCount", "USAGE");
        h.put("Shared", "SHARED");
        return h;
    }
}
