package io.drydock.docker.cli.session;

import io.drydock.flags.FlagSet;
import java.io.IOException;
import java.util.List;

/** What one command does. It keeps nothing between runs. */
public interface Command {
    /** How many arguments it takes. */
    Arity arity();

    /** Whether flags end at the first argument, as for commands whose arguments are another command line. */
    default boolean flagsFirst() {
        return false;
    }

    /** Declares checks of flags' arguments. */
    default void prepare(FlagSet flags) {}

    /** Does it and answers the exit code. Errors of the engine are thrown on. */
    int run(Cli cli, FlagSet flags, List<String> arguments) throws IOException, CliException;

    /** Least and most numbers of arguments; most is -1 if there is no end. */
    record Arity(int least, int most) {
        public static final Arity NONE = new Arity(0, 0);
        public static final Arity ANY = new Arity(0, -1);
        public static final Arity ONE = new Arity(1, 1);

        public static Arity atLeast(int n) {
            return new Arity(n, -1);
        }

        public static Arity exactly(int n) {
            return new Arity(n, n);
        }

        public static Arity between(int least, int most) {
            return new Arity(least, most);
        }
    }
}
