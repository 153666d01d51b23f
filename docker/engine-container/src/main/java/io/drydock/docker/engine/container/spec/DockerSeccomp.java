package io.drydock.docker.engine.container.spec;

import io.avaje.json.JsonException;
import io.avaje.jsonb.Jsonb;
import io.drydock.spec.engine.EngineException;
import io.drydock.spec.oci.runtime.Seccomp;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Filters of system calls from profiles in Docker's form: the built-in one, the daemon's, or a container's own. */
public final class DockerSeccomp implements SpecFactory.SeccompProfiles {
    private static final int CACHED = 64;

    private final @Nullable SeccompProfile profile;
    private final Map<List<String>, Seccomp> resolved = new ConcurrentHashMap<>();

    private DockerSeccomp(@Nullable SeccompProfile profile) {
        this.profile = profile;
    }

    /**
     * Filters by {@code --seccomp-profile}.
     *
     * @param chosen {@code builtin}, {@code unconfined}, or the path of a profile
     */
    public static DockerSeccomp of(String chosen) throws IOException {
        return switch (chosen) {
            case "", "builtin" -> new DockerSeccomp(read(builtinText()));
            case "unconfined" -> new DockerSeccomp(null);
            default -> new DockerSeccomp(read(Files.readAllBytes(Path.of(chosen))));
        };
    }

    private static byte[] builtinText() throws IOException {
        try (InputStream in = DockerSeccomp.class.getResourceAsStream("seccomp.json")) {
            if (in == null) {
                throw new IOException("the built-in seccomp profile is missing");
            }
            return in.readAllBytes();
        }
    }

    private static SeccompProfile read(byte[] json) {
        try {
            return Jsonb.instance().type(SeccompProfile.class).fromJson(json);
        } catch (JsonException e) {
            throw EngineException.invalid("Decoding seccomp profile failed: " + e.getMessage());
        }
    }

    @Override
    public @Nullable Seccomp builtin(List<String> capabilities) {
        if (profile == null) {
            return null;
        }
        if (resolved.size() > CACHED) {
            resolved.clear();
        }
        return resolved.computeIfAbsent(capabilities, key -> profile.resolve(target(key)));
    }

    @Override
    public Seccomp parse(String json, List<String> capabilities) {
        return read(json.getBytes(java.nio.charset.StandardCharsets.UTF_8)).resolve(target(capabilities));
    }

    private static SeccompProfile.Target target(List<String> capabilities) {
        boolean arm = System.getProperty("os.arch").equals("aarch64");
        String[] kernel = release().split("[.-]");
        return new SeccompProfile.Target(
                arm ? "arm64" : "amd64",
                arm ? "SCMP_ARCH_AARCH64" : "SCMP_ARCH_X86_64",
                Set.copyOf(capabilities),
                Integer.parseInt(kernel[0]),
                Integer.parseInt(kernel[1]));
    }

    private static String release() {
        try {
            return Files.readString(Path.of("/proc/sys/kernel/osrelease")).strip();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
