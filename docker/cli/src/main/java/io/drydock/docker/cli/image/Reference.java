package io.drydock.docker.cli.image;

import io.drydock.docker.cli.session.CliException;

/**
 * An image's name as the user writes it.
 *
 * @param name without tag and digest: {@code busybox}, {@code 127.0.0.1:5000/a/b}
 * @param tag or empty
 * @param digest or empty
 */
public record Reference(String name, String tag, String digest) {
    /** Reads {@code name[:tag][@digest]}. */
    public static Reference parse(String text) throws CliException {
        int at = text.indexOf('@');
        String digest = at < 0 ? "" : text.substring(at + 1);
        String rest = at < 0 ? text : text.substring(0, at);
        int colon = rest.lastIndexOf(':');
        boolean tagged = colon > rest.lastIndexOf('/');
        String name = tagged ? rest.substring(0, colon) : rest;
        String tag = tagged ? rest.substring(colon + 1) : "";
        check(text, name, tag, tagged);
        return new Reference(name, tag, digest);
    }

    private static void check(String all, String name, String tag, boolean tagged) throws CliException {
        String path = name.substring(domain(name).isEmpty() ? 0 : domain(name).length() + 1);
        boolean good = !path.isEmpty() && !path.startsWith("/") && !path.endsWith("/") && !path.contains("//");
        for (int i = 0; good && i < path.length(); i++) {
            char c = path.charAt(i);
            if (c >= 'A' && c <= 'Z') {
                String full = domain(name).isEmpty() && path.indexOf('/') < 0 ? "library/" + path : path;
                throw new CliException("invalid reference format: repository name (" + full + ") must be lowercase");
            }
            good = c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || "._-/".indexOf(c) >= 0 && i > 0;
        }
        if (!good || tagged && !isTag(tag)) {
            throw new CliException("invalid reference format");
        }
    }

    private static boolean isTag(String tag) {
        if (tag.isEmpty() || tag.length() > 128) {
            return false;
        }
        for (int i = 0; i < tag.length(); i++) {
            char c = tag.charAt(i);
            if (!Character.isLetterOrDigit(c) && c != '_' && (i == 0 || c != '.' && c != '-')) {
                return false;
            }
        }
        return true;
    }

    /** The registry's host before the first slash, or empty if there is none. */
    static String domain(String name) {
        int slash = name.indexOf('/');
        if (slash < 0) {
            return "";
        }
        String first = name.substring(0, slash);
        boolean host = first.indexOf('.') >= 0 || first.indexOf(':') >= 0 || first.equals("localhost");
        return host ? first : "";
    }

    /** The registry, {@code docker.io} unless named. */
    public String registry() {
        String domain = domain(name);
        return domain.isEmpty() ? "docker.io" : domain;
    }

    /** The name without what goes without saying. */
    public String familiarName() {
        String n = name.startsWith("docker.io/") ? name.substring("docker.io/".length()) : name;
        return n.startsWith("library/") ? n.substring("library/".length()) : n;
    }

    /** The name with registry, as in {@code docker.io/library/busybox}. */
    public String canonicalName() {
        String domain = domain(name);
        String path = domain.isEmpty() ? name : name.substring(domain.length() + 1);
        String registry = registry();
        return registry + "/" + (registry.equals("docker.io") && path.indexOf('/') < 0 ? "library/" + path : path);
    }

    public String tagOrLatest() {
        return tag.isEmpty() && digest.isEmpty() ? "latest" : tag;
    }

    /** What the engine takes behind the name: the digest if there is one. */
    String tagOrDigest() {
        return digest.isEmpty() ? tagOrLatest() : digest;
    }
}
