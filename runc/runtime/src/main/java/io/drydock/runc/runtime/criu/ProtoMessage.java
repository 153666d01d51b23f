package io.drydock.runc.runtime.criu;

import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A message read from the wire format of protocol buffers: what each field's number says, unread. */
public final class ProtoMessage {
    private final Map<Integer, Long> numbers = new HashMap<>();
    private final Map<Integer, List<byte[]>> parts = new HashMap<>();

    private ProtoMessage() {}

    /** @throws IOException if the bytes are no message */
    public static ProtoMessage parse(byte[] bytes) throws IOException {
        ProtoMessage message = new ProtoMessage();
        ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        try {
            while (in.hasRemaining()) {
                message.field(in);
            }
            return message;
        } catch (BufferUnderflowException e) {
            throw new IOException("criu's message is cut off", e);
        }
    }

    private void field(ByteBuffer in) throws IOException {
        long key = varint(in);
        int field = (int) (key >>> 3);
        switch ((int) key & 7) {
            case 0 -> numbers.put(field, varint(in));
            case 1 -> numbers.put(field, in.getLong());
            case 2 -> {
                long length = varint(in);
                if (length < 0 || length > in.remaining()) {
                    throw new IOException("criu's message is cut off");
                }
                byte[] value = new byte[(int) length];
                in.get(value);
                parts.computeIfAbsent(field, key2 -> new ArrayList<>()).add(value);
            }
            case 5 -> numbers.put(field, (long) in.getInt());
            default -> throw new IOException("criu's message has a field of an unknown kind");
        }
    }

    private static long varint(ByteBuffer in) throws IOException {
        long value = 0;
        for (int shift = 0; shift < Long.SIZE; shift += 7) {
            byte b = in.get();
            value |= (long) (b & 0x7f) << shift;
            if (b >= 0) {
                return value;
            }
        }
        throw new IOException("criu's message has a number without end");
    }

    /** A number, 0 if it was not sent. */
    public long number(int field) {
        return numbers.getOrDefault(field, 0L);
    }

    public boolean flag(int field) {
        return number(field) != 0;
    }

    /** The last text of a field. */
    public Optional<String> text(int field) {
        List<byte[]> all = parts.getOrDefault(field, List.of());
        return all.isEmpty() ? Optional.empty() : Optional.of(new String(all.getLast(), StandardCharsets.UTF_8));
    }

    /** All messages of a field, in order. */
    public List<ProtoMessage> messages(int field) throws IOException {
        List<ProtoMessage> messages = new ArrayList<>();
        for (byte[] part : parts.getOrDefault(field, List.of())) {
            messages.add(parse(part));
        }
        return messages;
    }
}
