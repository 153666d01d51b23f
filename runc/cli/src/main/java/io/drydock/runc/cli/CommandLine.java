package io.drydock.runc.cli;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Flags before arguments, as the original's library reads them: {@code --name value}, {@code --name=value}, with one dash or
 * two; the first word that is no flag ends them.
 */
final class CommandLine {
    private final Map<String, List<String>> values = new HashMap<>();
    private final List<String> arguments = new ArrayList<>();

    private CommandLine() {}

    /**
     * @param flags names that may occur; one that ends in {@code =} takes a value; {@code name,n} gives a short form
     * @throws UsageException for an unknown flag or a missing value
     */
    static CommandLine parse(List<String> words, String... flags) throws UsageException {
        Map<String, String> names = new HashMap<>();
        Map<String, Boolean> takesValue = new HashMap<>();
        for (String flag : flags) {
            boolean value = flag.endsWith("=");
            String[] forms = (value ? flag.substring(0, flag.length() - 1) : flag).split(",");
            takesValue.put(forms[0], value);
            for (String form : forms) {
                names.put(form, forms[0]);
            }
        }
        CommandLine line = new CommandLine();
        int at = 0;
        for (; at < words.size(); at++) {
            String word = words.get(at);
            if (word.equals("--")) {
                at++;
                break;
            }
            if (word.length() < 2 || word.charAt(0) != '-') {
                break;
            }
            String body = word.substring(word.startsWith("--") ? 2 : 1);
            int equals = body.indexOf('=');
            String name = names.get(equals < 0 ? body : body.substring(0, equals));
            if (name == null) {
                throw new UsageException(
                        "flag provided but not defined: -" + (equals < 0 ? body : body.substring(0, equals)));
            }
            String value;
            if (equals >= 0) {
                value = body.substring(equals + 1);
            } else if (takesValue.getOrDefault(name, false)) {
                if (++at == words.size()) {
                    throw new UsageException("flag needs an argument: -" + body);
                }
                value = words.get(at);
            } else {
                value = "true";
            }
            line.values.computeIfAbsent(name, key -> new ArrayList<>()).add(value);
        }
        line.arguments.addAll(words.subList(at, words.size()));
        return line;
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
