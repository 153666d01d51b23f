package io.drydock.flags;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One flag: what it is called, what it takes, and what the command line said. {@code shorthand} is 0 if there is none.
 * A flag of type {@code bool} needs no argument.
 */
public final class Flag {
    /** Checks one argument when it is given. The message becomes the end of "invalid argument … for … flag: …". */
    public interface Check {
        void accept(String argument) throws FlagException;
    }

    private final String name;
    private final char shorthand;
    private final String type;
    private final @Nullable String defaultText;
    private final String usage;
    private final boolean hidden;
    private final List<String> given = new ArrayList<>(0);
    private @Nullable Check check;

    Flag(String name, char shorthand, String type, @Nullable String defaultText, String usage, boolean hidden) {
        this.name = name;
        this.shorthand = shorthand;
        this.type = type;
        this.defaultText = defaultText;
        this.usage = usage;
        this.hidden = hidden;
    }

    public String name() {
        return name;
    }

    public char shorthand() {
        return shorthand;
    }

    /** The word help prints behind the name: {@code string}, {@code int}, {@code list} …; {@code bool} prints none. */
    public String type() {
        return type;
    }

    /** What help prints as the default, or null if it prints none. */
    public @Nullable String defaultText() {
        return defaultText;
    }

    public String usage() {
        return usage;
    }

    public boolean hidden() {
        return hidden;
    }

    /** Whether the command line has it. */
    public boolean changed() {
        return !given.isEmpty();
    }

    /** Every argument in the order given; empty if the flag is absent. */
    public List<String> all() {
        return Collections.unmodifiableList(given);
    }

    /** The last argument given, else the default, else the empty text. */
    public String text() {
        if (!given.isEmpty()) {
            return given.getLast();
        }
        return defaultText == null ? "" : defaultText;
    }

    void check(Check c) {
        this.check = c;
    }

    void set(String argument) throws FlagException {
        try {
            FlagValues.check(type, argument);
            if (check != null) {
                check.accept(argument);
            }
        } catch (FlagException e) {
            String both = shorthand == 0 ? "--" + name : "-" + shorthand + ", --" + name;
            throw new FlagException(
                    "invalid argument " + FlagValues.quote(argument) + " for \"" + both + "\" flag: " + e.getMessage());
        }
        given.add(argument);
    }
}
