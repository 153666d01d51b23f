package io.drydock.runc.cli;

import io.drydock.linux.Fd;
import io.drydock.linux.Linux;
import io.drydock.runc.runtime.Container;
import io.drydock.runc.runtime.ContainerProcess;
import io.drydock.runc.runtime.Containers;
import io.drydock.runc.runtime.ExecRequest;
import io.drydock.runc.runtime.Stdio;
import io.drydock.spec.oci.OciJson;
import io.drydock.spec.oci.runtime.Capabilities;
import io.drydock.spec.oci.runtime.Process;
import io.drydock.spec.oci.runtime.User;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** {@code runc exec}. */
final class ExecCommand {
    private final Containers containers;
    private final Linux linux;
    private final PrintStream out;

    ExecCommand(Containers containers, Linux linux, PrintStream out) {
        this.containers = containers;
        this.linux = linux;
        this.out = out;
    }

    int run(List<String> words) throws UsageException, IOException {
        CommandLine line = CommandLine.parseToFirstArgument(
                words,
                "console-socket=",
                "pidfd-socket=",
                "cwd=",
                "env,e=",
                "tty,t",
                "user,u=",
                "additional-gids,g=",
                "process,p=",
                "detach,d",
                "pid-file=",
                "process-label=",
                "apparmor=",
                "no-new-privs",
                "cap,c=",
                "preserve-fds=",
                "cgroup=",
                "ignore-paused");
        List<String> arguments = line.arguments();
        if (arguments.isEmpty()) {
            throw new UsageException("runc: \"exec\" requires a minimum of 1 argument(s)");
        }
        if (line.get("process", "").isEmpty() && arguments.size() == 1) {
            throw new UsageException("exec args cannot be empty");
        }
        Container container = containers.load(arguments.getFirst());
        Process process = process(line, container, arguments.subList(1, arguments.size()));
        boolean detach = line.has("detach");
        String socket = line.get("console-socket", "");
        if (process.terminal() && detach && socket.isEmpty()) {
            throw new IOException("cannot allocate tty if runc will detach without setting console socket");
        }
        Stdio stdio = process.terminal()
                ? new Stdio.Terminal(null)
                : new Stdio.Descriptors(Fd.borrowed(0), Fd.borrowed(1), Fd.borrowed(2), List.of());
        ContainerProcess started = container.exec(new ExecRequest(
                OciJson.write(Process.class, process),
                stdio,
                Preserved.of(line),
                line.has("ignore-paused"),
                detach,
                subCgroups(line.all("cgroup"))));
        PidfdSocket.send(linux, line.get("pidfd-socket", ""), started);
        PidFile.write(line.get("pid-file", ""), started.pid());
        if (detach) {
            if (process.terminal()) {
                try (Fd master = started.terminal()) {
                    ConsoleSocket.send(linux, socket, master);
                }
            }
            return 0;
        }
        try (Foreground foreground =
                process.terminal() ? Foreground.terminal(linux, started) : Foreground.plain(started)) {
            int code = foreground.await();
            started.release();
            return code;
        }
    }

    /** The process of {@code --process}, or the container's own with what the flags change. */
    private static Process process(CommandLine line, Container container, List<String> args)
            throws UsageException, IOException {
        String file = line.get("process", "");
        if (!file.isEmpty()) {
            try {
                return OciJson.read(Process.class, Files.readAllBytes(Path.of(file)));
            } catch (IllegalArgumentException e) {
                throw new IOException(e.getMessage(), e);
            }
        }
        Process own = container.spec().process();
        if (own == null) {
            throw new IOException("container has no process to take settings from");
        }
        List<String> environment = new ArrayList<>(own.env());
        environment.addAll(line.all("env"));
        return new Process(
                line.has("tty"),
                own.consoleSize(),
                user(line, own.user()),
                args,
                null,
                environment,
                line.get("cwd", own.cwd() == null ? "/" : own.cwd()),
                capabilities(own.capabilities(), line.all("cap")),
                own.rlimits(),
                line.get("no-new-privs", Boolean.toString(own.noNewPrivileges()))
                        .equals("true"),
                line.get("apparmor", own.apparmorProfile() == null ? "" : own.apparmorProfile()),
                own.oomScoreAdj(),
                own.scheduler(),
                line.get("process-label", own.selinuxLabel() == null ? "" : own.selinuxLabel()),
                own.ioPriority(),
                own.execCPUAffinity());
    }

    private static @Nullable User user(CommandLine line, @Nullable User own) throws UsageException {
        List<Long> groups = new ArrayList<>(own == null ? List.of() : own.additionalGids());
        for (String group : line.all("additional-gids")) {
            groups.add(id(group));
        }
        String text = line.get("user", "");
        if (text.isEmpty()) {
            return own == null ? null : new User(own.uid(), own.gid(), own.umask(), groups, null);
        }
        int colon = text.indexOf(':');
        long uid = id(colon < 0 ? text : text.substring(0, colon));
        long gid = colon < 0 ? own == null ? 0 : own.gid() : id(text.substring(colon + 1));
        return new User(uid, gid, own == null ? null : own.umask(), groups, null);
    }

    /** Strict: a name or a half-read number would run the program as somebody else. */
    private static long id(String text) throws UsageException {
        boolean digits = !text.isEmpty() && text.chars().allMatch(c -> c >= '0' && c <= '9') && text.length() <= 10;
        long id = digits ? Long.parseLong(text) : -1;
        if (id < 0 || id > 0xfffffffeL) {
            throw new UsageException("parsing \"" + text + "\" as a numeric id: invalid syntax");
        }
        return id;
    }

    private static @Nullable Capabilities capabilities(@Nullable Capabilities own, List<String> more) {
        if (more.isEmpty() || own == null) {
            return own;
        }
        return new Capabilities(
                with(own.bounding(), more),
                with(own.effective(), more),
                own.inheritable(),
                with(own.permitted(), more),
                // ambient ones need inheritable ones, which the flag does not give
                own.inheritable() == null || own.inheritable().isEmpty() ? own.ambient() : with(own.ambient(), more));
    }

    /** {@code [controller[,controller]:]path}; without controllers it must be the only one. */
    private static Map<String, String> subCgroups(List<String> words) throws IOException {
        Map<String, String> paths = new HashMap<>();
        for (String word : words) {
            int colon = word.indexOf(':');
            if (colon < 0 && words.size() != 1) {
                throw new IOException("invalid --cgroup argument: " + word + " (missing <controller>: prefix)");
            }
            String controllers = colon < 0 ? "" : word.substring(0, colon);
            for (String controller : controllers.split(",", -1)) {
                if (colon >= 0 && controller.isEmpty()) {
                    throw new IOException("invalid --cgroup argument: " + word + " (empty <controller> prefix)");
                }
                if (paths.put(controller, word.substring(colon + 1)) != null) {
                    throw new IOException(
                            "invalid --cgroup argument(s): controller " + controller + " specified multiple times");
                }
            }
        }
        return paths;
    }

    private static List<String> with(@Nullable List<String> names, List<String> more) {
        List<String> all = new ArrayList<>(names == null ? List.of() : names);
        all.addAll(more);
        return all;
    }
}
