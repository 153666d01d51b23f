package io.drydock.docker.cli.catalog;

/** The flags of the commands that handle containers. The notation is that of {@link io.drydock.flags.FlagSet}. */
final class ContainerFlags {
    private ContainerFlags() {}

    static String of(String path) {
        return switch (path) {
            case "container attach" -> """
                    - detach-keys string | Override the key sequence for detaching a container
                    - no-stdin bool | Do not attach STDIN
                    - sig-proxy bool = true | Proxy all received signals to the process
                    """;
            case "container commit" -> """
                    a author string | Author (e.g., "John Hannibal Smith <hannibal@a-team.com>")
                    c change list | Apply Dockerfile instruction to the created image
                    m message string | Commit message
                    p pause bool = true | Pause container during commit
                    ! - no-pause bool | Disable pausing container during commit
                    """;
            case "container cp" -> """
                    a archive bool | Archive mode (copy all uid/gid information)
                    L follow-link bool | Always follow symbol link in SRC_PATH
                    q quiet bool | Suppress progress output during copy. Progress output is automatically suppressed\s\
                    if no terminal is attached
                    """;
            case "container exec" -> """
                    d detach bool | Detached mode: run command in the background
                    - detach-keys string | Override the key sequence for detaching a container
                    e env list | Set environment variables
                    - env-file list | Read in a file of environment variables
                    i interactive bool | Keep STDIN open even if not attached
                    - privileged bool | Give extended privileges to the command
                    t tty bool | Allocate a pseudo-TTY
                    u user string | Username or UID (format: "<name|uid>[:<group|gid>]")
                    w workdir string | Working directory inside the container
                    """;
            case "container export" -> """
                    o output string | Write to a file, instead of STDOUT
                    """;
            case "container inspect" -> """
                    f format string | {inspect}
                    s size bool | Display total file sizes
                    """;
            case "container kill" -> """
                    s signal string | Signal to send to the container
                    """;
            case "container logs" -> """
                    - details bool | Show extra details provided to logs
                    f follow bool | Follow log output
                    - since string | Show logs since timestamp (e.g. "2013-01-02T13:23:37Z") or relative (e.g. "42m"\s\
                    for 42 minutes)
                    n tail string = all | Number of lines to show from the end of the logs
                    t timestamps bool | Show timestamps
                    - until string | Show logs before a timestamp (e.g. "2013-01-02T13:23:37Z") or relative (e.g.\s\
                    "42m" for 42 minutes)
                    """;
            case "container ls" -> """
                    a all bool | Show all containers (default shows just running)
                    f filter filter | Filter output based on conditions provided
                    - format string | {format}
                    n last int = -1 | Show n last created containers (includes all states)
                    l latest bool | Show the latest created container (includes all states)
                    - no-trunc bool | Don't truncate output
                    q quiet bool | Only display container IDs
                    s size bool | Display total file sizes
                    """;
            case "container prune" -> """
                    - filter filter | Provide filter values (e.g. "until=<timestamp>")
                    f force bool | Do not prompt for confirmation
                    """;
            case "container restart" -> """
                    s signal string | Signal to send to the container
                    t timeout int | Seconds to wait before killing the container
                    ! - time int
                    """;
            case "container rm" -> """
                    f force bool | Force the removal of a running container (uses SIGKILL)
                    l link bool | Remove the specified link
                    v volumes bool | Remove anonymous volumes associated with the container
                    """;
            case "container start" -> """
                    a attach bool | Attach STDOUT/STDERR and forward signals
                    - checkpoint string | Restore from this checkpoint
                    - checkpoint-dir string | Use a custom checkpoint storage directory
                    - detach-keys string | Override the key sequence for detaching a container
                    i interactive bool | Attach container's STDIN
                    """;
            case "container stats" -> """
                    a all bool | Show all containers (default shows just running)
                    - format string | {format}
                    - no-stream bool | Disable streaming stats and only pull the first result
                    - no-trunc bool | Do not truncate output
                    """;
            case "container stop" -> """
                    s signal string | Signal to send to the container
                    t timeout int | Seconds to wait before killing the container
                    ! - time int
                    """;
            case "container update" -> """
                    - blkio-weight uint16 = 0 | Block IO (relative weight), between 10 and 1000, or 0 to disable
                    - cpu-period int | Limit CPU CFS (Completely Fair Scheduler) period
                    - cpu-quota int | Limit CPU CFS (Completely Fair Scheduler) quota
                    - cpu-rt-period int | Limit the CPU real-time period in microseconds
                    - cpu-rt-runtime int | Limit the CPU real-time runtime in microseconds
                    c cpu-shares int | CPU shares (relative weight)
                    - cpus decimal | Number of CPUs
                    - cpuset-cpus string | CPUs in which to allow execution (0-3, 0,1)
                    - cpuset-mems string | MEMs in which to allow execution (0-3, 0,1)
                    m memory bytes | Memory limit
                    - memory-reservation bytes | Memory soft limit
                    - memory-swap bytes | Swap limit equal to memory plus swap: -1 to enable unlimited swap
                    - pids-limit int | Tune container pids limit (set -1 for unlimited)
                    - restart string | Restart policy to apply when a container exits
                    """;
            default -> "";
        };
    }
}
