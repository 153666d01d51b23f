package io.drydock.runc.cli;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Flags and arguments as the original's library reads them: {@code --name value}, {@code --name=value}, with one dash or two.
 */
final class CommandLine {
    private final Map<String, List<String>> values = new HashMap<>();
    private final List<String> arguments = new ArrayList<>();

    private CommandLine() {}

    /**
     * As most commands read their words: flags count wherever they stand, up to {@code --}.
     *
     * @param flags names that may occur; one that ends in {@code =} takes a value; {@code name,n} gives a short form
     * @throws UsageException for an unknown flag or a missing value
     */
    static CommandLine parse(List<String> words, String... flags) throws UsageException {
        return new CommandLine().read(words, new Names(flags), true);
    }

    /** As {@link #parse}, but the first word that is no flag ends them: what follows is another program's. */
    static CommandLine parseToFirstArgument(List<String> words, String... flags) throws UsageException {
        return new CommandLine().read(words, new Names(flags), false);
    }

    /** The flags a command knows, by every form of their name. */
    private static final class Names {
        final Map<String, String> byForm = new HashMap<>();
        final Map<String, Boolean> takesValue = new HashMap<>();

        Names(String... flags) {
            for (String flag : flags) {
                boolean value = flag.endsWith("=");
                String[] forms = (value ? flag.substring(0, flag.length() - 1) : flag).split(",");
                takesValue.put(forms[0], value);
                for (String form : forms) {
                    byForm.put(form, forms[0]);
                }
            }
        }
    }

    private CommandLine read(List<String> words, Names names, boolean anywhere) throws UsageException {
        int at = 0;
        while (at < words.size()) {
            String word = words.get(at);
            if (word.equals("--")) {
                at++;
                break;
            }
            if (word.length() < 2 || word.charAt(0) != '-') {
                if (!anywhere) {
                    break;
                }
                arguments.add(word);
                at++;
                continue;
            }
            at = flag(words, at, names);
        }
        arguments.addAll(words.subList(at, words.size()));
        return this;
    }

    /** Takes the flag at a place, and answers where it ends. */
    private int flag(List<String> words, int at, Names names) throws UsageException {
        String word = words.get(at);
        String body = word.substring(word.startsWith("--") ? 2 : 1);
        int equals = body.indexOf('=');
        String form = equals < 0 ? body : body.substring(0, equals);
        String name = names.byForm.get(form);
        if (name == null) {
            throw new UsageException("flag provided but not defined: -" + form);
        }
        int end = at + 1;
        String value = "true";
        if (equals >= 0) {
            value = body.substring(equals + 1);
        } else if (names.takesValue.getOrDefault(name, false)) {
            if (end == words.size()) {
                throw new UsageException("flag needs an argument: -" + body);
            }
            value = words.get(end++);
        }
        values.computeIfAbsent(name, key -> new ArrayList<>()).add(value);
        return end;
    }

    boolean has(String flag) {
        return "true".equals(get(flag, "false"));
    }

    /** The last value given. */
    String get(String flag, String otherwise) {
        List<String> all = values.get(flag);
        return all == null ? otherwise : all.getLast();
    }

    List<String> all(String flag) {
        return values.getOrDefault(flag, List.of());
    }

    int number(String flag, int otherwise) throws UsageException {
        String text = get(flag, "");
        try {
            return text.isEmpty() ? otherwise : Integer.parseInt(text);
        } catch (NumberFormatException e) {
            throw new UsageException("invalid value \"" + text + "\" for flag -" + flag);
        }
    }

    List<String> arguments() {
        return arguments;
    }
}
