package io.drydock.docker.engine.log;

import io.drydock.flags.FlagException;
import io.drydock.flags.FlagValues;
import io.drydock.spec.engine.EngineException;
import java.time.Duration;

/** Durations as Go writes them: {@code 1m30s}, {@code 500ms}. */
final class Durations {
    private Durations() {}

    static Duration parse(String text) {
        try {
            return Duration.ofNanos(FlagValues.duration(text));
        } catch (FlagException e) {
            throw EngineException.invalid(String.valueOf(e.getMessage()));
        }
    }
}
