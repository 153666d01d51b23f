package io.drydock.image.archive.apply;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Iterator;

/**
 * Where an entry goes, relative to the root and lexically clean: no empty, {@code .} or {@code ..} parts. The root is
 * {@code ("", "")}.
 *
 * @param parent empty for the root directory
 * @param name the last part
 */
record EntryPath(String parent, String name) {
    private static final int MAX = 4096;

    /** @throws IOException if the name leads out of the root or is none */
    static EntryPath of(String raw) throws IOException {
        if (raw.length() > MAX || raw.indexOf('\0') >= 0) {
            throw new IOException("invalid entry name");
        }
        ArrayDeque<String> parts = new ArrayDeque<>();
        int start = 0;
        while (start <= raw.length()) {
            int slash = raw.indexOf('/', start);
            int end = slash < 0 ? raw.length() : slash;
            String part = raw.substring(start, end);
            if (part.equals("..")) {
                if (parts.pollLast() == null) {
                    throw new IOException("entry \"" + raw + "\" is outside of the root");
                }
            } else if (!part.isEmpty() && !part.equals(".")) {
                parts.addLast(part);
            }
            start = end + 1;
        }
        if (parts.isEmpty()) {
            return new EntryPath("", "");
        }
        String name = parts.removeLast();
        StringBuilder parent = new StringBuilder();
        for (Iterator<String> i = parts.iterator(); i.hasNext(); ) {
            parent.append(i.next()).append(i.hasNext() ? "/" : "");
        }
        return new EntryPath(parent.toString(), name);
    }

    boolean isRoot() {
        return name.isEmpty();
    }

    /** Parent and name together. */
    String full() {
        return parent.isEmpty() ? name : parent + "/" + name;
    }

    @Override
    public String toString() {
        return full();
    }
}
