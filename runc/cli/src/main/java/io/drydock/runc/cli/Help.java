package io.drydock.runc.cli;

import java.util.LinkedHashMap;
import java.util.Map;

/** What {@code -h} prints. */
final class Help {
    private static final String HEAD = """
            NAME:
               runc - Open Container Initiative runtime

            USAGE:
               runc [global options] command [command options] [arguments...]

            COMMANDS:
            """;
    private static final String GLOBAL_OPTIONS = """

            GLOBAL OPTIONS:
               --debug             more log
               --log value         file of the log (default: standard error)
               --log-format value  text or json (default: "text")
               --root value        where states are kept (default: "/run/runc")
               --systemd-cgroup    cgroupsPath is slice:prefix:name
               --rootless value    true, false or auto: go on where control groups may not be written
               --help, -h          show help
               --version, -v       print the version
            """;

    /** A command in a line, how it is called, and its flags, a line each. */
    private record Page(String summary, String usage, String options) {}

    private final Map<String, Page> pages = new LinkedHashMap<>();

    Help() {
        page("checkpoint", "save a running container to disk with criu", "checkpoint [options] <container-id>", """
                   --image-path DIR       where the images go (default: ./checkpoint)
                   --work-path DIR        where criu's logs go
                   --parent-path DIR      images of an earlier --pre-dump, relative to the image path
                   --leave-running        go on after the checkpoint
                   --tcp-established      allow open TCP connections
                   --tcp-skip-in-flight   leave out TCP connections that are being made
                   --link-remap           allow deleted files that are still open
                   --ext-unix-sk          allow external unix sockets
                   --shell-job            allow a container that uses the caller's terminal
                   --lazy-pages           fetch memory only when it is needed
                   --status-fd N          tells there when the page server is ready
                   --page-server A:P      send memory to a page server
                   --file-locks           keep file locks
                   --pre-dump             memory only, the container goes on
                   --manage-cgroups-mode M  soft, full, strict or ignore
                   --empty-ns NAME        leave a namespace empty (network)
                   --auto-dedup           drop what an earlier image has, too
                """);
        page("create", "create a container", "create [options] <container-id>", """
                   --bundle, -b DIR       default: the current directory
                   --console-socket FILE  gets the terminal's descriptor
                   --pidfd-socket FILE    gets init's pidfd
                   --pid-file FILE        gets init's pid
                   --no-pivot             move the root instead of pivot_root
                   --no-new-keyring       keep the session keyring
                   --preserve-fds N       hand on N descriptors from 3
                """);
        page("delete", "delete what a container has left behind", "delete [--force] <container-id>", """
                   --force, -f            kill it first if it runs
                """);
        page("events", "counters and out-of-memory events as JSON lines", "events [options] <container-id>", """
                   --interval TIME        between counters (default: 5s)
                   --stats                the counters once
                """);
        page(
                "exec",
                "run another program in a container",
                "exec [options] <container-id> <command> [arguments...]",
                """
                   --console-socket FILE  gets the terminal's descriptor
                   --pidfd-socket FILE    gets the process's pidfd
                   --cwd DIR              where it starts
                   --env, -e NAME=VALUE   may be repeated
                   --tty, -t              with a terminal
                   --user, -u UID[:GID]
                   --additional-gids, -g GID  may be repeated
                   --process, -p FILE     the process as JSON
                   --detach, -d
                   --pid-file FILE
                   --process-label LABEL  SELinux
                   --apparmor PROFILE
                   --no-new-privs
                   --cap, -c NAME         may be repeated
                   --preserve-fds N
                   --cgroup [CONTROLLER:]PATH  a group below the container's
                   --ignore-paused        also in a paused container
                """);
        page("features", "show what this runtime can do", "features", "");
        page("kill", "send a signal (default: SIGTERM) to a container's init", "kill <container-id> [signal]", "");
        page("list", "list containers", "list [options]", """
                   --format, -f FORMAT    table or json
                   --quiet, -q            ids only
                """);
        page("pause", "stop all processes of a container", "pause <container-id>", "");
        page("ps", "list the processes of a container", "ps [--format table|json] <container-id> [ps options]", """
                   --format, -f FORMAT    table or json
                """);
        page("restore", "go on from a checkpoint", "restore [options of create and checkpoint] <container-id>", """
                   --detach, -d
                   --no-subreaper
                   --lsm-profile TYPE:NAME
                   --lsm-mount-context CONTEXT
                """);
        page("resume", "let a paused container go on", "resume <container-id>", "");
        page("run", "create and start a container", "run [options of create] <container-id>", """
                   --detach, -d           do not wait for its end
                   --keep                 do not delete it at its end
                   --no-subreaper
                """);
        page("spec", "write a config.json to begin with", "spec [options]", """
                   --bundle, -b DIR
                   --rootless             for a user without rights
                """);
        page("start", "run the program of a created container", "start <container-id>", "");
        page("state", "show the state of a container", "state <container-id>", "");
        page("update", "change the limits of a container", "update [options] <container-id>", """
                   --resources, -r FILE   all limits as JSON, - is standard input
                   --blkio-weight N
                   --cpu-period USEC
                   --cpu-quota USEC
                   --cpu-burst USEC
                   --cpu-share N
                   --cpu-rt-period USEC
                   --cpu-rt-runtime USEC
                   --cpu-idle 0|1
                   --cpuset-cpus LIST
                   --cpuset-mems LIST
                   --memory BYTES
                   --memory-reservation BYTES
                   --memory-swap BYTES    memory and swap together
                   --pids-limit N
                   --l3-cache-schema TEXT
                   --mem-bw-schema TEXT
                """);
    }

    private void page(String name, String summary, String usage, String options) {
        pages.put(name, new Page(summary, usage, options));
    }

    boolean knows(String command) {
        return pages.containsKey(command);
    }

    String general() {
        StringBuilder text = new StringBuilder(HEAD);
        pages.forEach((name, page) -> text.append("   %-11s %s%n".formatted(name, page.summary())));
        return text.append(GLOBAL_OPTIONS).toString();
    }

    /** Of a command that it {@link #knows}. */
    String of(String command) {
        Page page = pages.getOrDefault(command, new Page("", command, ""));
        String options = page.options().isEmpty() ? "" : "\nOPTIONS:\n" + page.options();
        return "NAME:\n   runc " + command + " - " + page.summary() + "\n\nUSAGE:\n   runc " + page.usage() + "\n"
                + options;
    }
}
