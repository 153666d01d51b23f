package io.drydock.runc.cgroups.dbus;

import java.util.ArrayList;
import java.util.List;

/** Types written as letters. */
final class Signature {
    private static final int DEEPEST = 32;

    private Signature() {}

    /** The complete types in a row. */
    static List<String> split(String signature) {
        List<String> types = new ArrayList<>();
        for (int at = 0; at < signature.length(); ) {
            int end = end(signature, at, 0);
            types.add(signature.substring(at, end));
            at = end;
        }
        return types;
    }

    private static int end(String signature, int at, int depth) {
        if (at >= signature.length() || depth > DEEPEST) {
            throw new IllegalArgumentException("signature " + signature);
        }
        char letter = signature.charAt(at);
        if (letter == 'a') {
            return end(signature, at + 1, depth + 1);
        }
        if (letter != '(' && letter != '{') {
            return at + 1;
        }
        char close = letter == '(' ? ')' : '}';
        int inside = at + 1;
        while (inside < signature.length() && signature.charAt(inside) != close) {
            inside = end(signature, inside, depth + 1);
        }
        return inside + 1;
    }

    static int alignment(String type) {
        return switch (type.charAt(0)) {
            case 'n', 'q' -> 2;
            case 'b', 'i', 'u', 's', 'o', 'a', 'h' -> 4;
            case 'x', 't', 'd', '(', '{' -> 8;
            default -> 1;
        };
    }
}
