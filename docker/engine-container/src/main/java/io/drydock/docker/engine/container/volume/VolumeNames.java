package io.drydock.docker.engine.container.volume;

import io.drydock.spec.engine.EngineException;

/** Names of containers and volumes: a letter or digit, then letters, digits, {@code _}, {@code .} and {@code -}. */
public final class VolumeNames {
    private VolumeNames() {}

    /** Whether the text is such a name of at least two characters. */
    public static boolean valid(String name) {
        if (name.length() < 2 || !isLetterOrDigit(name.charAt(0))) {
            return false;
        }
        for (int i = 1; i < name.length(); i++) {
            char c = name.charAt(i);
            if (!isLetterOrDigit(c) && c != '_' && c != '.' && c != '-') {
                return false;
            }
        }
        return true;
    }

    private static boolean isLetterOrDigit(char c) {
        return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9';
    }

    static void check(String name) {
        if (name.length() < 2) {
            throw EngineException.invalid("create " + name + ": volume name is too short, names should be at least two "
                    + "alphanumeric characters");
        }
        if (!valid(name)) {
            throw EngineException.invalid(
                    "create " + name + ": \"" + name + "\" includes invalid characters for a local "
                            + "volume name, only \"[a-zA-Z0-9][a-zA-Z0-9_.-]\" are allowed. If you intended to pass a host "
                            + "directory, use absolute path");
        }
    }
}
