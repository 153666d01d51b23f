package io.drydock.docker.cli.image;

import io.drydock.docker.cli.json.Json;
import io.drydock.docker.cli.session.CliException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * What an image runs on, as {@code --platform} names it: {@code linux}, {@code arm64}, {@code linux/arm/v7}.
 *
 * @param variant or empty
 */
public record Platform(String system, String architecture, String variant) {
    private static final Set<String> SYSTEMS = Set.of(
            "aix",
            "android",
            "darwin",
            "dragonfly",
            "freebsd",
            "illumos",
            "ios",
            "js",
            "linux",
            "netbsd",
            "openbsd",
            "plan9",
            "solaris",
            "wasip1",
            "windows");
    private static final Set<String> ARCHITECTURES = Set.of(
            "386",
            "amd64",
            "arm",
            "arm64",
            "loong64",
            "mips",
            "mips64",
            "mips64le",
            "mipsle",
            "ppc64",
            "ppc64le",
            "riscv64",
            "s390x",
            "wasm");

    /** Reads one; what is left out is that of this machine. */
    public static Platform parse(String text) throws CliException {
        if (text.contains("*")) {
            throw new CliException("\"" + text + "\": wildcards not yet supported: invalid argument");
        }
        String[] parts = text.split("/", -1);
        for (String part : parts) {
            check(text, part);
        }
        String first = parts[0].toLowerCase();
        String system = first.equals("macos") ? "darwin" : first;
        return switch (parts.length) {
            case 1 -> {
                if (SYSTEMS.contains(system)) {
                    yield of(system, System.getProperty("os.arch"), "");
                }
                Platform here = of("linux", parts[0], "");
                if (!ARCHITECTURES.contains(here.architecture)) {
                    throw new CliException(
                            "\"" + text + "\": unknown operating system or architecture: invalid argument");
                }
                yield here;
            }
            case 2 -> of(system, parts[1], "");
            case 3 -> {
                Platform named = of(system, parts[1], parts[2].toLowerCase());
                yield named.architecture.equals("arm64") && named.variant.isEmpty()
                        ? new Platform(system, "arm64", "v8")
                        : named;
            }
            default -> throw new CliException("\"" + text + "\": cannot parse platform specifier: invalid argument");
        };
    }

    private static void check(String text, String part) throws CliException {
        boolean good = !part.isEmpty();
        for (int i = 0; i < part.length(); i++) {
            char c = part.charAt(i);
            good &= c < 128 && (Character.isLetterOrDigit(c) || c == '_' || c == '.' || c == '-');
        }
        if (!good) {
            throw new CliException("\"" + part + "\" is an invalid component of \"" + text
                    + "\": platform specifier component must match \"^[A-Za-z0-9_.-]+$\": invalid argument");
        }
    }

    private static Platform of(String system, String architecture, String variant) {
        String arch = architecture.toLowerCase();
        return switch (arch) {
            case "x86_64", "x86-64", "amd64" -> new Platform(system, "amd64", variant.equals("v1") ? "" : variant);
            case "i386" -> new Platform(system, "386", "");
            case "aarch64", "arm64" ->
                new Platform(system, "arm64", variant.equals("8") || variant.equals("v8") ? "" : variant);
            case "armhf" -> new Platform(system, "arm", "");
            case "armel" -> new Platform(system, "arm", "v6");
            case "arm" ->
                new Platform(
                        system,
                        "arm",
                        switch (variant) {
                            case "", "v7", "7" -> variant.isEmpty() ? "" : "v7";
                            case "5", "6", "8" -> "v" + variant;
                            default -> variant;
                        });
            default -> new Platform(system, arch, variant);
        };
    }

    /** As the engine takes it in a query. */
    public String json() {
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("architecture", architecture);
        members.put("os", system);
        if (!variant.isEmpty()) {
            members.put("variant", variant);
        }
        return Json.write(members);
    }

    /** The query value for a flag's argument; empty for an empty one. */
    public static String query(String text) throws CliException {
        return text.isEmpty() ? "" : parse(text).json();
    }
}
