package io.drydock.runc.cli;

/** What {@code -h} prints. */
final class Help {
    static final String GENERAL = """
            NAME:
               runc - Open Container Initiative runtime

            USAGE:
               runc [global options] command [command options] [arguments...]

            COMMANDS:
               create    create a container
               delete    delete what a container has left behind
               exec      run another program in a container
               features  show what this runtime can do
               kill      send a signal (default: SIGTERM) to a container's init
               list      list containers
               pause     stop all processes of a container
               ps        list the processes of a container
               resume    let a paused container go on
               run       create and start a container
               spec      write a config.json to begin with
               start     run the program of a created container
               state     show the state of a container
               update    change the limits of a container

            GLOBAL OPTIONS:
               --debug             more log
               --log value         file of the log (default: standard error)
               --log-format value  text or json (default: "text")
               --root value        where states are kept (default: "/run/runc")
               --systemd-cgroup    cgroupsPath is slice:prefix:name
               --help, -h          show help
               --version, -v       print the version
            """;

    private Help() {}

    static String of(String command) {
        String usage =
                switch (command) {
                    case "create" ->
                        "runc create [--bundle DIR] [--console-socket FILE] [--pid-file FILE] [--no-pivot] "
                                + "[--no-new-keyring] [--preserve-fds N] <container-id>";
                    case "run" -> "runc run [options of create] [--detach] [--keep] <container-id>";
                    case "exec" ->
                        "runc exec [--tty] [--env NAME=VALUE] [--user UID[:GID]] [--cwd DIR] [--detach] "
                                + "[--process FILE] <container-id> <command> [arguments...]";
                    case "kill" -> "runc kill [--all] <container-id> [signal]";
                    case "delete" -> "runc delete [--force] <container-id>";
                    case "ps" -> "runc ps [--format table|json] <container-id> [ps options]";
                    case "update" -> "runc update --resources FILE|- <container-id>";
                    case "list" -> "runc list [--quiet] [--format table|json]";
                    case "spec" -> "runc spec [--bundle DIR]";
                    case "features" -> "runc features";
                    default -> "runc " + command + " <container-id>";
                };
        return "NAME:\n   runc " + command + "\n\nUSAGE:\n   " + usage + "\n";
    }
}
