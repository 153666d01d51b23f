package io.drydock.containerd.shim;

import com.google.protobuf.Timestamp;
import java.time.Instant;

/** Times to the wire. */
final class Timestamps {
    private Timestamps() {}

    static Timestamp of(Instant at) {
        return Timestamp.newBuilder()
                .setSeconds(at.getEpochSecond())
                .setNanos(at.getNano())
                .build();
    }
}
