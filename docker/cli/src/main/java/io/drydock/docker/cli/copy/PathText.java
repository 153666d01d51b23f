package io.drydock.docker.cli.copy;

import java.util.ArrayList;

/**
 * Paths as texts, by Go's rules. They are no {@code java.nio.file.Path}, because a slash or a dot at the end means something
 * to {@code docker cp}: it insists on a directory, or on what is in it.
 */
final class PathText {
    private PathText() {}

    /** Without empty elements, dots and inner parents; never empty. */
    static String clean(String path) {
        boolean absolute = path.startsWith("/");
        var kept = new ArrayList<String>();
        for (String element : path.split("/")) {
            if (element.equals("..") && !kept.isEmpty() && !kept.getLast().equals("..")) {
                kept.removeLast();
            } else if (element.equals("..") ? !absolute : !element.isEmpty() && !element.equals(".")) {
                kept.add(element);
            }
        }
        String joined = String.join("/", kept);
        return absolute ? "/" + joined : joined.isEmpty() ? "." : joined;
    }

    /** The last element, without slashes behind it. */
    static String base(String path) {
        if (path.isEmpty()) {
            return ".";
        }
        int end = path.length();
        while (end > 1 && path.charAt(end - 1) == '/') {
            end--;
        }
        String trimmed = path.substring(0, end);
        return trimmed.equals("/") ? "/" : trimmed.substring(trimmed.lastIndexOf('/') + 1);
    }

    /** All before the last slash, cleaned. */
    static String parent(String path) {
        return clean(path.substring(0, path.lastIndexOf('/') + 1));
    }

    static String join(String directory, String name) {
        return clean(directory + "/" + name);
    }

    static boolean endsWithSlash(String path) {
        return path.endsWith("/");
    }

    /** Whether it names what is in a directory and not the directory: it ends in a dot. */
    static boolean namesContents(String path) {
        return base(path).equals(".");
    }

    static boolean insistsOnDirectory(String path) {
        return endsWithSlash(path) || namesContents(path);
    }

    /** The cleaned path with the slash or the dot at the end that the original had. */
    static String keepEnd(String cleaned, String original) {
        String path = cleaned;
        if (!namesContents(path) && namesContents(original)) {
            path += endsWithSlash(path) ? "." : "/.";
        }
        return !endsWithSlash(path) && endsWithSlash(original) ? path + "/" : path;
    }

    /** The directory in which the last element is; a dot at the end is an element of its own. */
    static String directoryOf(String path) {
        return namesContents(path) ? clean(path) : parent(clean(path));
    }

    /** The last element: a dot if the path ends in one. */
    static String entryOf(String path) {
        return namesContents(path) ? "." : base(clean(path));
    }
}
