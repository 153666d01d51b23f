package io.drydock.bench;

import io.drydock.testkit.Command;
import java.io.IOException;
import java.time.Duration;
import java.util.List;

/**
 * The two that are compared. Each round takes a turn on both, so that whatever else the machine does falls on both.
 *
 * @param rounds how many turns each takes
 */
record Sides<S>(S ours, S original, int rounds) {
    /** What one of them is asked to do. */
    interface Work<S> {
        void on(S side) throws IOException;
    }

    /** Ours first. */
    List<S> both() {
        return List.of(ours, original);
    }

    Sides<S> in(int otherRounds) {
        return new Sides<>(ours, original, otherRounds);
    }

    /** Prints how long the work takes on both. */
    void compare(String what, Work<S> work) throws IOException {
        compare(what, work, side -> {});
    }

    /** The same with something to be done after each turn that does not count. */
    void compare(String what, Work<S> work, Work<S> after) throws IOException {
        compareRounds(what, round -> work, after);
    }

    /** Work that is another one in each round, from 0 on. */
    interface Rounds<S> {
        Work<S> work(int round);
    }

    void compareRounds(String what, Rounds<S> rounds, Work<S> after) throws IOException {
        var mine = new double[this.rounds];
        var theirs = new double[this.rounds];
        for (int round = 0; round < mine.length; round++) {
            var work = rounds.work(round);
            mine[round] = time(ours, work);
            after.on(ours);
            theirs[round] = time(original, work);
            after.on(original);
        }
        Table.times(what, new Series(mine), new Series(theirs));
    }

    static <S> double time(S side, Work<S> work) throws IOException {
        long begin = System.nanoTime();
        work.on(side);
        return (System.nanoTime() - begin) / 1e6;
    }

    /** Runs a command that must succeed, within five minutes. */
    static void run(Command command) {
        command.within(Duration.ofMinutes(5)).run().ok();
    }
}
