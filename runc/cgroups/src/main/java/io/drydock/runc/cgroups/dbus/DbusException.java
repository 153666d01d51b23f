package io.drydock.runc.cgroups.dbus;

import java.io.IOException;

/** The other side answered with an error. */
public final class DbusException extends IOException {
    private static final long serialVersionUID = 1L;
    private final String name;

    DbusException(String name, String words) {
        super(words.isEmpty() ? name : words);
        this.name = name;
    }

    /** For example {@code org.freedesktop.systemd1.UnitExists}. */
    public String name() {
        return name;
    }
}
