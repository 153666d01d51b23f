package io.drydock.runc.cgroups;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.StringTokenizer;

/** The user namespace that this process is in. */
public final class UserNamespace {
    private UserNamespace() {}

    /** Whether it is another than the system's first, where every number stands for itself. */
    public static boolean isOwn() {
        try {
            // without regular expressions, which every start would pay for
            StringTokenizer words = new StringTokenizer(Files.readString(Path.of("/proc/self/uid_map")));
            boolean whole = words.countTokens() == 3
                    && words.nextToken().equals("0")
                    && words.nextToken().equals("0")
                    && words.nextToken().equals("4294967295");
            return !whole;
        } catch (IOException e) {
            throw new UncheckedIOException("read /proc/self/uid_map", e);
        }
    }
}
