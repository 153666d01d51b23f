package io.drydock.bench;

import io.drydock.testkit.Await;
import io.drydock.testkit.NetNamespace;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Our docker-proxy and Debian's, one port each, side by side: a host and a container are two namespaces joined by a pair of
 * interfaces, and programs of the host call the container by the proxy.
 */
final class Proxies implements AutoCloseable {
    private static final String CONTAINER = "10.98.0.2";
    private static final int SECONDS = 4;
    private static final int STREAM = 5201;
    private static final int WEB = 80;

    private final NetNamespace host = NetNamespace.create("bench");
    private final NetNamespace container = NetNamespace.create("bench");
    private final List<Process> processes = new ArrayList<>();

    Proxies(Path ours, Path original) throws IOException {
        for (var words : List.of(
                "ip link add c0 type veth peer name eth0 netns " + container.name(),
                "ip addr add 10.98.0.1/24 dev c0",
                "ip link set c0 up")) {
            host.command(words.split(" ")).run().ok();
        }
        container
                .command("ip", "addr", "add", CONTAINER + "/24", "dev", "eth0")
                .run()
                .ok();
        container.command("ip", "link", "set", "eth0", "up").run().ok();
        start(container, "iperf3", "-s", "-p", "" + STREAM);
        start(
                container,
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Responder.class.getName(),
                "" + WEB);
        proxy(ours, 1);
        proxy(original, 2);
    }

    private void start(NetNamespace where, String... words) throws IOException {
        processes.add(where.command(words)
                .builder()
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start());
    }

    /** Each program has ports of its own: 8001 and 9001, 8002 and 9002. */
    private void proxy(Path program, int number) throws IOException {
        for (int target : List.of(WEB, STREAM)) {
            // the status goes to descriptor 3, which must be open
            start(
                    host,
                    "sh",
                    "-c",
                    "exec \"$@\" 3>/dev/null",
                    "sh",
                    program.toString(),
                    "-proto",
                    "tcp",
                    "-host-ip",
                    "127.0.0.1",
                    "-host-port",
                    "" + port(target, number),
                    "-container-ip",
                    CONTAINER,
                    "-container-port",
                    "" + target);
        }
        Await.until(
                program + " forwards",
                () -> host.command("curl", "-s", "--max-time", "5", "http://127.0.0.1:" + port(WEB, number) + "/")
                                .run()
                                .exitCode()
                        == 0);
    }

    private static int port(int target, int number) {
        return (target == WEB ? 8000 : 9000) + number;
    }

    /** Prints rates; of them more is better. */
    void measure(int rounds) {
        rate("docker-proxy: new connections a second, 64 at once (wrk)", rounds, this::connections);
        rate("docker-proxy: Gbit/s, one stream (iperf3)", rounds, number -> stream(number, "1"));
        rate("docker-proxy: Gbit/s, four streams (iperf3)", rounds, number -> stream(number, "4"));
    }

    private interface Rate {
        double of(int number);
    }

    private void rate(String what, int rounds, Rate rate) {
        var mine = new double[rounds];
        var theirs = new double[rounds];
        rate.of(1); // what a JIT compiler has to learn
        for (int i = 0; i < rounds; i++) {
            mine[i] = rate.of(1);
            theirs[i] = rate.of(2);
        }
        Table.numbers(what, 1, new Series(mine).median(), new Series(theirs).median());
    }

    private double connections(int number) {
        var out = host.command(
                        "wrk",
                        "-t2",
                        "-c64",
                        "-d" + SECONDS,
                        "-H",
                        "Connection: close",
                        "http://127.0.0.1:" + port(WEB, number) + "/")
                .within(Duration.ofMinutes(1))
                .run()
                .ok()
                .out();
        return number(out, "Requests/sec:\\s+([0-9.]+)");
    }

    private double stream(int number, String streams) {
        var command = host.command(
                        "iperf3",
                        "-c",
                        "127.0.0.1",
                        "-p",
                        "" + port(STREAM, number),
                        "-t",
                        "" + SECONDS,
                        "-P",
                        streams,
                        "-f",
                        "m")
                .within(Duration.ofMinutes(1));
        var result = command.run();
        for (int i = 0; i < 50 && result.out().isBlank(); i++) {
            result = command.run(); // the server still ends the test before
        }
        var out = result.ok().out();
        var total = streams.equals("1") ? "" : "\\[SUM\\].*";
        return number(out, total + "\\s([0-9.]+) Mbits/sec\\s+receiver") / 1000;
    }

    private static double number(String text, String pattern) {
        var matcher = Pattern.compile(pattern).matcher(text);
        if (!matcher.find()) {
            throw new IllegalStateException("no " + pattern + " in " + text);
        }
        return Double.parseDouble(matcher.group(1));
    }

    @Override
    public void close() {
        for (var process : processes) {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
        host.close();
        container.close();
    }

    /** Measures only this. */
    static void run(Path bin, Path original, int rounds) throws IOException {
        try (var proxies = new Proxies(bin.resolve("docker-proxy"), original)) {
            proxies.measure(rounds);
        }
    }
}
