package io.drydock.e2e;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.Network;
import org.testcontainers.containers.output.ToStringConsumer;
import org.testcontainers.containers.wait.strategy.Wait;
import org.testcontainers.images.builder.Transferable;
import org.testcontainers.utility.DockerImageName;

/** What tests do with Testcontainers; writes "well" if all of it went well, and throws what did not. */
public final class TestcontainersProgram {
    /** The reaper's version that this version of Testcontainers wants. */
    static final String REAPER_TAG = "0.14.0";

    private static final DockerImageName IMAGE = DockerImageName.parse("busybox:latest");

    private TestcontainersProgram() {}

    public static void main(String[] arguments) throws IOException, InterruptedException {
        web();
        network();
        readiness();
        System.out.println("well");
        System.exit(0);
    }

    private static void check(boolean holds, Object what) {
        if (!holds) {
            throw new IllegalStateException(String.valueOf(what));
        }
    }

    /** A server behind a published port, commands in it, and files into it and out of it. */
    private static void web() throws IOException, InterruptedException {
        try (var web = new GenericContainer<>(IMAGE)) {
            web.withCommand("httpd", "-f", "-p", "8080", "-h", "/www")
                    .withEnv("COLOR", "green")
                    .withExposedPorts(8080)
                    .withCopyToContainer(Transferable.of("hello"), "/www/hello.txt")
                    .waitingFor(Wait.forHttp("/index.html").forPort(8080))
                    .start();
            check(fetch(web).equals("hello"), "what the server answers");
            var result = web.execInContainer("sh", "-c", "echo $COLOR; echo bad >&2; exit 4");
            check(result.getStdout().equals("green\n"), result);
            check(result.getStderr().equals("bad\n"), result);
            check(result.getExitCode() == 4, result);
            var back = web.copyFileFromContainer(
                    "/www/hello.txt", in -> new String(in.readAllBytes(), StandardCharsets.UTF_8));
            check(back.equals("hello"), back);
            check(web.isRunning(), "still running");
        }
    }

    private static String fetch(GenericContainer<?> web) throws IOException, InterruptedException {
        var address = URI.create("http://" + web.getHost() + ":" + web.getMappedPort(8080) + "/hello.txt");
        try (var client = HttpClient.newHttpClient()) {
            return client.send(HttpRequest.newBuilder(address).build(), HttpResponse.BodyHandlers.ofString())
                    .body();
        }
    }

    /** Two containers of a network find each other by alias. */
    private static void network() throws IOException, InterruptedException {
        try (var network = Network.newNetwork();
                var server = new GenericContainer<>(IMAGE);
                var client = new GenericContainer<>(IMAGE)) {
            server.withNetwork(network)
                    .withNetworkAliases("server")
                    .withCommand("sleep", "1000")
                    .start();
            client.withNetwork(network).withCommand("sleep", "1000").start();
            var ping = client.execInContainer("ping", "-c", "1", "-W", "5", "server");
            check(ping.getExitCode() == 0, ping);
        }
    }

    /** A container is waited for by a line of its log, and its log is followed. */
    private static void readiness() {
        var log = new ToStringConsumer();
        try (var slow = new GenericContainer<>(IMAGE)) {
            slow.withCommand("sh", "-c", "echo first; echo ready; exec sleep 1000")
                    .withLogConsumer(log)
                    .waitingFor(Wait.forLogMessage(".*ready.*", 1))
                    .start();
            check(slow.getLogs().equals("first\nready\n"), slow.getLogs());
        }
        check(log.toUtf8String().startsWith("first\n"), log.toUtf8String());
    }
}
