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
                .on("GET", "/images/{name:.*}/json", call -> call.json(backend.inspect(call.path("name"))))
                .on("GET", "/images/{name:.*}/history", this::history)
                .on("GET", "/images/{name:.*}/get", this::saveOne)
                .on("POST", "/images/{name:.*}/push", this::push)
                .on("POST", "/images/{name:.*}/tag", this::tag)
                .on("DELETE", "/images/{name:.*}", this::remove);
    }

    private void list(Call call) throws IOException {
        call.list(
                ImageSummary.class,
                backend.list(call.flag("all"), call.flag("shared-size"), call.flag("manifests"), call.filters()));
    }

    private void history(Call call) throws IOException {
        call.list(ImageHistoryItem.class, backend.history(call.path("name")));
    }

    private void tag(Call call) throws IOException {
        backend.tag(call.path("name"), call.query("repo"), call.query("tag"));
        call.status(201);
    }

    private void remove(Call call) throws IOException {
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
        ProgressStream.run(call, progress -> backend.push(call.path("name"), call.query("tag"), auth(call), progress));
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
        try {
            return texts.stream()
                    .map(text -> Jsonb.instance().type(Platform.class).fromJson(text))
                    .toList();
        } catch (JsonException | IndexOutOfBoundsException e) {
            throw EngineException.invalid("failed to parse platform: " + e.getMessage());
        }
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
