package io.drydock.flags;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The flags of one command, read by the rules of pflag: {@code --name value}, {@code --name=value}, {@code -n value},
 * {@code -nvalue}, shorthands in a cluster, {@code --} ends them. Flags are declared as lines of a table, in the order
 * of the help:
 *
 * <pre>
 *   a all bool | Show all
 *   n last int = -1 | Show n last created containers
 *   - format string | Format output
 *   ! - net network | an exclamation mark hides the flag from help
 * </pre>
 *
 * A {@code ¶} in the usage starts a new line. Not safe for several threads.
 */
public final class FlagSet {
    private final Map<String, Flag> flags = new LinkedHashMap<>();
    private final List<String> rest = new ArrayList<>();
    private boolean interspersed = true;

    /** Declares the flags of a table. */
    public FlagSet define(String table) {
        int from = 0;
        while (from < table.length()) {
            int end = table.indexOf('\n', from);
            if (end < 0) {
                end = table.length();
            }
            if (end > from) {
                line(table.substring(from, end));
            }
            from = end + 1;
        }
        return this;
    }

    private void line(String line) {
        int bar = line.indexOf(" | ");
        String head = bar < 0 ? line : line.substring(0, bar);
        String usage = bar < 0 ? "" : line.substring(bar + 3).replace('¶', '\n');
        int equals = head.indexOf(" = ");
        String defaultText = equals < 0 ? null : head.substring(equals + 3);
        String[] words = (equals < 0 ? head : head.substring(0, equals)).split(" ");
        int i = words[0].equals("!") ? 1 : 0;
        char shorthand = words[i].equals("-") ? 0 : words[i].charAt(0);
        add(new Flag(words[i + 1], shorthand, words[i + 2], defaultText, usage, i == 1));
    }

    private void add(Flag flag) {
        flags.put(flag.name(), flag);
    }

    /** Whether flags may stand behind arguments; true unless set. */
    public FlagSet interspersed(boolean on) {
        interspersed = on;
        return this;
    }

    /** Has every argument of a declared flag checked when it is given. */
    public FlagSet check(String name, Flag.Check check) {
        flag(name).check(check);
        return this;
    }

    /** Reads a command line; what is no flag is in {@link #rest()}. */
    public void parse(List<String> arguments) throws FlagException {
        for (int i = 0; i < arguments.size(); i++) {
            String word = arguments.get(i);
            if (word.equals("--")) {
                rest.addAll(arguments.subList(i + 1, arguments.size()));
                return;
            }
            if (word.length() < 2 || word.charAt(0) != '-') {
                rest.add(word);
                if (!interspersed) {
                    rest.addAll(arguments.subList(i + 1, arguments.size()));
                    return;
                }
            } else {
                String next = i + 1 < arguments.size() ? arguments.get(i + 1) : null;
                if (word.charAt(1) == '-' ? longFlag(word, next) : shortFlags(word, next)) {
                    i++;
                }
            }
        }
    }

    /** Whether the next word was taken as the argument. */
    private boolean longFlag(String word, @Nullable String next) throws FlagException {
        String name = word.substring(2);
        if (name.charAt(0) == '-' || name.charAt(0) == '=') {
            throw new FlagException("bad flag syntax: " + word);
        }
        int equals = name.indexOf('=');
        String argument = equals < 0 ? null : name.substring(equals + 1);
        if (equals >= 0) {
            name = name.substring(0, equals);
        }
        Flag flag = flags.get(name);
        if (flag == null) {
            throw new FlagException("unknown flag: --" + name);
        }
        if (argument != null || flag.type().equals("bool")) {
            flag.set(argument == null ? "true" : argument);
            return false;
        }
        if (next == null) {
            throw new FlagException("flag needs an argument: " + word);
        }
        flag.set(next);
        return true;
    }

    private boolean shortFlags(String word, @Nullable String next) throws FlagException {
        for (int i = 1; i < word.length(); i++) {
            char c = word.charAt(i);
            Flag flag = byShorthand(c);
            if (flag == null) {
                throw new FlagException("unknown shorthand flag: '" + c + "' in -" + word.substring(i));
            }
            boolean last = i + 1 == word.length();
            if (!last && word.charAt(i + 1) == '=') {
                flag.set(word.substring(i + 2));
                return false;
            }
            if (flag.type().equals("bool")) {
                flag.set("true");
            } else if (!last) {
                flag.set(word.substring(i + 1));
                return false;
            } else if (next == null) {
                throw new FlagException("flag needs an argument: '" + c + "' in -" + word.substring(i));
            } else {
                flag.set(next);
                return true;
            }
        }
        return false;
    }

    private @Nullable Flag byShorthand(char c) {
        for (Flag flag : flags.values()) {
            if (flag.shorthand() == c) {
                return flag;
            }
        }
        return null;
    }

    /** What remains of the command line besides flags. */
    public List<String> rest() {
        return rest;
    }

    /** All flags in the order of declaration, hidden ones too. */
    public Iterable<Flag> all() {
        return flags.values();
    }

    /** Whether a flag of that name is declared. */
    public boolean has(String name) {
        return flags.containsKey(name);
    }

    /**
     * A declared flag.
     *
     * @throws IllegalArgumentException if no flag has that name
     */
    public Flag flag(String name) {
        Flag flag = flags.get(name);
        if (flag == null) {
            throw new IllegalArgumentException("no flag --" + name);
        }
        return flag;
    }

    public boolean changed(String name) {
        return flag(name).changed();
    }

    public boolean bool(String name) {
        return switch (flag(name).text()) {
            case "1", "t", "T", "TRUE", "true", "True" -> true;
            default -> false;
        };
    }

    public String text(String name) {
        return flag(name).text();
    }

    public List<String> list(String name) {
        return flag(name).all();
    }

    /** The number given, else the default, else 0. */
    public long integer(String name) {
        return number(name, FlagValues::integer);
    }

    /** Nanoseconds. */
    public long duration(String name) {
        return number(name, FlagValues::duration);
    }

    /** Bytes. */
    public long bytes(String name) {
        return number(name, FlagValues::bytes);
    }

    /** Billionths. */
    public long billionths(String name) {
        return number(name, FlagValues::billionths);
    }

    private interface Reader {
        long read(String text) throws FlagException;
    }

    private long number(String name, Reader reader) {
        String text = text(name);
        if (text.isEmpty()) {
            return 0;
        }
        try {
            return reader.read(text);
        } catch (FlagException e) {
            throw new IllegalStateException("flag --" + name + " was not checked: " + text, e);
        }
    }
}
