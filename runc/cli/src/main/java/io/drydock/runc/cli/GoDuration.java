package io.drydock.runc.cli;

import io.drydock.flags.FlagException;
import io.drydock.flags.FlagValues;
import java.time.Duration;

/** Durations as Go writes them: {@code 5s}, {@code 100ms}, {@code 1m30.5s}. */
final class GoDuration {
    private GoDuration() {}

    /** Never negative. */
    static Duration parse(String flag, String text) throws UsageException {
        try {
            long nanos = FlagValues.duration(text);
            if (nanos >= 0) {
                return Duration.ofNanos(nanos);
            }
        } catch (FlagException e) {
            // told below, in the words of the original's flag library
        }
        throw new UsageException("invalid value \"" + text + "\" for flag -" + flag + ": parse error");
    }
}
