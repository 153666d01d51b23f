package io.drydock.docker.cli.completion;

import io.drydock.docker.cli.catalog.Catalog;
import io.drydock.docker.cli.catalog.CommandSpec;
import io.drydock.docker.cli.session.Cli;
import io.drydock.docker.cli.session.CliException;
import io.drydock.flags.Flag;
import io.drydock.flags.FlagException;
import io.drydock.flags.FlagSet;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Answers {@code docker __complete WORDS…}: the last word is the one being typed, and may be empty. */
public final class Completion {
    /** What can be typed only at the top level besides the commands of the table. */
    private static final Map<String, String> MORE = Map.of("help", "Help about the command");

    /** Connects to the engine that the flags before the command name; not all completions need it. */
    public interface Open {
        Cli open() throws IOException, CliException;
    }

    private final FlagSet globals;
    private final Map<String, String> environment;
    private final Map<String, String> plugins;
    private final Open open;

    /**
     * {@code globals} are parsed already; {@code plugins} are names with descriptions.
     */
    public Completion(FlagSet globals, Map<String, String> environment, Map<String, String> plugins, Open open) {
        this.globals = globals;
        this.environment = environment;
        this.plugins = plugins;
        this.open = open;
    }

    /** The lines for standard output, behind a flag before the command that wants its argument. */
    public String answerFlag(String name, boolean descriptions) {
        if (!name.equals("context")) {
            return text(Offer.FILES, descriptions);
        }
        try (Cli cli = open.open()) {
            return text(Offer.of(new LiveNames(cli).contexts(false)), descriptions);
        } catch (IOException | CliException e) {
            // as below
            return text(Offer.FAILURE, descriptions);
        }
    }

    /** The lines for standard output; {@code words} are those behind the flags before the command. */
    public String answer(List<String> words, boolean descriptions) {
        Offer offer;
        try {
            offer = offer(words);
        } catch (IOException | CliException | IllegalArgumentException e) {
            // a shell that asks for completions is no place to say what is wrong
            offer = Offer.FAILURE;
        }
        return text(offer, descriptions);
    }

    private static String text(Offer offer, boolean descriptions) {
        var out = new StringBuilder();
        for (String candidate : offer.candidates()) {
            int tab = candidate.indexOf('\t');
            out.append(descriptions || tab < 0 ? candidate : candidate.substring(0, tab))
                    .append('\n');
        }
        return out.append(':').append(offer.directive()).append('\n').toString();
    }

    /** The sentence for standard error, from the last line of an answer. */
    public static String ending(String answer) {
        int colon = answer.lastIndexOf(':');
        int directive = Integer.parseInt(answer.substring(colon + 1).strip());
        return "Completion ended with directive: " + new Offer(List.of(), directive).directiveName();
    }

    private Offer offer(List<String> words) throws IOException, CliException {
        String typed = words.getLast();
        if (words.size() == 1) {
            return typed.startsWith("-") ? flags(globals, typed) : commands("", typed);
        }
        CommandSpec spec = Catalog.find("", words.getFirst());
        if (spec == null) {
            return words.size() == 2 && words.getFirst().equals("completion") ? shells() : Offer.FILES;
        }
        List<String> rest = words.subList(1, words.size());
        if (spec.isGroup()) {
            if (rest.size() == 1) {
                return commands(spec.path(), typed);
            }
            spec = Catalog.find(spec.path(), rest.getFirst());
            rest = rest.subList(1, rest.size());
            if (spec == null) {
                return Offer.FILES;
            }
        }
        return inside(spec, rest);
    }

    private static Offer shells() {
        var offers = new ArrayList<String>();
        for (String shell : List.of("bash", "fish", "powershell", "zsh")) {
            offers.add(shell + "\tGenerate the autocompletion script for " + shell);
        }
        return Offer.of(offers);
    }

    private Offer commands(String group, String typed) {
        var found = new TreeMap<String, String>();
        for (CommandSpec spec : Catalog.children(group)) {
            if (group.isEmpty() && spec.top().isEmpty() && !spec.group().isEmpty()) {
                continue;
            }
            String name = !group.isEmpty() || spec.top().isEmpty() ? spec.name() : spec.top();
            found.put(name, spec.summary());
        }
        if (group.isEmpty()) {
            found.putAll(MORE);
            found.putAll(plugins);
        }
        var candidates = new ArrayList<String>();
        found.forEach((name, summary) -> {
            if (name.startsWith(typed)) {
                candidates.add(name + "\t" + summary);
            }
        });
        return Offer.of(candidates);
    }

    private Offer inside(CommandSpec spec, List<String> words) throws IOException, CliException {
        FlagSet flags = spec.flags();
        boolean flagsFirst = spec.path().equals("container run")
                || spec.path().equals("container create")
                || spec.path().equals("container exec");
        flags.interspersed(!flagsFirst);
        List<String> before = words.subList(0, words.size() - 1);
        String typed = words.getLast();
        Flag pending = null;
        try {
            pending = pending(flags, before);
            flags.parse(pending == null ? before : before.subList(0, before.size() - 1));
        } catch (FlagException e) {
            return Offer.FAILURE;
        }
        boolean ended = flagsFirst && !flags.rest().isEmpty() || before.contains("--");
        int equals = typed.indexOf('=');
        if (pending == null && !ended && typed.startsWith("--") && equals > 0) {
            String name = typed.substring(2, equals);
            pending = flags.has(name) ? flags.flag(name) : null;
        } else if (pending == null && !ended && typed.startsWith("-")) {
            return flags(flags, typed);
        }
        try (Cli cli = open.open()) {
            var names = new LiveNames(cli);
            return pending != null
                    ? FlagOffers.of(spec.path(), pending.name(), names, environment)
                    : ArgumentOffers.of(spec.path(), flags, flags.rest().size(), names);
        }
    }

    /** The flag whose argument is being typed, or null. */
    public static @Nullable Flag pending(FlagSet flags, List<String> before) {
        String last = before.isEmpty() ? "" : before.getLast();
        if (last.length() < 2 || last.charAt(0) != '-' || last.indexOf('=') >= 0) {
            return null;
        }
        for (Flag flag : flags.all()) {
            boolean named = last.equals("--" + flag.name())
                    || last.charAt(1) != '-' && last.charAt(last.length() - 1) == flag.shorthand();
            if (named && !flag.type().equals("bool")) {
                return flag;
            }
        }
        return null;
    }

    private static Offer flags(FlagSet flags, String typed) {
        var byName = new TreeMap<String, Flag>();
        for (Flag flag : flags.all()) {
            boolean repeats = flag.type().equals("list")
                    || flag.type().equals("filter")
                    || flag.type().equals("map");
            if (!flag.hidden() && (repeats || !flag.changed())) {
                byName.put(flag.name(), flag);
            }
        }
        var candidates = new ArrayList<String>();
        for (Flag flag : byName.values()) {
            int line = flag.usage().indexOf('\n');
            // the defaults that help prints although they are nothing stand in the usage itself
            boolean zero = "0".equals(flag.defaultText()) || "0s".equals(flag.defaultText());
            String usage = (line < 0 ? flag.usage() : flag.usage().substring(0, line))
                    + (zero ? " (default " + flag.defaultText() + ")" : "");
            if (("--" + flag.name()).startsWith(typed)) {
                candidates.add("--" + flag.name() + "\t" + usage);
            }
            if (flag.shorthand() != 0 && ("-" + flag.shorthand()).startsWith(typed)) {
                candidates.add("-" + flag.shorthand() + "\t" + usage);
            }
        }
        return Offer.of(candidates);
    }
}
