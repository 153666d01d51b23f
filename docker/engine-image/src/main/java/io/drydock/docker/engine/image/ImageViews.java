package io.drydock.docker.engine.image;

import io.drydock.spec.engine.ContainerConfig;
import io.drydock.spec.engine.Descriptor;
import io.drydock.spec.engine.EngineException;
import io.drydock.spec.engine.Filters;
import io.drydock.spec.engine.GraphDriver;
import io.drydock.spec.engine.HealthConfig;
import io.drydock.spec.engine.ImageHistoryItem;
import io.drydock.spec.engine.ImageInspect;
import io.drydock.spec.engine.ImageMetadata;
import io.drydock.spec.engine.ImageSummary;
import io.drydock.spec.engine.Platform;
import io.drydock.spec.engine.RootFs;
import io.drydock.spec.oci.Reference;
import io.drydock.spec.oci.image.ContainerDefaults;
import io.drydock.spec.oci.image.History;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Images as the API shows them: listed, inspected, their history. */
public final class ImageViews {
    private static final Set<String> FILTERS = Set.of("before", "dangling", "label", "reference", "since", "until");

    private final ImageCatalog catalog;
    private final ImageUsers users;

    public ImageViews(ImageCatalog catalog, ImageUsers users) {
        this.catalog = catalog;
        this.users = users;
    }

    /**
     * The images that pass the filters, newest first.
     *
     * @param shared whether to work out how much of each is other images', too
     */
    public List<ImageSummary> list(boolean shared, boolean manifests, Filters filters) {
        filters.allow(FILTERS);
        var sharing = shared ? sharing() : null;
        var before = bound(filters, "before");
        var since = bound(filters, "since");
        var list = new ArrayList<ImageSummary>();
        for (var found : catalog.all()) {
            long created = seconds(found.details().config().created());
            boolean dangling = found.names().isEmpty();
            var labels = labels(found.details());
            if (dangling != filters.bool("dangling", dangling)
                    || !filters.labels("label", labels)
                    || before != null && created >= before
                    || since != null && created <= since
                    || filters.has("until") && created >= until(filters)) {
                continue;
            }
            var names = found.names().stream()
                    .filter(name -> matches(name, filters))
                    .toList();
            if (!filters.has("reference") || !names.isEmpty()) {
                list.add(summary(found.details(), names, created, labels, manifests, sharing));
            }
        }
        list.sort(Comparator.comparingLong(ImageSummary::created).reversed());
        return list;
    }

    /** How many images have an unpacked layer, by its chain ID. */
    private Map<String, Long> sharing() {
        return catalog.all().stream()
                .flatMap(found -> found.details().chainIds().stream().distinct())
                .collect(Collectors.groupingBy(chainId -> chainId, Collectors.counting()));
    }

    private long sharedSize(ImageDetails image, Map<String, Long> sharing) {
        return image.chainIds().stream()
                .filter(chainId -> sharing.getOrDefault(chainId, 0L) > 1)
                .mapToLong(catalog::layerSize)
                .sum();
    }

    private @Nullable Long bound(Filters filters, String name) {
        return filters.has(name)
                ? (Long) seconds(
                        catalog.find(filters.of(name).getFirst()).config().created())
                : null;
    }

    /** Seconds since 1970 of the filter's time, or of so long ago. */
    static long until(Filters filters) {
        String text = filters.of("until").getFirst();
        try {
            return text.chars().allMatch(Character::isDigit)
                    ? Long.parseLong(text)
                    : text.indexOf('T') > 0
                            ? OffsetDateTime.parse(text).toEpochSecond()
                            : Instant.now()
                                    .minus(java.time.Duration.parse("PT" + text.toUpperCase(java.util.Locale.ROOT)))
                                    .getEpochSecond();
        } catch (DateTimeParseException | NumberFormatException e) {
            throw EngineException.invalid("invalid filter 'until=" + text + "'");
        }
    }

    private static boolean matches(String name, Filters filters) {
        if (!filters.has("reference")) {
            return true;
        }
        var reference = Reference.parse(name);
        return filters.of("reference").stream()
                .anyMatch(pattern -> Glob.matches(pattern, reference.familiar())
                        || Glob.matches(pattern, reference.familiarName())
                        || Glob.matches(pattern, reference.toString())
                        || Glob.matches(pattern, reference.name()));
    }

    private ImageSummary summary(
            ImageDetails image,
            List<String> names,
            long created,
            Map<String, String> labels,
            boolean manifests,
            @Nullable Map<String, Long> sharing) {
        long unpacked = catalog.unpackedSize(image);
        var using = using(image);
        return new ImageSummary(
                image.id(),
                "",
                tags(names),
                digests(names, image.id()),
                created,
                unpacked + image.contentSize(),
                sharing == null ? -1 : sharedSize(image, sharing),
                labels,
                using.size(),
                descriptor(image),
                manifests ? new ImageManifests(catalog).of(image, using) : null);
    }

