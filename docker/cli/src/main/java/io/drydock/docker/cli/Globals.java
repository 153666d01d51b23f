package io.drydock.docker.cli;

import io.drydock.docker.cli.context.ContextStore;
import io.drydock.docker.cli.http.Endpoint;
import io.drydock.docker.cli.http.EngineClient;
import io.drydock.docker.cli.http.TlsFiles;
import io.drydock.docker.cli.json.Json;
import io.drydock.docker.cli.plugin.CliPlugins;
import io.drydock.docker.cli.session.Cli;
import io.drydock.docker.cli.session.CliException;
import io.drydock.docker.cli.session.ConfigFile;
import io.drydock.docker.cli.session.Streams;
import io.drydock.flags.FlagSet;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The options before the command, the environment and the configuration: which engine to talk to, and how. */
final class Globals {
    private static final String UNRESOLVED = "Failed to initialize: unable to resolve docker endpoint: ";

    private Globals() {}

    private static Path configDirectory(Map<String, String> environment, @Nullable FlagSet flags) {
        if (flags != null && flags.changed("config")) {
            return Path.of(flags.text("config"));
        }
        String named = environment.getOrDefault("DOCKER_CONFIG", "");
        return named.isEmpty() ? Path.of(environment.getOrDefault("HOME", "/"), ".docker") : Path.of(named);
    }

    static FlagSet flags(Map<String, String> environment) {
        Path config = configDirectory(environment, null);
        String certificates = environment.getOrDefault("DOCKER_CERT_PATH", "");
        String certs = certificates.isEmpty() ? config.toString() : certificates;
        return new FlagSet().define("- config string = " + config + """
                         | Location of client config files
                        c context string | Name of the context to use to connect to the daemon (overrides DOCKER_HOST\s\
                        env var and default context set with "docker context use")
                        D debug bool | Enable debug mode
                        H host list | Daemon socket to connect to
                        l log-level string = info | Set the logging level ("debug", "info", "warn", "error", "fatal")
                        - tls bool | Use TLS; implied by --tlsverify
                        - tlscacert string = %/ca.pem | Trust certs signed only by this CA
                        - tlscert string = %/cert.pem | Path to TLS certificate file
                        - tlskey string = %/key.pem | Path to TLS key file
                        - tlsverify bool | Use TLS and verify the remote
                        v version bool | Print version information and quit
                        ! h help bool | Print usage
                        """.replace("%", certs));
    }

    /** Content trust asks for signatures to be checked, which this client cannot: it must not go on as if it had. */
    static void refuseContentTrust(Map<String, String> environment, FlagSet flags) throws CliException {
        String named = environment.getOrDefault("DOCKER_CONTENT_TRUST", "").toLowerCase();
        boolean on = flags.changed("disable-content-trust")
                ? !flags.bool("disable-content-trust")
                : named.equals("1") || named.equals("t") || named.equals("true");
        if (on) {
            throw new CliException("content trust is not supported by this client: signatures cannot be checked or made"
                    + " (--disable-content-trust goes on without)");
        }
    }

    static CliPlugins plugins(Map<String, String> environment, FlagSet flags) {
        return new CliPlugins(new ConfigFile(configDirectory(environment, flags)));
    }

    static Cli open(Map<String, String> environment, Streams streams, FlagSet flags) throws CliException, IOException {
        var config = new ConfigFile(configDirectory(environment, flags));
        String level = flags.text("log-level");
        if (!"debug info warn error fatal".contains(level) || level.isEmpty()) {
            throw new CliException("Unable to parse logging level: " + level);
        }
        String context = context(environment, flags, config);
        if (flags.changed("host") && flags.list("host").size() > 1) {
            throw new CliException(UNRESOLVED + "Specify only one -H");
        }
        if (flags.changed("host") && flags.changed("context")) {
            throw new CliException("conflicting options: cannot specify both --host and --context");
        }
        Endpoint endpoint = endpoint(environment, flags, config, context);
        Map<String, String> headers = new HashMap<>();
        Json.map(Json.at(config.content(), "HttpHeaders")).forEach((name, value) -> headers.put(name, value + ""));
        String version = environment.getOrDefault("DOCKER_API_VERSION", "");
        String pinned = version.startsWith("v") ? version.substring(1) : version;
        return new Cli(
                environment,
                streams,
                config,
                context,
                () -> new EngineClient(endpoint, "Docker-Client/" + Cli.VERSION + " (linux)", headers, pinned));
    }

    private static String context(Map<String, String> environment, FlagSet flags, ConfigFile config)
            throws IOException {
        if (flags.changed("context")) {
            return flags.text("context");
        }
        if (flags.changed("host")
                || !environment.getOrDefault("DOCKER_HOST", "").isEmpty()) {
            return "default";
        }
        String named = environment.getOrDefault("DOCKER_CONTEXT", "");
        if (named.isEmpty()) {
            named = config.text("currentContext");
        }
        return named.isEmpty() ? "default" : named;
    }

    private static Endpoint endpoint(Map<String, String> environment, FlagSet flags, ConfigFile config, String context)
            throws CliException, IOException {
        if (!context.equals("default")) {
            try {
                return new ContextStore(config.directory()).endpoint(context);
            } catch (CliException e) {
                throw new CliException(UNRESOLVED + e.getMessage());
            }
        }
        String host =
                flags.changed("host") ? flags.list("host").getFirst() : environment.getOrDefault("DOCKER_HOST", "");
        boolean verify = flags.changed("tlsverify")
                ? flags.bool("tlsverify")
                : !environment.getOrDefault("DOCKER_TLS_VERIFY", "").isEmpty();
        boolean tls = verify
                || flags.bool("tls")
                || !environment.getOrDefault("DOCKER_TLS", "").isEmpty();
        TlsFiles files = !tls
                ? null
                : new TlsFiles(
                        existing(flags, "tlscacert", verify),
                        existing(flags, "tlscert", false),
                        existing(flags, "tlskey", false),
                        verify);
        try {
            return Endpoint.of(host.isEmpty() ? "unix:///var/run/docker.sock" : host, files);
        } catch (IllegalArgumentException e) {
            throw new CliException((host.startsWith("ssh:") ? "Failed to initialize: " : UNRESOLVED) + e.getMessage());
        }
    }

    private static @Nullable Path existing(FlagSet flags, String name, boolean needed) throws CliException {
        Path file = Path.of(flags.text(name));
        if (Files.exists(file)) {
            return file;
        }
        if (needed || flags.changed(name)) {
            throw new CliException(UNRESOLVED + "open " + file + ": no such file or directory");
        }
        return null;
    }
}
