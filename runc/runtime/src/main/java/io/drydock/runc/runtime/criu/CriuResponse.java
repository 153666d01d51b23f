package io.drydock.runc.runtime.criu;

import java.io.IOException;
import java.util.List;

/**
 * An answer of criu ({@code criu_resp}).
 *
 * @param type a {@link CriuType}'s number
 * @param script of a notification: what happens now; else empty
 * @param pid of a notification: the process it happens to
 * @param version {@code major * 10000 + minor * 100 + sublevel}, of a version's answer
 * @param errno criu's own, 0 if it has none
 */
public record CriuResponse(
        int type,
        boolean success,
        String script,
        int pid,
        int version,
        boolean memoryTracking,
        boolean lazyPages,
        int errno) {
    /** The kind's name, for messages. */
    String typeName() {
        for (CriuType known : CriuType.values()) {
            if (known.number == type) {
                return known.name();
            }
        }
        return Integer.toString(type);
    }

    boolean is(CriuType kind) {
        return type == kind.number;
    }

    static CriuResponse parse(byte[] bytes) throws IOException {
        ProtoMessage message = ProtoMessage.parse(bytes);
        ProtoMessage none = ProtoMessage.parse(new byte[0]);
        ProtoMessage notify = first(message.messages(5), none);
        ProtoMessage features = first(message.messages(8), none);
        ProtoMessage version = first(message.messages(10), none);
        // a version between two releases counts as the next
        long between = version.text(3).isPresent() ? 1 : 0;
        return new CriuResponse(
                (int) message.number(1),
                message.flag(2),
                notify.text(1).orElse(""),
                (int) notify.number(2),
                (int) (version.number(1) * 10_000
                        + (version.number(2) + between) * 100
                        + (between == 1 ? 0 : version.number(4))),
                features.flag(1),
                features.flag(2),
                (int) message.number(7));
    }

    private static ProtoMessage first(List<ProtoMessage> messages, ProtoMessage otherwise) {
        return messages.isEmpty() ? otherwise : messages.getFirst();
    }
}
