package io.drydock.docker.cli.catalog;

/** The flags of the commands that handle images. The notation is that of {@link io.drydock.flags.FlagSet}. */
final class ImageFlags {
    private ImageFlags() {}

    static String of(String path) {
        return switch (path) {
            case "image build" -> """
                    - add-host list | Add a custom host-to-IP mapping ("host:ip")
                    - build-arg list | Set build-time variables
                    - cache-from strings | Images to consider as cache sources
                    - cgroup-parent string | Set the parent cgroup for the "RUN" instructions during build
                    - compress bool | Compress the build context using gzip
                    - cpu-period int | Limit the CPU CFS (Completely Fair Scheduler) period
                    - cpu-quota int | Limit the CPU CFS (Completely Fair Scheduler) quota
                    c cpu-shares int | CPU shares (relative weight)
                    - cpuset-cpus string | CPUs in which to allow execution (0-3, 0,1)
                    - cpuset-mems string | MEMs in which to allow execution (0-3, 0,1)
                    - disable-content-trust bool = true | Skip image verification
                    f file string | Name of the Dockerfile (Default is "PATH/Dockerfile")
                    - force-rm bool | Always remove intermediate containers
                    - iidfile string | Write the image ID to the file
                    - isolation string | Container isolation technology
                    - label list | Set metadata for an image
                    m memory bytes | Memory limit
                    - memory-swap bytes | Swap limit equal to memory plus swap: -1 to enable unlimited swap
                    - network string = default | Set the networking mode for the RUN instructions during build
                    - no-cache bool | Do not use cache when building the image
                    - platform string | Set platform if server is multi-platform capable
                    - pull bool | Always attempt to pull a newer version of the image
                    q quiet bool | Suppress the build output and print image ID on success
                    - rm bool = true | Remove intermediate containers after a successful build
                    - security-opt strings | Security options
                    - shm-size bytes | Size of "/dev/shm"
                    - squash bool | Squash newly built layers into a single new layer
                    t tag list | Name and optionally a tag in the "name:tag" format
                    - target string | Set the target build stage to build.
                    - ulimit ulimit = [] | Ulimit options
                    ! - session bool
                    """;
            case "image history" -> """
                    - format string | {format}
                    H human bool = true | Print sizes and dates in human readable format
                    - no-trunc bool | Don't truncate output
                    - platform string | Show history for the given platform. Formatted as "os[/arch[/variant]]"\s\
                    (e.g., "linux/amd64")
                    q quiet bool | Only show image IDs
                    """;
            case "image import" -> """
                    c change list | Apply Dockerfile instruction to the created image
                    m message string | Set commit message for imported image
                    - platform string | Set platform if server is multi-platform capable
                    """;
            case "image inspect" -> """
                    f format string | {inspect}
                    - platform string | Inspect a specific platform of the multi-platform image.¶If the image or the\s\
                    server is not multi-platform capable, the command will error out if the platform does not\s\
                    match.¶'os[/arch[/variant]]': Explicit platform (eg. linux/amd64)
                    """;
            case "image load" -> """
                    i input string | Read from tar archive file, instead of STDIN
                    - platform string | Load only the given platform variant. Formatted as "os[/arch[/variant]]"\s\
                    (e.g., "linux/amd64")
                    q quiet bool | Suppress the load output
                    """;
            case "image ls" -> """
                    a all bool | Show all images (default hides intermediate images)
                    - digests bool | Show digests
                    f filter filter | Filter output based on conditions provided
                    - format string | {format}
                    - no-trunc bool | Don't truncate output
                    q quiet bool | Only show image IDs
                    - tree bool | List multi-platform images as a tree (EXPERIMENTAL)
                    """;
            case "image prune" -> """
                    a all bool | Remove all unused images, not just dangling ones
                    - filter filter | Provide filter values (e.g. "until=<timestamp>")
                    f force bool | Do not prompt for confirmation
                    """;
            case "image pull" -> """
                    a all-tags bool | Download all tagged images in the repository
                    - disable-content-trust bool = true | Skip image verification
                    - platform string | Set platform if server is multi-platform capable
                    q quiet bool | Suppress verbose output
                    """;
            case "image push" -> """
                    a all-tags bool | Push all tags of an image to the repository
                    - disable-content-trust bool = true | Skip image signing
                    - platform string | Push a platform-specific manifest as a single-platform image to the\s\
                    registry.¶Image index won't be pushed, meaning that other manifests, including attestations won't\s\
                    be preserved.¶'os[/arch[/variant]]': Explicit platform (eg. linux/amd64)
                    q quiet bool | Suppress verbose output
                    """;
            case "image rm" -> """
                    f force bool | Force removal of the image
                    - no-prune bool | Do not delete untagged parents
                    - platform strings | Remove only the given platform variant. Formatted as "os[/arch[/variant]]"\s\
                    (e.g., "linux/amd64")
                    """;
            case "image save" -> """
                    o output string | Write to a file, instead of STDOUT
                    - platform string | Save only the given platform variant. Formatted as "os[/arch[/variant]]"\s\
                    (e.g., "linux/amd64")
                    """;
            default -> "";
        };
    }
}
