package io.drydock.containerd.shim;

import java.nio.file.Path;

/**
 * The command line containerd gives a shim, in Go's flag style ({@code -id x}, {@code -id=x}, {@code --id x}).
 *
 * @param address containerd's gRPC socket, may be empty
 * @param verb {@code start}, {@code delete}, {@code serve} (our own: be the resident process) or empty
 * @param socket where {@code serve} listens; empty for the other verbs
 */
record Arguments(
        String namespace,
        String id,
        String address,
        String publishBinary,
        String bundle,
        String socket,
        boolean debug,
        boolean version,
        boolean info,
        String verb) {

    /** @throws IllegalArgumentException with Go's wording, for a flag nobody knows or one without its value */
    static Arguments parse(String[] args) {
        String namespace = "";
        String id = "";
        String address = "";
        String publishBinary = "containerd";
        String bundle = "";
        String socket = "";
        boolean debug = false;
        boolean version = false;
        boolean info = false;
        int i = 0;
        for (; i < args.length && args[i].startsWith("-") && args[i].length() > 1; i++) {
            String flag = args[i].substring(args[i].startsWith("--") ? 2 : 1);
            if (flag.isEmpty()) {
                i++;
                break;
            }
            int equals = flag.indexOf('=');
            String name = equals < 0 ? flag : flag.substring(0, equals);
            switch (name) {
                case "debug" -> debug = truth(flag, equals);
                case "v" -> version = truth(flag, equals);
                case "info" -> info = truth(flag, equals);
                case "namespace", "id", "address", "publish-binary", "bundle", "socket" -> {
                    if (equals < 0 && ++i == args.length) {
                        throw new IllegalArgumentException("flag needs an argument: -" + name);
                    }
                    String value = equals < 0 ? args[i] : flag.substring(equals + 1);
                    switch (name) {
                        case "namespace" -> namespace = value;
                        case "id" -> id = value;
                        case "address" -> address = value;
                        case "publish-binary" -> publishBinary = value;
                        case "bundle" -> bundle = value;
                        default -> socket = value;
                    }
                }
                default -> throw new IllegalArgumentException("flag provided but not defined: -" + name);
            }
        }
        String verb = i < args.length ? args[i] : "";
        return new Arguments(namespace, id, address, publishBinary, bundle, socket, debug, version, info, verb);
    }

    private static boolean truth(String flag, int equals) {
        return equals < 0 || Boolean.parseBoolean(flag.substring(equals + 1)) || flag.endsWith("=1");
    }

    /** The bundle's directory: the flag's, else the working directory, as containerd calls a shim. */
    Path bundlePath() {
        return Path.of(bundle.isEmpty() ? "" : bundle).toAbsolutePath();
    }
}
