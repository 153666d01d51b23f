package io.drydock.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntConsumer;

/** Our registry and Docker's, asked the same by 64 clients at once. */
final class Registries {
    private static final int CLIENTS = 64;
    private static final int SMALL = 400;
    private static final int LARGE = 4;
    private static final int LARGE_SIZE = 64 << 20;
    private static final int MANY = 10_000;
    /** bcrypt of cost 10, as htpasswd makes it unless told otherwise: "secret". */
    private static final String USERS = "me:$2b$10$44r8AulnKT960.p2JuDl2.W6WuKy8NE58jnzoK8TzeRRQ7QzRv3Vq\n";

    private final Sides<RegistryUnderTest> sides;

    private Registries(Sides<RegistryUnderTest> sides) {
        this.sides = sides;
    }

    /** Prints how they compare. */
    static void run(Path program, Path originalProgram, int rounds) throws IOException {
        try (var ours = new RegistryUnderTest(program, "", "");
                var original = new RegistryUnderTest(originalProgram, "", "")) {
            new Registries(new Sides<>(ours, original, rounds)).measure();
        }
        var me = "Basic " + Base64.getEncoder().encodeToString("me:secret".getBytes(StandardCharsets.UTF_8));
        try (var ours = new RegistryUnderTest(program, USERS, me);
                var original = new RegistryUnderTest(originalProgram, USERS, me)) {
            new Sides<>(ours, original, rounds)
                    .compare(
                            "registry: 200 requests with a password, 64 clients",
                            registry -> parallel(200, n -> RegistryUnderTest.check(registry.drop("/v2/"), 200)));
        }
    }

    private void measure() throws IOException {
        var small = push("registry: push of 400 blobs of 4 KB, 64 clients", SMALL, 4096);
        sides.compare(
                "registry: pull of 400 blobs of 4 KB, 64 clients",
                registry -> parallel(
                        SMALL,
                        n -> RegistryUnderTest.check(registry.drop(small.get(n).path()), 200)));
        var large = push("registry: push of 4 blobs of 64 MB at once", LARGE, LARGE_SIZE)
                .getFirst()
                .path();
        var busy = new double[2];
        sides.compare("registry: pull of one blob of 64 MB by 16 clients at once", registry -> {
            double before = Memory.processorMillis(registry.pid());
            parallel(16, n -> registry.read(large, LARGE_SIZE));
            busy[registry == sides.ours() ? 0 : 1] += Memory.processorMillis(registry.pid()) - before;
        });
        Table.numbers("registry: ms of processors that the servers took for that", 0, busy[0], busy[1]);
        lists();
        Table.numbers("registry: MB (PSS) after that", 0, memory(sides.ours()), memory(sides.original()));
    }

    private void lists() throws IOException {
        var link = "sha256:" + "0".repeat(64);
        for (var registry : sides.both()) {
            var repositories = registry.data().resolve("docker/registry/v2/repositories");
            for (int i = 0; i < MANY; i++) {
                var tag = repositories.resolve("tagged/_manifests/tags/t" + i + "/current");
                Files.createDirectories(tag);
                Files.writeString(tag.resolve("link"), link);
            }
        }
        sides.compare("registry: all of 10,000 tags", registry -> all(registry, "/v2/tagged/tags/list"));
        sides.compare(
                "registry: the first 100 of 10,000 tags, 20 times",
                registry -> times(registry, "/v2/tagged/tags/list?n=100"));
        for (var registry : sides.both()) {
            for (int i = 0; i < MANY; i++) {
                Files.createDirectories(registry.data()
                        .resolve("docker/registry/v2/repositories/many/r" + i + "/_manifests/tags/t/current"));
                Files.createDirectories(
                        registry.data().resolve("docker/registry/v2/repositories/many/r" + i + "/_layers"));
            }
        }
        sides.compare(
                "registry: 100 of 10,000 repositories",
                registry -> RegistryUnderTest.check(registry.drop("/v2/_catalog?n=100&last=many/r5"), 200));
        sides.compare(
                "registry: the catalog of 10,000 repositories, by 1,000",
                registry -> all(registry, "/v2/_catalog?n=1000"));
    }

    private static void times(RegistryUnderTest registry, String target) {
        for (int i = 0; i < 20; i++) {
            RegistryUnderTest.check(registry.drop(target), 200);
        }
    }

    /** Reads a list to its end. */
    private static void all(RegistryUnderTest registry, String target) {
        var next = target;
        while (!next.isEmpty()) {
            var answer = registry.ask("GET", next, new byte[0]);
            RegistryUnderTest.check(answer.statusCode(), 200);
            var link = answer.headers().firstValue("Link").orElse("");
            next = link.isEmpty() ? "" : link.substring(link.indexOf('<') + 1, link.indexOf('>'));
        }
    }

    /** Runs work of the numbers below {@code count} on as many threads as there are clients. */
    private static void parallel(int count, IntConsumer work) {
        try (var clients =
                Executors.newFixedThreadPool(CLIENTS, Thread.ofVirtual().factory())) {
            var all = new ArrayList<Future<?>>();
            for (int n = 0; n < count; n++) {
                int number = n;
                all.add(clients.submit(() -> work.accept(number)));
            }
            for (var one : all) {
                one.get();
            }
        } catch (ExecutionException e) {
            throw new UncheckedIOException(new IOException(e.getCause()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Pushes other blobs in each round, and answers the first ones. */
    private List<Blob> push(String what, int count, int size) throws IOException {
        var first = new ArrayList<Blob>();
        sides.compareRounds(
                what,
                round -> {
                    var blobs = new ArrayList<Blob>();
                    for (int n = 0; n < count; n++) {
                        blobs.add(Blob.noise("pushed/r" + n % 8, size, round * count + n));
                    }
                    first.addAll(first.isEmpty() ? blobs : List.of());
                    return registry -> parallel(count, n -> registry.push(blobs.get(n)));
                },
                registry -> {});
        return first;
    }

    private static long memory(RegistryUnderTest registry) {
        return Memory.proportionalKilobytes(registry.pid()) / 1024;
    }
}
