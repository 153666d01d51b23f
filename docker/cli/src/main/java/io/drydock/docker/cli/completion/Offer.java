package io.drydock.docker.cli.completion;

import java.util.List;

/**
 * What can stand at a place of the command line.
 *
 * @param candidates words, each with a tab and a description behind it if it has one
 * @param directive what the shell does with them, as the scripts know it
 */
record Offer(List<String> candidates, int directive) {
    static final int ERROR = 1;
    static final int NO_SPACE = 2;
    static final int NO_FILES = 4;
    static final int DIRECTORIES = 16;

    /** The shell completes names of files. */
    static final Offer FILES = new Offer(List.of(), 0);

    static final Offer NOTHING = new Offer(List.of(), NO_FILES);
    static final Offer FAILURE = new Offer(List.of(), ERROR);

    static Offer of(List<String> candidates) {
        return new Offer(candidates, NO_FILES);
    }

    static Offer of(String... candidates) {
        return of(List.of(candidates));
    }

    /** Beginnings, behind which the user goes on. */
    static Offer beginnings(String... candidates) {
        return new Offer(List.of(candidates), NO_SPACE);
    }

    String directiveName() {
        return switch (directive) {
            case ERROR -> "ShellCompDirectiveError";
            case NO_SPACE -> "ShellCompDirectiveNoSpace";
            case NO_FILES -> "ShellCompDirectiveNoFileComp";
            case DIRECTORIES -> "ShellCompDirectiveFilterDirs";
            default -> "ShellCompDirectiveDefault";
        };
    }
}
