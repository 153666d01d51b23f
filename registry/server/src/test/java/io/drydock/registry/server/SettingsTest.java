package io.drydock.registry.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SettingsTest {
    @Test
    void keysOfDockersRegistryAreRead() {
        var settings = Settings.parse("""
                version: 0.1
                log: {level: debug}
                storage:
                  cache: {blobdescriptor: inmemory}
                  filesystem: {rootdirectory: /data}
                  delete: {enabled: true}
                  maintenance: {readonly: {enabled: true}}
                http:
                  addr: 127.0.0.1:5001
                  host: https://registry.example
                  relativeurls: true
                  draintimeout: 60s
                  headers:
                    X-One: [a, b]
                  tls: {certificate: /c.pem, key: /k.pem, clientcas: [/ca.pem]}
                auth:
                  htpasswd: {realm: r, path: /users}
                """, Map.of());
        assertThat(settings)
                .isEqualTo(new Settings(
                        Path.of("/data"),
                        true,
                        true,
                        "127.0.0.1:5001",
                        false,
                        "https://registry.example",
                        true,
                        Map.of("X-One", "a, b"),
                        Path.of("/c.pem"),
                        Path.of("/k.pem"),
                        Path.of("/ca.pem"),
                        Path.of("/users"),
                        "r",
                        Duration.ofSeconds(60),
                        "debug"));
    }

    @Test
    void theEnvironmentGoesBeforeTheFile() {
        var settings = Settings.parse(
                "version: 0.1\nstorage: {filesystem: {rootdirectory: /data}}\n",
                Map.of(
                        "REGISTRY_STORAGE_FILESYSTEM_ROOTDIRECTORY", "/other",
                        "REGISTRY_STORAGE_DELETE_ENABLED", "true",
                        "REGISTRY_HTTP_ADDR", "127.0.0.1:1",
                        "HOME", "/root"));
        assertThat(settings.root()).isEqualTo(Path.of("/other"));
        assertThat(settings.deletes()).isTrue();
        assertThat(settings.tcpAddress().getPort()).isEqualTo(1);
    }

    @Test
    void whatThereIsNotIsRefusedByName() {
        assertThatThrownBy(() -> Settings.parse("version: 0.1\nstorage: {s3: {bucket: b}}", Map.of()))
                .hasMessage("StorageDriver not registered: s3");
        assertThatThrownBy(() -> Settings.parse("version: 0.1\nproxy: {remoteurl: x}", Map.of()))
                .hasMessageContaining("proxy is not supported yet");
        assertThatThrownBy(() -> Settings.parse("version: 0.1\nauth: {token: {realm: x}}", Map.of()))
                .hasMessageContaining("no access controller registered with name: token");
        assertThatThrownBy(() -> Settings.parse("version: 0.2", Map.of()))
                .hasMessageContaining("unsupported configuration version");
        assertThatThrownBy(() -> Settings.parse("a: [", Map.of())).hasMessageContaining("error parsing configuration");
    }

    @Test
    void noKeyIsIgnored() {
        for (var key : List.of(
                "http: {prefix: /x/}",
                "http: {debug: {addr: x}}",
                "http: {tls: {letsencrypt: {email: x}}}",
                "log: {hooks: [x]}",
                "health: {file: [x]}",
                "storage: {maintenance: {uploadpurging: {enabled: true}}}",
                "nonsense: 1")) {
            assertThatThrownBy(() -> Settings.parse("version: 0.1\n" + key, Map.of()))
                    .as(key)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("is not supported yet");
        }
        assertThatThrownBy(() -> Settings.parse("version: 0.1\nlog: {formatter: json}", Map.of()))
                .hasMessage("configuration: log.formatter: only text is supported, not json");
        assertThatThrownBy(() -> Settings.parse("version: 0.1\nauth: {htpasswd: {realm: x}}", Map.of()))
                .hasMessageContaining("\"path\" must be set");
        var foreign = Settings.parse("version: 0.1", Map.of("REGISTRY_URL", "x", "REGISTRY_HTTP_SECRET", "x"));
        assertThat(foreign.htpasswd()).isNull();
    }

    @Test
    void debiansFileIsTaken() {
        var settings = Settings.parse(
                """
                version: 0.1
                log:
                  fields:
                    service: registry
                storage:
                  cache:
                    blobdescriptor: inmemory
                  filesystem:
                    rootdirectory: /var/lib/docker-registry
                  delete:
                    enabled: true
                http:
                  addr: :5000
                  headers:
                    X-Content-Type-Options: [nosniff]
                auth:
                  htpasswd:
                    realm: basic-realm
                    path: /etc/docker/registry
                health:
                  storagedriver:
                    enabled: true
                    interval: 10s
                    threshold: 3
                """,
                Map.of(
                        "REGISTRY_AUTH",
                        "htpasswd",
                        "REGISTRY_AUTH_HTPASSWD_PATH",
                        "/users",
                        "REGISTRY_AUTH_HTPASSWD_REALM",
                        "r"));
        assertThat(settings.htpasswd()).isEqualTo(Path.of("/users"));
        assertThat(settings.tcpAddress().getPort()).isEqualTo(5000);
    }
}