    private static Descriptor descriptor(ImageDetails image) {
        return new Descriptor(image.mediaType(), image.id(), image.size(), null, null);
    }

    /** Familiar names with tags. */
    static List<String> tags(List<String> names) {
        return names.stream()
                .map(Reference::parse)
                .filter(reference -> reference.tag() != null)
                .map(Reference::familiar)
                .distinct()
                .toList();
    }

    private static List<String> digests(List<String> names, String digest) {
        return names.stream()
                .map(name -> Reference.parse(name).familiarName() + "@" + digest)
                .distinct()
                .toList();
    }

    private static Map<String, String> labels(ImageDetails image) {
        return image.config().config() == null
                ? Map.of()
                : image.config().config().labels();
    }

    static long seconds(@Nullable String time) {
        if (time == null || time.isEmpty()) {
            return 0;
        }
        try {
            return OffsetDateTime.parse(time).toEpochSecond();
        } catch (DateTimeParseException e) {
            return 0;
        }
    }

    /**
     * Everything about one image.
     *
     * @param manifests whether to tell all manifests of an index
     * @param platform null for what runs here
     */
    public ImageInspect inspect(String name, boolean manifests, @Nullable Platform platform) {
        var image = catalog.find(name, platform);
        var names = catalog.namesOf(image.id()).stream()
                .filter(n -> !ImageNames.isDangling(n))
                .sorted()
                .toList();
        var config = image.config();
        var rootfs = config.rootfs();
        return new ImageInspect(
                image.id(),
                tags(names),
                digests(names, image.id()),
                "",
                text(config.comment()),
                config.created() == null ? "" : config.created(),
                text(config.dockerVersion()),
                text(config.author()),
                containerConfig(config.config()),
                config.architecture(),
                config.variant(),
                config.os(),
                catalog.unpackedSize(image) + image.contentSize(),
                new GraphDriver("overlayfs", Map.of()),
                new RootFs("layers", rootfs == null ? List.of() : rootfs.diffIds()),
                new ImageMetadata("0001-01-01T00:00:00Z"),
                descriptor(image),
                manifests ? new ImageManifests(catalog).of(image, using(image)) : null);
    }

    private List<String> using(ImageDetails image) {
        return users.usersOf(image.id()).stream()
                .map(ImageUsers.User::containerId)
                .toList();
    }

    private static String text(@Nullable String text) {
        return text == null ? "" : text;
    }

    /** The defaults of an image in the form of the API. */
    public static ContainerConfig containerConfig(@Nullable ContainerDefaults defaults) {
        if (defaults == null) {
            return new ContainerConfig(
                    "", "", "", false, false, false, Map.of(), false, false, false, List.of(), null, null, null, "",
                    Map.of(), "", null, null, null, null, Map.of(), null, null, null);
        }
        var check = defaults.healthcheck();
        HealthConfig health = check == null
                ? null
                : new HealthConfig(
                        check.test(),
                        number(check.interval()),
                        number(check.timeout()),
                        check.retries() == null ? 0 : check.retries(),
                        number(check.startPeriod()),
                        number(check.startInterval()));
        return new ContainerConfig(
                text(defaults.hostname()),
                text(defaults.domainname()),
                text(defaults.user()),
                false,
                false,
                false,
                defaults.exposedPorts(),
                false,
                false,
                false,
                defaults.env(),
                defaults.cmd(),
                health,
                defaults.argsEscaped(),
                text(defaults.image()),
                defaults.volumes(),
                text(defaults.workingDir()),
                defaults.entrypoint(),
                null,
                null,
                defaults.onBuild().isEmpty() ? null : defaults.onBuild(),
                defaults.labels(),
                defaults.stopSignal(),
                null,
                defaults.shell());
    }

    private static long number(@Nullable Long value) {
        return value == null ? 0 : value;
    }

    /**
     * How the image came to be, the newest step first.
     *
     * @param platform null for what runs here
     */
    public List<ImageHistoryItem> history(String name, @Nullable Platform platform) {
        var image = catalog.find(name, platform);
        var tags = tags(catalog.namesOf(image.id()).stream()
                .filter(n -> !ImageNames.isDangling(n))
                .sorted()
                .toList());
        var items = new ArrayList<ImageHistoryItem>();
        int layer = 0;
        for (History step : image.config().history()) {
            boolean empty = Boolean.TRUE.equals(step.emptyLayer());
            long size = empty || layer >= image.chainIds().size()
                    ? 0
                    : catalog.layerSize(image.chainIds().get(layer));
            layer += empty ? 0 : 1;
            items.addFirst(new ImageHistoryItem(
                    "<missing>", seconds(step.created()), text(step.createdBy()), null, size, text(step.comment())));
        }
        if (!items.isEmpty()) {
            var top = items.getFirst();
            items.set(
                    0,
                    new ImageHistoryItem(image.id(), top.created(), top.createdBy(), tags, top.size(), top.comment()));
        }
        return items;
    }
}
