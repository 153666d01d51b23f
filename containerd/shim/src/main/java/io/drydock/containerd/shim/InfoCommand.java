package io.drydock.containerd.shim;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import io.drydock.spec.containerd.runc.Options;
import io.drydock.spec.containerd.types.RuntimeInfo;
import io.drydock.spec.containerd.types.RuntimeVersion;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * {@code -info}: what containerd 2 shows of a runtime, and tells the kubelet. The options on standard input name the OCI
 * runtime, which is asked for its features; one that cannot tell them has none.
 */
final class InfoCommand {
    private static final String FEATURES = "types.containerd.io/opencontainers/runtime-spec/1/features/Features";
    private static final long LIMIT_SECONDS = 30;

    private final Path runtime;

    /** @param runtime our own, asked if the options name no other */
    InfoCommand(Path runtime) {
        this.runtime = runtime;
    }

    /** @param stdin all of it: the options as an {@code Any}, or nothing */
    RuntimeInfo run(byte[] stdin) throws IOException {
        Any any = Any.parseFrom(stdin);
        boolean runc = any.getTypeUrl().endsWith("containerd.runc.v1.Options");
        if (!any.getTypeUrl().isEmpty() && !runc) {
            throw new IOException("failed to read runtime options: unknown type " + any.getTypeUrl());
        }
        Options options = runc ? Options.parseFrom(any.getValue()) : Options.getDefaultInstance();
        RuntimeInfo.Builder info = RuntimeInfo.newBuilder()
                .setName("io.containerd.runc.v2")
                .setVersion(RuntimeVersion.newBuilder().setVersion("0.1.0").setRevision("drydock"));
        if (runc) {
            info.setOptions(any);
        }
        String asked = Runtimes.isBuiltIn(options) ? runtime.toString() : options.getBinaryName();
        features(asked)
                .ifPresent(json ->
                        info.setFeatures(Any.newBuilder().setTypeUrl(FEATURES).setValue(json)));
        return info.build();
    }

    /** @throws IOException if it is not there */
    private static Optional<ByteString> features(String program) throws IOException {
        Process process = new ProcessBuilder(program, "features")
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        process.getOutputStream().close();
        process.onExit().orTimeout(LIMIT_SECONDS, TimeUnit.SECONDS).exceptionally(late -> process.destroyForcibly());
        try (InputStream out = process.getInputStream()) {
            ByteString json = ByteString.readFrom(out);
            return process.waitFor() == 0 ? Optional.of(json) : Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            process.destroyForcibly();
            throw new IOException("interrupted while " + program + " was asked for its features", e);
        }
    }
}
