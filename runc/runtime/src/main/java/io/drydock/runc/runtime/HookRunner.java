package io.drydock.runc.runtime;

import io.drydock.linux.EventCalls;
import io.drydock.linux.ExitStatus;
import io.drydock.linux.Fd;
import io.drydock.linux.Linux;
import io.drydock.linux.Poller;
import io.drydock.linux.Spawn;
import io.drydock.spec.oci.runtime.Hook;
import io.drydock.spec.oci.runtime.Hooks;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Runs the hooks that belong into the runtime's namespaces: the state on stdin, the bundle as directory. */
final class HookRunner {
    private final Linux linux;
    private final Poller poller;

    HookRunner(Linux linux, Poller poller) {
        this.linux = linux;
        this.poller = poller;
    }

    /** Those that run once the namespaces are there, before the container's root is entered. */
    void runBeforeRoot(Hooks hooks, byte[] state, Path bundle) throws RuntimeFailure {
        run("prestart", hooks.prestart(), state, bundle);
        run("createRuntime", hooks.createRuntime(), state, bundle);
    }

    /** Runs them in order; the first that fails ends it with {@code error running <kind> hook #N: …}. */
    void run(String kind, List<Hook> hooks, byte[] state, Path bundle) throws RuntimeFailure {
        for (int i = 0; i < hooks.size(); i++) {
            String where = "error running " + kind + " hook #" + i + ": ";
            try {
                String failure = run(hooks.get(i), state, bundle);
                if (!failure.isEmpty()) {
                    throw new RuntimeFailure(RuntimeFailure.Kind.FAILED, where + failure);
                }
            } catch (RuntimeFailure e) {
                throw e;
            } catch (IOException e) {
                throw new RuntimeFailure(RuntimeFailure.Kind.FAILED, where + e.getMessage(), e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new RuntimeFailure(RuntimeFailure.Kind.FAILED, where + "interrupted", e);
            }
        }
    }

    private String run(Hook hook, byte[] state, Path bundle) throws IOException, InterruptedException {
        List<String> own = System.getenv().entrySet().stream()
                .map(entry -> entry.getKey() + '=' + entry.getValue())
                .toList();
        try (Fd input = linux.files().memfdCreate("hook-state");
                Fd output = linux.files().memfdCreate("hook-output")) {
            linux.files().writeFully(input, ByteBuffer.wrap(state));
            linux.files().lseek(input, 0, 0);
            List<String> arguments = hook.args().isEmpty() ? List.of(hook.path()) : hook.args();
            int pid = linux.processes()
                    .spawn(new Spawn(
                            hook.path(),
                            arguments,
                            hook.env().isEmpty() ? own : hook.env(),
                            Map.of(0, input, 1, output, 2, output),
                            bundle.toString(),
                            false));
            try (Fd pidfd = linux.processes().pidfdOpen(pid)) {
                Duration limit = hook.timeout() == null ? Duration.ofDays(1) : Duration.ofSeconds(hook.timeout());
                boolean inTime = poller.await(pidfd, EventCalls.IN, limit) != 0;
                if (!inTime) {
                    linux.processes().pidfdSendSignal(pidfd, 9);
                    poller.await(pidfd, EventCalls.IN);
                }
                Optional<ExitStatus> end = linux.processes().waitPidfd(pidfd, false);
                if (!inTime) {
                    return "hook ran past specified timeout of " + limit.toSeconds() + ".0s";
                }
                ExitStatus status = end.orElse(new ExitStatus(0, 0));
                return status.shellCode() == 0 ? "" : describe(status) + ", output: " + text(output);
            }
        }
    }

    private static String describe(ExitStatus status) {
        return status.signal() == 0 ? "exit status " + status.code() : "signal: " + status.signal();
    }

    private String text(Fd output) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(4096);
        linux.files().pread(output, bytes, 0);
        return new String(bytes.array(), 0, bytes.position(), StandardCharsets.UTF_8).strip();
    }
}
