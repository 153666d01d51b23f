package io.drydock.docker.api;

import org.jspecify.annotations.Nullable;

/** A version of the Engine API. */
public record ApiVersion(int major, int minor) implements Comparable<ApiVersion> {
    /** The newest this engine speaks, and the one of requests that name none. */
    public static final ApiVersion MAX = new ApiVersion(1, 55);

    /** The oldest this engine speaks. */
    public static final ApiVersion MIN = new ApiVersion(1, 24);

    /** Reads {@code 1.41}; null if it is no version. */
    public static @Nullable ApiVersion parse(String text) {
        int dot = text.indexOf('.');
        if (dot < 1 || dot == text.length() - 1 || text.length() > 8) {
            return null;
        }
        for (int i = 0; i < text.length(); i++) {
            if (i != dot && (text.charAt(i) < '0' || text.charAt(i) > '9')) {
                return null;
            }
        }
        return new ApiVersion(Integer.parseInt(text, 0, dot, 10), Integer.parseInt(text.substring(dot + 1)));
    }

    /** Whether this is 1.{@code minor} or newer. */
    boolean since(int minor) {
        return compareTo(new ApiVersion(1, minor)) >= 0;
    }

    @Override
    public int compareTo(ApiVersion other) {
        return major != other.major ? Integer.compare(major, other.major) : Integer.compare(minor, other.minor);
    }

    @Override
    public String toString() {
        return major + "." + minor;
    }
}
