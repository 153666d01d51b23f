package io.drydock.docker.cli.plugin;

import io.drydock.docker.cli.catalog.Catalog;
import io.drydock.docker.cli.catalog.CommandSpec;
import io.drydock.docker.cli.json.Json;
import io.drydock.docker.cli.session.ConfigFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Finds plugins. The first directory that has one of a name wins. */
public final class CliPlugins {
    private static final String PREFIX = "docker-";
    private static final List<String> SYSTEM = List.of(
            "/usr/local/lib/docker/cli-plugins",
            "/usr/local/libexec/docker/cli-plugins",
            "/usr/lib/docker/cli-plugins",
            "/usr/libexec/docker/cli-plugins");

    private final ConfigFile config;

    public CliPlugins(ConfigFile config) {
        this.config = config;
    }

    private List<Path> directories() throws IOException {
        var all = new ArrayList<Path>();
        for (Object extra : Json.list(config.content().get("cliPluginsExtraDirs"))) {
            all.add(Path.of(extra.toString()));
        }
        all.add(config.directory().resolve("cli-plugins"));
        for (String directory : SYSTEM) {
            all.add(Path.of(directory));
        }
        return all;
    }

    /** A good plugin of that name, or null. */
    public @Nullable CliPlugin find(String name) throws IOException {
        if (!isName(name)) {
            return null;
        }
        for (Path directory : directories()) {
            Path program = directory.resolve(PREFIX + name);
            if (Files.exists(program)) {
                CliPlugin plugin = examine(name, program);
                return plugin.isGood() ? plugin : null;
            }
        }
        return null;
    }

    /** All, good and bad, in the order of their names. */
    public List<CliPlugin> all() throws IOException {
        var found = new TreeMap<String, Path>();
        for (Path directory : directories()) {
            if (!Files.isDirectory(directory)) {
                continue;
            }
            try (DirectoryStream<Path> programs = Files.newDirectoryStream(directory, PREFIX + "*")) {
                for (Path program : programs) {
                    if (Files.isRegularFile(program)) {
                        found.putIfAbsent(program.getFileName().toString().substring(PREFIX.length()), program);
                    }
                }
            }
        }
        var plugins = new ArrayList<CliPlugin>();
        for (Map.Entry<String, Path> entry : found.entrySet()) {
            plugins.add(examine(entry.getKey(), entry.getValue()));
        }
        return plugins;
    }

    private static boolean isName(String name) {
        boolean good = !name.isEmpty() && !Character.isDigit(name.charAt(0));
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            good &= c >= 'a' && c <= 'z' || c >= '0' && c <= '9';
        }
        return good;
    }

    private static CliPlugin examine(String name, Path program) throws IOException {
        String path = program.toString();
        if (!isName(name)) {
            return bad(name, path, "plugin candidate \"" + name + "\" did not match \"^[a-z][a-z0-9]*$\"");
        }
        CommandSpec builtIn = Catalog.find("", name);
        if (builtIn != null) {
            return bad(name, path, "plugin \"" + name + "\" duplicates builtin command");
        }
        String text;
        try {
            Process process = new ProcessBuilder(path, "docker-cli-plugin-metadata")
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            process.getOutputStream().close();
            text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            int status = process.waitFor();
            if (status != 0) {
                return bad(name, path, "failed to fetch metadata: exit status " + status);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        } catch (IOException e) {
            boolean denied = String.valueOf(e.getMessage()).contains("ermission denied");
            return bad(
                    name,
                    path,
                    "failed to fetch metadata: fork/exec " + path + ": "
                            + (denied ? "permission denied" : "exec format error"));
        }
        return described(name, path, text);
    }

    private static CliPlugin described(String name, String path, String text) {
        Map<String, Object> metadata;
        try {
            metadata = Json.map(Json.parse(text));
        } catch (IllegalArgumentException e) {
            return bad(name, path, "invalid metadata: " + e.getMessage());
        }
        String schema = Json.text(metadata, "SchemaVersion");
        String error = "";
        if (!schema.equals("0.1.0")) {
            error = "plugin SchemaVersion \"" + schema + "\" is not valid, must be 0.1.0";
        } else if (Json.text(metadata, "Vendor").isEmpty()) {
            error = "plugin metadata does not define a vendor";
        }
        return new CliPlugin(name, path, metadata, error);
    }

    private static CliPlugin bad(String name, String path, String error) {
        return new CliPlugin(name, path, Map.of(), error);
    }
}
