package io.drydock.docker.api;

import io.avaje.json.JsonException;
import io.avaje.jsonb.Jsonb;
import io.drydock.spec.engine.AuthConfig;
import io.drydock.spec.engine.ContainerConfig;
import io.drydock.spec.engine.EngineException;
import io.drydock.spec.engine.ImageDeleteItem;
import io.drydock.spec.engine.ImageHistoryItem;
import io.drydock.spec.engine.ImageSummary;
import io.drydock.spec.engine.Platform;
import io.drydock.spec.engine.SearchResult;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The image endpoints. */
public final class ImageRoutes implements Routes {
    private final ImageBackend backend;

    public ImageRoutes(ImageBackend backend) {
        this.backend = backend;
    }

    @Override
    public void register(Pages pages) {
        pages.on("GET", "/images/json", this::list)
                .on("GET", "/images/get", this::saveMany)
                .on("POST", "/images/create", this::create)
                .on("POST", "/images/load", this::load)
                .on("POST", "/images/prune", call -> call.json(backend.prune(call.filters())))
                .on("POST", "/commit", this::commit)
                .on(
                        "GET",
                        "/distribution/{name:.*}/json",
                        call -> call.json(backend.inspectRemote(call.path("name"), auth(call))))
                .on("GET", "/images/search", this::search)
                .on("GET", "/images/{name:.*}/json", this::inspect)
                .on("GET", "/images/{name:.*}/history", this::history)
                .on("GET", "/images/{name:.*}/get", this::saveOne)
                .on("POST", "/images/{name:.*}/push", this::push)
                .on("POST", "/images/{name:.*}/tag", this::tag)
                .on("DELETE", "/images/{name:.*}", this::remove);
    }

    private void list(Call call) throws IOException {
        boolean shared = call.version().since(42) && call.flag("shared-size");
        boolean manifests = call.version().since(47) && call.flag("manifests");
        var images = backend.list(call.flag("all"), shared, manifests, call.filters());
        if (call.version().since(51)) {
            call.list(ImageSummary.class, images);
        } else {
            call.object(ImageShape.list(images, call.version()));
        }
    }

    private void search(Call call) throws IOException {
        if (call.query("term").isEmpty()) {
            throw EngineException.invalid("search term is required");
        }
        call.list(
                SearchResult.class,
                backend.search(call.query("term"), call.number("limit", 0), call.filters(), auth(call)));
    }

    private void inspect(Call call) throws IOException {
        boolean manifests = call.version().since(48) && call.flag("manifests");
        var platform = platform(call, 49);
        if (manifests && platform != null) {
            throw EngineException.invalid("conflicting options: manifests and platform options cannot both be set");
        }
        call.object(ImageShape.of(backend.inspect(call.path("name"), manifests, platform), call.version()));
    }

    /** The one platform that is asked for; null if none is, or the version does not know the parameter. */
    private static @Nullable Platform platform(Call call, int since) {
        return call.version().since(since) && !call.query("platform").isEmpty()
                ? platform(call.query("platform"))
                : null;
    }

    private static Platform platform(String json) {
        try {
            return Jsonb.instance().type(Platform.class).fromJson(json);
        } catch (JsonException | IndexOutOfBoundsException e) {
            throw EngineException.invalid("failed to parse platform: " + e.getMessage());
        }
    }

    private void history(Call call) throws IOException {
        call.list(ImageHistoryItem.class, backend.history(call.path("name"), platform(call, 48)));
    }

    private void tag(Call call) throws IOException {
        backend.tag(call.path("name"), call.query("repo"), call.query("tag"));
        call.status(201);
    }

    private void remove(Call call) throws IOException {
        if (call.has("platforms") && call.version().since(50)) {
            throw EngineException.notImplemented(
                    "removing an image for some platforms only is not built into this engine yet");
        }
        call.list(ImageDeleteItem.class, backend.remove(call.path("name"), call.flag("force"), call.flag("noprune")));
    }

    private void create(Call call) throws IOException, InterruptedException {
        String image = call.query("fromImage");
        if (!image.isEmpty()) {
            ProgressStream.run(
                    call,
                    progress -> backend.pull(image, call.query("tag"), call.query("platform"), auth(call), progress));
            return;
        }
        if (!call.query("fromSrc").equals("-")) {
            throw EngineException.notImplemented("importing an image from a URL is not supported by this engine yet");
        }
        ProgressStream.run(
                call,
                progress -> drained(
                        call,
                        () -> backend.importTar(
                                call.exchange().request().body(),
                                call.query("repo"),
                                call.query("tag"),
                                call.query("message"),
                                call.exchange().request().query().all("changes"),
                                call.query("platform"),
                                progress)));
    }

    /** Work on the request's body. */
    @FunctionalInterface
    private interface Work {
        void run() throws IOException, InterruptedException;
    }

    /** A client that still sends when the answer comes may see a broken pipe instead of it: so its body is read to the end. */
    private static void drained(Call call, Work work) throws IOException, InterruptedException {
        try {
            work.run();
        } catch (EngineException e) {
            call.exchange().request().body().transferTo(OutputStream.nullOutputStream());
            throw e;
        }
    }

    private void push(Call call) throws IOException, InterruptedException {
        var platform = platform(call, 46);
        ProgressStream.run(
                call, progress -> backend.push(call.path("name"), call.query("tag"), platform, auth(call), progress));
    }

    private void load(Call call) throws IOException, InterruptedException {
        var platforms = platforms(call);
        ProgressStream.runInStream(
                call,
                progress -> drained(
                        call,
                        () -> backend.load(
                                call.exchange().request().body(), platforms, call.flag("quiet", true), progress)));
    }

    private static List<Platform> platforms(Call call) {
        if (!call.version().since(48)) {
            return List.of();
        }
        var texts = call.exchange().request().query().all("platform");
        if (texts.size() > 1 && !call.version().since(52)) {
            throw EngineException.invalid("multiple platform parameters are not supported in this API version; use API "
                    + "version 1.52 or later");
        }
        return texts.stream().map(ImageRoutes::platform).toList();
    }

    private void saveOne(Call call) throws IOException {
        save(call, List.of(call.path("name")));
    }

    private void saveMany(Call call) throws IOException {
        save(call, call.exchange().request().query().all("names"));
    }

    private void save(Call call, List<String> names) throws IOException {
        var saving = backend.save(names, platforms(call));
        try (OutputStream out = new BufferedOutputStream(
                call.exchange().response().header("Content-Type", "application/x-tar").stream(), 64 * 1024)) {
            saving.to(out);
        }
    }

    private void commit(Call call) throws IOException {
        call.json(
                201,
                backend.commit(new ImageBackend.Commit(
                        call.query("container"),
                        call.query("repo"),
                        call.query("tag"),
                        call.query("comment"),
                        call.query("author"),
                        call.flag("pause", true),
                        call.exchange().request().query().all("changes"),
                        call.bodyOrNull(ContainerConfig.class))));
    }

    /** Credentials of the X-Registry-Auth header; what cannot be read counts as none, as in the original. */
    private static @Nullable AuthConfig auth(Call call) {
        String header = call.exchange().request().header("X-Registry-Auth");
        if (header == null || header.isEmpty()) {
            return null;
        }
        try {
            byte[] json = Base64.getUrlDecoder()
                    .decode(header.replace("=", "").replace('+', '-').replace('/', '_'));
            return Jsonb.instance().type(AuthConfig.class).fromJson(json);
        } catch (IllegalArgumentException | JsonException e) {
            return null;
        }
    }
}
