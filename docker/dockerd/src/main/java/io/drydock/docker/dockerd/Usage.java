package io.drydock.docker.dockerd;

/** What {@code dockerd --help} prints. */
final class Usage {
    private Usage() {}

    static String text() {
        var text = new StringBuilder("""

                Usage:\tdockerd [OPTIONS]

                A self-sufficient runtime for containers.

                Options:
                """);
        for (DaemonFlag flag : DaemonFlag.values()) {
            if (flag == DaemonFlag.MIN_API_VERSION || !flag.refusal.isEmpty()) {
                continue;
            }
            String kind =
                    switch (flag.kind) {
                        case BOOL -> "";
                        case TEXT -> " string";
                        case LIST -> " list";
                    };
            String shorthand = flag.shorthand.isEmpty() ? "      " : "  -" + flag.shorthand + ", ";
            String line = shorthand + "--" + flag.flag + kind;
            text.append(line).append('\n');
        }
        return text.toString();
    }
}
