package io.drydock.spec.oci;

import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The name of an image: {@code domain/path[:tag][@digest]}, read as Docker reads what people type: {@code busybox} is
 * {@code docker.io/library/busybox}. Source: distribution's reference grammar and normalisation.
 *
 * @param domain host, with port if given; {@code docker.io} when the name had none
 * @param path the repository inside the registry, with {@code library/} for official images
 * @param tag null when there is none
 * @param digest null when there is none
 */
public record Reference(
        String domain,
        String path,
        @Nullable String tag,
        @Nullable Digest digest) {
    public static final String DEFAULT_DOMAIN = "docker.io";
    private static final String LEGACY_DOMAIN = "index.docker.io";
    private static final int LONGEST_NAME = 255;

    /**
     * Reads a name without adding a tag to it.
     *
     * @throws IllegalArgumentException in the original's words
     */
    public static Reference parse(String text) {
        if (text.isEmpty()) {
            throw new IllegalArgumentException("invalid reference format");
        }
        if (isHex64(text)) {
            throw new IllegalArgumentException(
                    "invalid repository name (" + text + "), cannot specify 64-byte hexadecimal strings");
        }
        var rest = text;
        Digest digest = null;
        int at = rest.indexOf('@');
        if (at >= 0) {
            digest = digest(rest.substring(at + 1));
            rest = rest.substring(0, at);
        }
        String tag = null;
        int colon = rest.lastIndexOf(':');
        if (colon > rest.lastIndexOf('/')) {
            tag = rest.substring(colon + 1);
            rest = rest.substring(0, colon);
            if (!isTag(tag)) {
                throw new IllegalArgumentException("invalid reference format");
            }
        }
        return named(rest, tag, digest);
    }

    /** Reads a name and gives it the tag {@code latest} if it has neither tag nor digest. */
    public static Reference parseWithDefaultTag(String text) {
        var reference = parse(text);
        return reference.tag == null && reference.digest == null ? reference.withTag("latest") : reference;
    }

    private static Reference named(String name, @Nullable String tag, @Nullable Digest digest) {
        int slash = name.indexOf('/');
        var first = slash < 0 ? "" : name.substring(0, slash);
        boolean isDomain = !first.isEmpty()
                && (first.indexOf('.') >= 0
                        || first.indexOf(':') >= 0
                        || first.equals("localhost")
                        || !first.equals(first.toLowerCase(Locale.ROOT)));
        var domain = isDomain ? first : DEFAULT_DOMAIN;
        var path = isDomain ? name.substring(slash + 1) : name;
        if (domain.equals(LEGACY_DOMAIN)) {
            domain = DEFAULT_DOMAIN;
        }
        if (domain.equals(DEFAULT_DOMAIN) && path.indexOf('/') < 0) {
            path = "library/" + path;
        }
        if (!path.equals(path.toLowerCase(Locale.ROOT))) {
            throw new IllegalArgumentException(
                    "invalid reference format: repository name (" + path + ") must be lowercase");
        }
        if (!isPath(path) || !isDomain(domain)) {
            throw new IllegalArgumentException("invalid reference format");
        }
        if (domain.length() + 1 + path.length() > LONGEST_NAME) {
            throw new IllegalArgumentException("repository name must not be more than 255 characters");
        }
        return new Reference(domain, path, tag, digest);
    }

    private static Digest digest(String text) {
        try {
            return Digest.parse(text);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("invalid reference format", e);
        }
    }

    /** Up to 128 word characters, dots and dashes; the first a word character. */
    private static boolean isTag(String tag) {
        if (tag.isEmpty() || tag.length() > 128) {
            return false;
        }
        for (int i = 0; i < tag.length(); i++) {
            char c = tag.charAt(i);
            if (!isWord(c) && (i == 0 || c != '.' && c != '-')) {
                return false;
            }
        }
        return true;
    }

    private static boolean isWord(char c) {
        return isLowerOrDigit(c) || c >= 'A' && c <= 'Z' || c == '_';
    }

    private static boolean isLowerOrDigit(char c) {
        return c >= 'a' && c <= 'z' || c >= '0' && c <= '9';
    }

    /** Components of lower-case letters and digits, separated inside by one dot, one or two underscores, or dashes. */
    private static boolean isPath(String path) {
        for (var component : path.split("/", -1)) {
            if (component.isEmpty()
                    || !isLowerOrDigit(component.charAt(0))
                    || !isLowerOrDigit(component.charAt(component.length() - 1))) {
                return false;
            }
            for (int i = 0; i < component.length(); i++) {
                int begin = i;
                while (!isLowerOrDigit(component.charAt(i))) {
                    i++;
                }
                if (i > begin && !isSeparator(component.substring(begin, i))) {
                    return false;
                }
            }
        }
        return true;
    }

    private static boolean isSeparator(String text) {
        return text.equals(".")
                || text.equals("_")
                || text.equals("__")
                || text.chars().allMatch(c -> c == '-');
    }

    private static boolean isDomain(String domain) {
        int colon = domain.lastIndexOf(':');
        boolean literal = domain.startsWith("[");
        if (literal) {
            int end = domain.indexOf(']');
            return end > 0
                    && (end == domain.length() - 1
                            || domain.charAt(end + 1) == ':' && isPort(domain.substring(end + 2)));
        }
        var host = colon < 0 ? domain : domain.substring(0, colon);
        if (colon >= 0 && !isPort(domain.substring(colon + 1))) {
            return false;
        }
        for (var label : host.split("\\.", -1)) {
            if (label.isEmpty() || label.startsWith("-") || label.endsWith("-")) {
                return false;
            }
            for (int i = 0; i < label.length(); i++) {
                char c = label.charAt(i);
                if (c == '_' || !isWord(c) && c != '-') {
                    return false;
                }
            }
        }
        return true;
    }

    private static boolean isPort(String text) {
        return !text.isEmpty() && text.chars().allMatch(c -> c >= '0' && c <= '9');
    }

    private static boolean isHex64(String text) {
        return text.length() == 64 && text.chars().allMatch(c -> c >= '0' && c <= '9' || c >= 'a' && c <= 'f');
    }

    /** The same name with another tag and without a digest. */
    public Reference withTag(String other) {
        if (!isTag(other)) {
            throw new IllegalArgumentException("invalid tag format");
        }
        return new Reference(domain, path, other, null);
    }

    /** The same name with a digest and without a tag. */
    public Reference withDigest(Digest other) {
        return new Reference(domain, path, null, other);
    }

    /** Domain and path: {@code docker.io/library/busybox}. */
    public String name() {
        return domain + "/" + path;
    }

    /** The name as people write it: {@code busybox}. */
    public String familiarName() {
        if (!domain.equals(DEFAULT_DOMAIN)) {
            return name();
        }
        return path.startsWith("library/") && path.indexOf('/', 8) < 0 ? path.substring(8) : path;
    }

    /** The whole reference as people write it: {@code busybox:latest}. */
    public String familiar() {
        return familiarName() + suffix();
    }

    /** What a registry is asked for: the digest if there is one, else the tag. */
    public Optional<String> object() {
        return digest != null ? Optional.of(digest.toString()) : Optional.ofNullable(tag);
    }

    private String suffix() {
        return (tag == null ? "" : ":" + tag) + (digest == null ? "" : "@" + digest);
    }

    /** The whole reference: {@code docker.io/library/busybox:latest}. */
    @Override
    public String toString() {
        return name() + suffix();
    }
}
