package io.drydock.registry.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.drydock.image.remote.Credentials;
import io.drydock.image.remote.Endpoint;
import io.drydock.image.remote.RemoteRepository;
import io.drydock.spec.oci.Digest;
import io.drydock.testkit.Await;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The page for people, as a browser shows it. */
@Timeout(180)
class PageTest {
    private static final String MANIFEST = "application/vnd.oci.image.manifest.v1+json";
    private static final String INDEX = "application/vnd.oci.image.index.v1+json";

    @TempDir
    private Path directory;

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** An index of one image with one layer of 2,500 bytes. */
    private static void push(RegistryServer server) throws IOException {
        try (var repository = new RemoteRepository(
                List.of(Endpoint.plain("127.0.0.1:" + server.port())),
                "team/app",
                new Credentials.UserPassword("me", "secret"))) {
            var config = bytes("{\"architecture\":\"arm64\",\"variant\":\"v8\",\"os\":\"linux\","
                    + "\"created\":\"2026-01-02T03:04:05Z\"}");
            var layer = bytes("x".repeat(2500));
            for (var blob : List.of(config, layer)) {
                repository.pushBlob(
                        Digest.sha256(blob).toString(),
                        blob.length,
                        "",
                        offset -> new ByteArrayInputStream(blob),
                        sent -> {});
            }
            var manifest = bytes("""
                    {"schemaVersion":2,"mediaType":"%s","config":{"mediaType":"application/vnd.oci.image.config.v1+json",\
                    "digest":"%s","size":%d},"layers":[{"mediaType":"application/vnd.oci.image.layer.v1.tar",\
                    "digest":"%s","size":2500}]}""".formatted(MANIFEST, Digest.sha256(config), config.length, Digest.sha256(layer)));
            var digest = Digest.sha256(manifest).toString();
            repository.pushManifest(digest, MANIFEST, manifest);
            var index = bytes("""
                    {"schemaVersion":2,"mediaType":"%s","manifests":[{"mediaType":"%s","digest":"%s","size":%d,\
                    "platform":{"architecture":"arm64","variant":"v8","os":"linux"}}]}""".formatted(INDEX, MANIFEST, digest, manifest.length));
            repository.pushManifest("v1", INDEX, index);
            repository.pushManifest("v2", INDEX, index);
        }
    }

    @Test
    void showsImagesAndDeletesThem() throws Exception {
        Assumptions.assumeTrue(Files.isExecutable(Chromium.PROGRAM), "chromium is not installed");
        // "secret" for bcrypt
        Files.writeString(
                directory.resolve("users"), "me:$2b$04$44r8AulnKT960.p2JuDl2.1X/iXCSfgrc/AX8q9JI.fmMGvDv0nrq\n");
        var more = """
                  ui: {enabled: true}
                auth:
                  server:
                    htpasswd: DIR/users
                    key: DIR/key.json
                    rules: [{users: [me], repositories: ["**"], actions: ["*"], catalog: true}]
                """.replace("DIR", directory.toString());
        try (var server = InProcess.serve(directory.resolve("data"), more);
                var browser = new Chromium(directory.resolve("browser"))) {
            push(server);
            browser.go("http://127.0.0.1:" + server.port() + "/ui/");
            assertThat(browser.text("Log in")).doesNotContain("team/app");
            browser.evaluate("user.value = 'me'; password.value = 'secret'; login.requestSubmit()");
            browser.text("team/app");

            click(browser, "a", "team/app");
            assertThat(browser.text("v2")).contains("v1").doesNotContain("Log in");
            click(browser, "a", "v1");
            browser.text("linux/arm64/v8");
            click(browser, "td a", "sha256:");
            assertThat(browser.text("2026-01-02T03:04:05Z"))
                    .contains(MANIFEST, "Platform\tlinux/arm64/v8", "Size\t2.5 kB");

            browser.evaluate("window.confirm = text => text.includes('v1'); location.hash = '#/tags/team/app'");
            browser.text("v2");
            browser.evaluate("document.querySelectorAll('button.delete')[1].click()");
            browser.evaluate("document.querySelectorAll('button.delete')[0].click()");
            Await.until(
                    "the tag is gone",
                    () -> !browser.evaluate("return content.innerText").contains("v1"));
            assertThat(browser.text("v2")).contains("v2");
        }
    }

    private static void click(Chromium browser, String selector, String text) throws InterruptedException {
        browser.evaluate("[...document.querySelectorAll('main " + selector + "')].find(e => e.innerText.startsWith('"
                + text + "')).click()");
    }

    @Test
    void itIsThereIfWantedAndRunsNothingElse() throws IOException {
        try (var server = InProcess.serve(directory.resolve("data"), "  ui: {enabled: true}\n  prefix: /sub/\n");
                var client = new SpecClient(server.port())) {
            assertThat(client.ask("GET", "/sub/ui", new byte[0]).header("Location"))
                    .isEqualTo("/sub/ui/");
            var page = client.ask("GET", "/sub/ui/", new byte[0]);
            assertThat(page.header("Content-Security-Policy")).contains("default-src 'none'", "script-src 'self'");
            assertThat(page.text()).contains("page.js", "page.css");
            assertThat(client.ask("GET", "/sub/ui/page.js", new byte[0]).header("Content-Type"))
                    .startsWith("text/javascript");
            assertThat(client.ask("GET", "/sub/ui/page.css", new byte[0]).status())
                    .isEqualTo(200);
            assertThat(client.ask("GET", "/sub/ui/settings.json", new byte[0]).text())
                    .isEqualTo("{\"deletes\":true}");
        }
        try (var server = InProcess.serve(directory.resolve("other"), "");
                var client = new SpecClient(server.port())) {
            assertThat(client.ask("GET", "/ui/", new byte[0]).status()).isEqualTo(404);
        }
    }
}
