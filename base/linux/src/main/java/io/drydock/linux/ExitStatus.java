package io.drydock.linux;

/**
 * How a process ended.
 *
 * @param code the exit code 0..255, 0 if a signal ended it
 * @param signal the signal that ended it, or 0
 */
public record ExitStatus(int code, int signal) {
    /** From the word {@code wait(2)} fills in. */
    public static ExitStatus ofWaitStatus(int status) {
        int signal = status & 0x7f;
        return signal == 0 ? new ExitStatus((status >> 8) & 0xff, 0) : new ExitStatus(0, signal);
    }

    /** What a shell shows: the code, or 128 plus the signal. */
    public int shellCode() {
        return signal == 0 ? code : 128 + signal;
    }
}
