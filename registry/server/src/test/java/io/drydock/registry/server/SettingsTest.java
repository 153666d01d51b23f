package io.drydock.registry.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SettingsTest {
    @Test
    void keysOfDockersRegistryAreRead() {
        var settings = Settings.parse("""
                version: 0.1
                log: {level: debug, formatter: json, accesslog: {disabled: true}, audit: /audit}
                storage:
                  cache: {blobdescriptor: inmemory}
                  filesystem: {rootdirectory: /data}
                  delete: {enabled: true}
                  maintenance: {readonly: {enabled: true}, scrub: {enabled: true, interval: 1h}}
                http:
                  addr: 127.0.0.1:5001
                  host: https://registry.example
                  prefix: /sub/
                  relativeurls: true
                  draintimeout: 1m30s
                  http2: {disabled: true}
                  h2c: {enabled: true}
                  ui: {enabled: true}
                  ratelimit: {requests: 5, burst: 9}
                  debug: {addr: 127.0.0.1:5002, prometheus: {enabled: true, path: /m}}
                  headers:
                    X-One: [a, b]
                  tls: {certificate: /c.pem, key: /k.pem, clientcas: [/ca.pem]}
                auth:
                  htpasswd: {realm: r, path: /users}
                proxy: {remoteurl: "https://hub.example/", username: u, password: p, ttl: 1h, maxsize: 1k, interval: 2s,
                        upstreams: [{name: "ghcr.io:5", remoteurl: "http://g"}]}
                notifications:
                  events: {includereferences: true}
                  endpoints:
                    - {name: off, disabled: true}
                    - name: on
                      url: http://h/e
                      headers: {A: [x, y]}
                      timeout: 2s
                      backoff: 3s
                      ignoredmediatypes: [t1]
                      ignore: {mediatypes: [t2], actions: [pull]}
                """, Map.of());
        assertThat(settings)
                .isEqualTo(new Settings(
                        new StorageSettings(
                                "filesystem",
                                Path.of("/data"),
                                Map.of(),
                                true,
                                true,
                                true,
                                Optional.empty(),
                                Optional.empty(),
                                List.of(),
                                Optional.of(new StorageSettings.Scrubbing(Duration.ofHours(1), false))),
                        new HttpSettings(
                                "127.0.0.1:5001",
                                false,
                                "/sub/",
                                "https://registry.example",
                                true,
                                Map.of("X-One", "a, b"),
                                Path.of("/c.pem"),
                                Path.of("/k.pem"),
                                null,
                                Path.of("/ca.pem"),
                                false,
                                true,
                                true,
                                Duration.ofSeconds(90),
                                new HttpSettings.Limit(5, 9),
                                "127.0.0.1:5002",
                                "/m"),
                        new AuthSettings.Htpasswd("r", Path.of("/users")),
                        Optional.of(new ProxySettings(
                                new ProxySettings.Upstream("", URI.create("https://hub.example"), "u", "p"),
                                List.of(new ProxySettings.Upstream("ghcr.io:5", URI.create("http://g"), "", "")),
                                Duration.ofHours(1),
                                1024,
                                Duration.ofSeconds(2))),
                        new NotificationSettings(
                                true,
                                List.of(new NotificationSettings.Endpoint(
                                        "on",
                                        URI.create("http://h/e"),
                                        Map.of("A", List.of("x", "y")),
                                        Duration.ofSeconds(2),
                                        10,
                                        Duration.ofSeconds(3),
                                        List.of("t1", "t2"),
                                        List.of("pull")))),
                        "debug",
                        true,
                        false,
                        Path.of("/audit")));
    }

    @Test
    void whereThingsAreKept() {
        assertThat(Settings.parse("version: 0.1\nstorage: inmemory", Map.of())
                        .storage()
                        .kind())
                .isEqualTo("inmemory");
        var bucket = Settings.parse("""
                version: 0.1
                storage: {s3: {bucket: b, region: r, secure: false, chunksize: 5242880}, redirect: {disable: true}, local: /here}
                """, Map.of("REGISTRY_STORAGE_S3_SECRETKEY", "k"))
                .storage();
        assertThat(bucket.parameters())
                .isEqualTo(Map.of(
                        "bucket", "b", "region", "r", "secure", "false", "chunksize", "5242880", "secretkey", "k"));
        assertThat(bucket.redirects()).isFalse();
        assertThat(bucket.root()).isEqualTo(Path.of("/here"));
        assertThatThrownBy(() -> Settings.parse(
                        "version: 0.1\nstorage: {s3: {}, maintenance: {garbagecollection: {enabled: true, grace: 1h}}}",
                        Map.of()))
                .hasMessageEndingWith("grace: at least 2h in S3");
        assertThatThrownBy(() -> Settings.parse("version: 0.1\nstorage: {inmemory: {}, s3: {}}", Map.of()))
                .hasMessage("must provide exactly one storage type. Provided: inmemory, s3");
    }

    @Test
    void whatIsClearedAwayAndWhen() {
        var usual = Settings.parse("version: 0.1\nstorage: {delete: {enabled: true}}", Map.of())
                .storage();
        assertThat(usual.purging())
                .contains(new StorageSettings.Purging(Duration.ofHours(168), Duration.ofHours(24), false));
        assertThat(usual.collecting())
                .contains(new StorageSettings.Collecting(Duration.ofHours(1), Duration.ofHours(24), false));
        var chosen = Settings.parse("""
                version: 0.1
                storage:
                  maintenance:
                    uploadpurging: {enabled: true, age: 1h30m, interval: 500ms, dryrun: true}
                    garbagecollection: {enabled: true, interval: 10m, grace: 0s, untagged: true}
                """, Map.of()).storage();
        assertThat(chosen.purging())
                .contains(new StorageSettings.Purging(Duration.ofMinutes(90), Duration.ofMillis(500), true));
        assertThat(chosen.collecting())
                .contains(new StorageSettings.Collecting(Duration.ofMinutes(10), Duration.ZERO, true));
        // without deletes nothing becomes garbage that somebody wanted gone
        assertThat(Settings.parse("version: 0.1", Map.of()).storage().collecting())
                .isEmpty();
        assertThatThrownBy(() -> Settings.parse(
                        "version: 0.1\nstorage: {maintenance: {uploadpurging: {interval: often}}}", Map.of()))
                .hasMessage("configuration: storage.maintenance.uploadpurging.interval: invalid duration \"often\"");
    }

    @Test
    void tokensAreAsked() {
        assertThat(Settings.parse("""
                        version: 0.1
                        auth: {token: {realm: "https://a/token", service: s, issuer: i, rootcertbundle: /r.pem, jwks: /j, signingalgorithms: [ES256]}}
                        """, Map.of()).auth())
                .isEqualTo(new AuthSettings.Token(
                        "https://a/token", "s", "i", Path.of("/r.pem"), Path.of("/j"), List.of("ES256")));
        assertThatThrownBy(() -> Settings.parse("version: 0.1\nauth: {token: {realm: x}}", Map.of()))
                .hasMessageContaining("token auth requires a valid option string: \"issuer\"");
    }

    @Test
    void theKindInTheEnvironmentKeepsItsDetailsInTheFile() {
        var file = "version: 0.1\nauth: {htpasswd: {realm: r, path: /users}}";
        assertThat(Settings.parse(file, Map.of("REGISTRY_AUTH", "htpasswd")).auth())
                .isEqualTo(new AuthSettings.Htpasswd("r", Path.of("/users")));
        assertThat(Settings.parse(file, Map.of("REGISTRY_AUTH", "none")).auth()).isEqualTo(new AuthSettings.None());
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
        assertThat(settings.storage().root()).isEqualTo(Path.of("/other"));
        assertThat(settings.storage().deletes()).isTrue();
        assertThat(settings.http().tcpAddress().getPort()).isEqualTo(1);
    }

    @Test
    void whatThereIsNotIsRefusedByName() {
        assertThatThrownBy(() -> Settings.parse("version: 0.1\nstorage: {gcs: {bucket: b}}", Map.of()))
                .hasMessage("StorageDriver not registered: gcs");
        assertThatThrownBy(() -> Settings.parse("version: 0.1\nnotifications: {endpoints: [{fan: 1}]}", Map.of()))
                .hasMessageContaining("notifications.endpoints[].fan is not supported yet");
        assertThatThrownBy(() -> Settings.parse("version: 0.1\nproxy: {remoteurl: x}", Map.of()))
                .hasMessageContaining("proxy.remoteurl: x");
        assertThatThrownBy(() -> Settings.parse("version: 0.1\nauth: {silly: {realm: x}}", Map.of()))
                .hasMessageContaining("no access controller registered with name: silly");
        assertThatThrownBy(() -> Settings.parse("version: 0.2", Map.of()))
                .hasMessageContaining("unsupported configuration version");
        assertThatThrownBy(() -> Settings.parse("a: [", Map.of())).hasMessageContaining("error parsing configuration");
    }

    @Test
    void noKeyIsIgnored() {
        for (var key : List.of(
                "http: {tls: {letsencrypt: {colour: x}}}",
                "log: {hooks: [x]}",
                "health: {file: [x]}",
                "storage: {maintenance: {uploadpurging: {color: red}}}",
                "http: {debug: {pprof: true}}",
                "nonsense: 1")) {
            assertThatThrownBy(() -> Settings.parse("version: 0.1\n" + key, Map.of()))
                    .as(key)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("is not supported yet");
        }
        assertThatThrownBy(() -> Settings.parse("version: 0.1\nlog: {formatter: logstash}", Map.of()))
                .hasMessage("unsupported logging formatter: \"logstash\"");
        assertThatThrownBy(() -> Settings.parse("version: 0.1\nauth: {htpasswd: {realm: x}}", Map.of()))
                .hasMessageContaining("\"path\" must be set");
        var foreign = Settings.parse("version: 0.1", Map.of("REGISTRY_URL", "x", "REGISTRY_HTTP_SECRET", "x"));
        assertThat(foreign.auth()).isEqualTo(new AuthSettings.None());
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
        assertThat(settings.auth()).isEqualTo(new AuthSettings.Htpasswd("r", Path.of("/users")));
        assertThat(settings.http().tcpAddress().getPort()).isEqualTo(5000);
    }
}
