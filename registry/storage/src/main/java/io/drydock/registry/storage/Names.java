package io.drydock.registry.storage;

import java.util.regex.Pattern;

/** The grammar of repositories and tags. Source: OCI distribution-spec 1.1. */
public final class Names {
    private static final Pattern NAME =
            Pattern.compile("[a-z0-9]+((\\.|_|__|-+)[a-z0-9]+)*(/[a-z0-9]+((\\.|_|__|-+)[a-z0-9]+)*)*");
    private static final Pattern TAG = Pattern.compile("[a-zA-Z0-9_][a-zA-Z0-9._-]{0,127}");
    private static final int LONGEST = 255;

    private Names() {}

    /** Whether a repository may be called so. */
    public static boolean isRepository(String name) {
        return name.length() <= LONGEST && NAME.matcher(name).matches();
    }

    /** Whether a tag may be called so. */
    public static boolean isTag(String tag) {
        return TAG.matcher(tag).matches();
    }
}
