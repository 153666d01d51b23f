package io.drydock.registry.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.drydock.testkit.Await;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A headless browser with one page, driven by the DevTools protocol. */
final class Chromium implements AutoCloseable {
    static final Path PROGRAM = Path.of("/usr/bin/chromium");

    private static final Pattern VALUE = Pattern.compile("\"value\":\"((?:[^\"\\\\]|\\\\.)*)\"");
    private static final Pattern ESCAPE = Pattern.compile("\\\\(u[0-9a-fA-F]{4}|.)");

    private final Process process;
    private final HttpClient http = HttpClient.newHttpClient();
    private final LinkedBlockingQueue<String> answers = new LinkedBlockingQueue<>();
    private final WebSocket socket;
    private int calls;

    /** @param directory where it keeps what it remembers */
    Chromium(Path directory) throws IOException {
        var command = new ProcessBuilder(
                        PROGRAM.toString(),
                        "--headless=new",
                        "--no-sandbox",
                        "--disable-gpu",
                        "--disable-dev-shm-usage",
                        "--disable-background-networking",
                        "--no-first-run",
                        "--disable-breakpad",
                        "--remote-debugging-port=0",
                        "--user-data-dir=" + directory,
                        "about:blank")
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD);
        command.environment().put("TMPDIR", Files.createDirectories(directory).toString());
        process = command.start();
        var port = Await.value(
                "the browser listens",
                Duration.ofSeconds(60),
                () -> Files.readString(directory.resolve("DevToolsActivePort")).split("\n")[0],
                text -> !text.isEmpty());
        var page = Await.value(
                "the browser has a page",
                Duration.ofSeconds(60),
                () -> pages(Integer.parseInt(port)),
                text -> text.contains("\"type\": \"page\""));
        var address = Pattern.compile("\"webSocketDebuggerUrl\": \"(ws://[^\"]*/page/[^\"]*)\"")
                .matcher(page);
        assertThat(address.find()).as(page).isTrue();
        socket = http.newWebSocketBuilder()
                .buildAsync(URI.create(address.group(1)), new Listener())
                .join();
    }

    private static String pages(int port) {
        try (var client = new SpecClient(port)) {
            return client.ask("GET", "/json/list", new byte[0]).text();
        }
    }

    private final class Listener implements WebSocket.Listener {
        private final StringBuilder message = new StringBuilder();

        @Override
        public @Nullable CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
            message.append(data);
            if (last) {
                answers.add(message.toString());
                message.setLength(0);
            }
            from.request(1);
            return null;
        }
    }

    private String call(String method, String parameters) throws InterruptedException {
        var id = "{\"id\":" + ++calls + ",";
        socket.sendText(id + "\"method\":\"" + method + "\",\"params\":" + parameters + "}", true)
                .join();
        while (true) {
            var answer = answers.poll(60, TimeUnit.SECONDS);
            assertThat(answer).as("answer to %s", method).isNotNull();
            if (answer.startsWith(id)) {
                return answer;
            }
        }
    }

    void go(String address) throws InterruptedException {
        call("Page.navigate", "{\"url\":" + Json.text(address) + "}");
    }

    /** What a script's value is as a text. */
    String evaluate(String script) throws InterruptedException {
        var answer = call(
                "Runtime.evaluate",
                "{\"returnByValue\":true,\"expression\":" + Json.text("String((() => {" + script + "})())") + "}");
        var value = VALUE.matcher(answer);
        assertThat(value.find()).as(answer).isTrue();
        return ESCAPE.matcher(value.group(1)).replaceAll(Chromium::unescaped);
    }

    private static String unescaped(java.util.regex.MatchResult escape) {
        var what = escape.group(1);
        return Matcher.quoteReplacement(
                switch (what.charAt(0)) {
                    case 'n' -> "\n";
                    case 't' -> "\t";
                    case 'u' -> Character.toString(Integer.parseInt(what.substring(1), 16));
                    default -> what;
                });
    }

    /** What can be read on the page, as soon as it contains a text. */
    String text(String expected) {
        return Await.value(
                "the page says " + expected,
                Duration.ofSeconds(60),
                () -> evaluate("return document.body.innerText"),
                text -> text.contains(expected));
    }

    @Override
    public void close() {
        socket.abort();
        http.shutdownNow();
        // what lives on would write into the directory while it is being removed
        var all = process.descendants().toList();
        all.forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly().onExit().join();
        all.forEach(part -> part.onExit().join());
    }
}
