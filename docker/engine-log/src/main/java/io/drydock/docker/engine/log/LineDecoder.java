package io.drydock.docker.engine.log;

import io.drydock.spec.engine.LogMessage;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Reads the lines of a log's file one after the other. */
interface LineDecoder {

    /** The next line; null at the end. */
    @Nullable
    LogMessage next() throws IOException;
}
