package io.drydock.docker.cli.http;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.List;

/**
 * Where {@code ssh://} leads to: another machine, on which {@code docker system dial-stdio} connects to its engine.
 *
 * @param user or empty
 * @param port or empty
 * @param path of the engine's socket there, or empty for what the client there is configured with
 */
record SshAddress(String user, String host, String port, String path) {
    /**
     * Reads {@code ssh://[USER@]HOST[:PORT][/PATH]}.
     *
     * @throws IllegalArgumentException with the original's words
     */
    static SshAddress parse(String text) {
        URI uri;
        try {
            uri = new URI(text);
        } catch (URISyntaxException e) {
            // only a host: the parser of the JDK wants one, and the original says that none is there
            throw bad(text.equals("ssh://") ? "invalid SSH URL: hostname is empty" : "invalid SSH URL: " + text);
        }
        String user = uri.getUserInfo() == null ? "" : uri.getUserInfo();
        if (user.indexOf(':') >= 0) {
            throw bad("invalid SSH URL: plain-text password is not supported");
        }
        if (uri.getHost() == null || uri.getHost().isEmpty()) {
            throw bad("invalid SSH URL: hostname is empty");
        }
        if (uri.getQuery() != null) {
            throw bad("invalid SSH URL: query parameters are not allowed: \"" + uri.getQuery() + "\"");
        }
        if (uri.getFragment() != null) {
            throw bad("invalid SSH URL: fragments are not allowed: \"" + uri.getFragment() + "\"");
        }
        String path = uri.getPath() == null || uri.getPath().equals("/") ? "" : uri.getPath();
        return new SshAddress(user, uri.getHost(), uri.getPort() < 0 ? "" : uri.getPort() + "", path);
    }

    private static IllegalArgumentException bad(String why) {
        return new IllegalArgumentException("ssh host connection is not valid: " + why);
    }

    /** The command that connects. */
    List<String> command() {
        var words = new ArrayList<>(List.of("ssh", "-o", "ConnectTimeout=30", "-T"));
        if (!user.isEmpty()) {
            words.add("-l");
            words.add(user);
        }
        if (!port.isEmpty()) {
            words.add("-p");
            words.add(port);
        }
        words.add("--");
        words.add(host);
        words.add("docker" + (path.isEmpty() ? "" : " --host unix://" + quote(path)) + " system dial-stdio");
        return words;
    }

    /** For the shell at the other end. */
    private static String quote(String word) {
        boolean plain = word.chars().allMatch(c -> Character.isLetterOrDigit(c) || "/._-".indexOf(c) >= 0);
        return plain ? word : "'" + word.replace("'", "'\\''") + "'";
    }
}
