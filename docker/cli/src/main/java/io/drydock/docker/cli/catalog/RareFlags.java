package io.drydock.docker.cli.catalog;

/** The flags of the commands that few people use. The notation is that of {@link io.drydock.flags.FlagSet}. */
final class RareFlags {
    private static final String TRUSTED = """
                    - disable-content-trust bool = true | Skip image verification
                    """;

    private RareFlags() {}

    static String of(String path) {
        return switch (path) {
            case "builder prune" -> """
                    a all bool | Remove all unused build cache, not just dangling ones
                    - filter filter | Provide filter values (e.g. "until=24h")
                    f force bool | Do not prompt for confirmation
                    - keep-storage bytes | Amount of disk space to keep for cache
                    """;
            case "checkpoint create" -> """
                    - checkpoint-dir string | Use a custom checkpoint storage directory
                    - leave-running bool | Leave the container running after checkpoint
                    """;
            case "checkpoint ls", "checkpoint rm" -> """
                    - checkpoint-dir string | Use a custom checkpoint storage directory
                    """;
            case "manifest annotate" -> """
                    - arch string | Set architecture
                    - os string | Set operating system
                    - os-features strings | Set operating system feature
                    - os-version string | Set operating system version
                    - variant string | Set architecture variant
                    """;
            case "manifest create" -> """
                    a amend bool | Amend an existing manifest list
                    - insecure bool | Allow communication with an insecure registry
                    """;
            case "manifest inspect" -> """
                    - insecure bool | Allow communication with an insecure registry
                    v verbose bool | Output additional info including layers and platform
                    """;
            case "manifest push" -> """
                    - insecure bool | Allow push to an insecure registry
                    p purge bool | Remove the local manifest list after push
                    """;
            case "plugin create" -> """
                    - compress bool | Compress the context using gzip
                    """;
            case "plugin disable" -> """
                    f force bool | Force the disable of an active plugin
                    """;
            case "plugin enable" -> """
                    - timeout int = 30 | HTTP client timeout (in seconds)
                    """;
            case "plugin inspect" -> """
                    f format string | {inspect}
                    """;
            case "plugin install" -> """
                    - alias string | Local name for plugin
                    - disable bool | Do not enable the plugin on install
                    """ + TRUSTED + """
                    - grant-all-permissions bool | Grant all permissions necessary to run the plugin
                    """;
            case "plugin ls" -> """
                    f filter filter | Provide filter values (e.g. "enabled=true")
                    - format string | {format}
                    - no-trunc bool | Don't truncate output
                    q quiet bool | Only display plugin IDs
                    """;
            case "plugin push" -> """
                    - disable-content-trust bool = true | Skip image signing
                    """;
            case "plugin rm" -> """
                    f force bool | Force the removal of an active plugin
                    """;
            case "plugin upgrade" -> TRUSTED + """
                    - grant-all-permissions bool | Grant all permissions necessary to run the plugin
                    - skip-remote-check bool | Do not check if specified remote plugin matches existing plugin image
                    """;
            case "trust inspect" -> """
                    - pretty bool | Print the information in a human friendly format
                    """;
            case "trust key generate" -> """
                    - dir string | Directory to generate key in, defaults to current directory
                    """;
            case "trust key load" -> """
                    - name string = signer | Name for the loaded key
                    """;
            case "trust revoke" -> """
                    y yes bool | Do not prompt for confirmation
                    """;
            case "trust sign" -> """
                    - local bool | Sign a locally tagged image
                    """;
            case "trust signer add" -> """
                    - key list | Path to the signer's public key file
                    """;
            case "trust signer remove" -> """
                    f force bool | Do not prompt for confirmation before removing the most recent signer
                    """;
            default -> "";
        };
    }
}
