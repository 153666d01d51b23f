package io.drydock.docker.engine.image;

import io.drydock.containerd.client.PullRequest.Platform;
import io.drydock.spec.engine.EngineException;
import java.util.Locale;
import java.util.Set;

/** Platforms as users write them: {@code linux/arm64/v8}, {@code linux/x86_64}, {@code arm64}, {@code linux}. */
final class PlatformText {
    private static final Set<String> SYSTEMS =
            Set.of("linux", "windows", "darwin", "freebsd", "netbsd", "openbsd", "dragonfly", "solaris", "plan9");
    private static final Set<String> ARCHITECTURES = Set.of(
            "386",
            "amd64",
            "arm",
            "arm64",
            "loong64",
            "mips",
            "mipsle",
            "mips64",
            "mips64le",
            "ppc64",
            "ppc64le",
            "riscv64",
            "s390x",
            "wasm");

    private PlatformText() {}

    /**
     * @param host this machine's architecture, for a text that names the system only
     * @throws EngineException INVALID
     */
    static Platform parse(String text, String host) {
        String[] parts = text.toLowerCase(Locale.ROOT).split("/", -1);
        if (parts.length == 1 && SYSTEMS.contains(parts[0])) {
            return new Platform(parts[0], host, "");
        }
        String system = parts.length == 1 ? "linux" : parts[0];
        String architecture = parts.length == 1 ? parts[0] : parts[1];
        String variant = parts.length > 2 ? parts[2] : "";
        String known =
                switch (architecture) {
                    case "x86_64", "x86-64" -> "amd64";
                    case "aarch64" -> "arm64";
                    case "i386" -> "386";
                    case "armhf", "armel" -> "arm";
                    default -> architecture;
                };
        if (variant.isEmpty() && known.equals("arm")) {
            variant = architecture.equals("armel") ? "v6" : "v7";
        }
        boolean valid = parts.length <= 3
                && SYSTEMS.contains(system)
                && (ARCHITECTURES.contains(known) || parts.length > 1 && known.matches("[a-z0-9_-]+"));
        if (!valid) {
            throw EngineException.invalid(
                    "\"" + text + "\": unknown operating system or architecture: invalid argument");
        }
        return new Platform(system, known, known.equals("arm64") && variant.equals("v8") ? "" : variant);
    }
}
