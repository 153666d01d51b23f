package io.drydock.docker.cli.catalog;

/** The flags of the commands that handle the engine, contexts and registries. The notation is that of {@link io.drydock.flags.FlagSet}. */
final class SystemFlags {
    private SystemFlags() {}

    static String of(String path) {
        return switch (path) {
            case "system df" -> """
                    - format string | {format}
                    v verbose bool | Show detailed information on space usage
                    """;
            case "system events" -> """
                    f filter filter | Filter output based on conditions provided
                    - format string | {inspect}
                    - since string | Show all events created since timestamp
                    - until string | Stream events until this timestamp
                    """;
            case "system info" -> """
                    f format string | {inspect}
                    """;
            case "system prune" -> """
                    a all bool | Remove all unused images not just dangling ones
                    - filter filter | Provide filter values (e.g. "label=<key>=<value>")
                    f force bool | Do not prompt for confirmation
                    - volumes bool | Prune anonymous volumes
                    """;
            case "context create" -> """
                    - description string | Description of the context
                    - docker stringToString = [] | set the docker endpoint
                    - from string | create context from a named context
                    """;
            case "context inspect" -> """
                    f format string | {inspect}
                    """;
            case "context ls" -> """
                    - format string | {format}
                    q quiet bool | Only show context names
                    """;
            case "context rm" -> """
                    f force bool | Force the removal of a context in use
                    """;
            case "context update" -> """
                    - description string | Description of the context
                    - docker stringToString = [] | set the docker endpoint
                    """;
            case "inspect" -> """
                    f format string | {inspect}
                    s size bool | Display total file sizes if the type is container
                    - type string | Only inspect objects of the given type
                    """;
            case "login" -> """
                    p password string | Password or Personal Access Token (PAT)
                    - password-stdin bool | Take the Password or Personal Access Token (PAT) from stdin
                    u username string | Username
                    """;
            case "search" -> """
                    f filter filter | Filter output based on conditions provided
                    - format string | Pretty-print search using a Go template
                    - limit int | Max number of search results
                    - no-trunc bool | Don't truncate output
                    """;
            case "version" -> """
                    f format string | {inspect}
                    """;
            default -> "";
        };
    }
}
