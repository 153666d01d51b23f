package io.drydock.containerd.core;

/** The rule for names of namespaces, containers and leases: letters and digits, joined by single dots, dashes, underscores. */
public final class Identifiers {
    private static final int LONGEST = 76;

    private Identifiers() {}

    /** Answers the name. Throws INVALID_ARGUMENT when it breaks the rule. */
    public static String check(String name) {
        if (name.isEmpty()) {
            throw ContainerdError.invalid("identifier must not be empty");
        }
        if (name.length() > LONGEST) {
            throw ContainerdError.invalid(
                    "identifier \"" + name + "\" greater than maximum length (" + LONGEST + " characters)");
        }
        boolean separated = true;
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            boolean separator = c == '.' || c == '-' || c == '_';
            if (separator ? separated : !isLetterOrDigit(c)) {
                throw invalid(name);
            }
            separated = separator;
        }
        if (separated) {
            throw invalid(name);
        }
        return name;
    }

    private static boolean isLetterOrDigit(char c) {
        return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9';
    }

    private static ContainerdError invalid(String name) {
        return ContainerdError.invalid(
                "identifier \"" + name + "\" must match ^[A-Za-z0-9]+(?:[._-](?:[A-Za-z0-9]+))*$");
    }
}
