package io.drydock.runc.cli;

import io.drydock.linux.Fd;
import io.drydock.linux.Linux;
import io.drydock.runc.runtime.Container;
import io.drydock.runc.runtime.Containers;
import io.drydock.runc.runtime.CreateRequest;
import io.drydock.runc.runtime.RuntimeFailure;
import io.drydock.runc.runtime.Stdio;
import io.drydock.spec.oci.OciJson;
import io.drydock.spec.oci.runtime.Spec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code runc create}, {@code runc run} and {@code runc restore}. */
final class CreateCommand {
    private final Containers containers;
    private final Containers.Config config;
    private final Linux linux;
    private final boolean systemdCgroup;

    CreateCommand(Containers containers, Containers.Config config, boolean systemdCgroup) {
        this.containers = containers;
        this.config = config;
        this.linux = config.linux();
        this.systemdCgroup = systemdCgroup;
    }

    int create(List<String> words) throws UsageException, IOException {
        CommandLine line = CommandLine.parse(
                words,
                "bundle,b=",
                "console-socket=",
                "pidfd-socket=",
                "pid-file=",
                "no-pivot",
                "no-new-keyring",
                "preserve-fds=");
        Container container = containers.create(request("create", line, true));
        try {
            finish(container, line);
        } catch (IOException e) {
            throw undone(container, e);
        }
        return 0;
    }

    int run(List<String> words) throws UsageException, IOException {
        CommandLine line = CommandLine.parse(
                words,
                "bundle,b=",
                "console-socket=",
                "pidfd-socket=",
                "pid-file=",
                "no-pivot",
                "no-new-keyring",
                "preserve-fds=",
                "detach,d",
                "no-subreaper",
                "keep");
        boolean detach = line.has("detach");
        Container container = containers.create(request("run", line, detach));
        return stay(container, line, detach, Container::start);
    }

    int restore(List<String> words) throws UsageException, IOException {
        CommandLine line = CommandLine.parse(
                words,
                "console-socket=",
                "image-path=",
                "work-path=",
                "tcp-established",
                "ext-unix-sk",
                "shell-job",
                "file-locks",
                "manage-cgroups-mode=",
                "bundle,b=",
                "detach,d",
                "pid-file=",
                "no-subreaper",
                "no-pivot",
                "empty-ns=",
                "auto-dedup",
                "lazy-pages",
                "lsm-profile=",
                "lsm-mount-context=");
        boolean detach = line.has("detach");
        Container container = containers.restore(request("restore", line, detach), CriuFlags.options(line));
        return stay(container, line, detach, restored -> {});
    }

    /** What is left to do for a container that is as good as running. */
    private interface Last {
        void run(Container container) throws IOException;
    }

    /** Hands a container over, or stays with it to its end and answers its exit code. */
    private int stay(Container container, CommandLine line, boolean detach, Last last)
            throws UsageException, IOException {
        boolean terminal =
                container.spec().process() != null && container.spec().process().terminal();
        NotifySocket notify = notifySocket(container);
        if (detach) {
            try {
                finish(container, line);
                last.run(container);
                if (notify != null) {
                    notify.relay(container.init(), container.init().pid());
                }
            } catch (IOException e) {
                throw undone(container, e);
            }
            return 0;
        }
        if (notify != null) {
            notify.relayBeside(container.init(), (int) ProcessHandle.current().pid());
        }
        try (Foreground foreground =
                terminal ? Foreground.terminal(linux, container.init()) : Foreground.plain(container.init())) {
            try {
                PidfdSocket.send(linux, line.get("pidfd-socket", ""), container.init());
                PidFile.write(line.get("pid-file", ""), container.init().pid());
                last.run(container);
            } catch (IOException e) {
                throw undone(container, e);
            }
            int code = foreground.await();
            if (!line.has("keep")) {
                container.delete(true);
            }
            return code;
        }
    }

    private @Nullable NotifySocket notifySocket(Container container) throws IOException {
        try {
            return NotifySocket.open(linux, config.root().resolve(container.id()), config.warnings());
        } catch (IOException e) {
            throw undone(container, e);
        }
    }

    /** Who asked for a container and got an error has none to delete. */
    private static IOException undone(Container container, IOException failure) {
        try {
            container.delete(true);
        } catch (RuntimeFailure e) {
            failure.addSuppressed(e);
        }
        return failure;
    }

    private void finish(Container container, CommandLine line) throws IOException {
        String socket = line.get("console-socket", "");
        if (!socket.isEmpty()) {
            try (Fd master = container.init().terminal()) {
                ConsoleSocket.send(linux, socket, master);
            }
        }
        PidfdSocket.send(linux, line.get("pidfd-socket", ""), container.init());
        PidFile.write(line.get("pid-file", ""), container.init().pid());
    }

    private CreateRequest request(String command, CommandLine line, boolean detached)
            throws UsageException, IOException {
        if (line.arguments().size() != 1) {
            throw new UsageException("runc: \"" + command + "\" requires exactly 1 argument(s)");
        }
        Path bundle = Path.of(line.get("bundle", "")).toAbsolutePath().normalize();
        boolean terminal = terminal(bundle);
        boolean socket = !line.get("console-socket", "").isEmpty();
        if (terminal && detached && !socket) {
            throw new IOException("cannot allocate tty if runc will detach without setting console socket");
        }
        if (socket && !(terminal && detached)) {
            throw new IOException("cannot use console socket if runc will not detach or allocate tty");
        }
        Stdio stdio = terminal
                ? new Stdio.Terminal(null)
                : new Stdio.Descriptors(Fd.borrowed(0), Fd.borrowed(1), Fd.borrowed(2), List.of());
        CreateRequest.Options options = new CreateRequest.Options(
                line.has("no-pivot"),
                line.has("no-new-keyring"),
                systemdCgroup,
                detached,
                !NotifySocket.host().isEmpty());
        return new CreateRequest(line.arguments().getFirst(), bundle, List.of(), stdio, Preserved.of(line), options);
    }

    private static boolean terminal(Path bundle) throws IOException {
        try {
            Spec spec = OciJson.read(Spec.class, Files.readAllBytes(bundle.resolve("config.json")));
            return spec.process() != null && spec.process().terminal();
        } catch (NoSuchFileException e) {
            throw new IOException("JSON specification file config.json not found", e);
        } catch (IllegalArgumentException e) {
            throw new IOException(e.getMessage(), e);
        }
    }
}
