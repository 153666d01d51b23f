package io.drydock.containerd.server.grpc;

import com.google.protobuf.Timestamp;
import java.time.Instant;

/** Moments as messages. */
public final class Times {
    private Times() {}

    public static Timestamp proto(Instant time) {
        return Timestamp.newBuilder()
                .setSeconds(time.getEpochSecond())
                .setNanos(time.getNano())
                .build();
    }
}
