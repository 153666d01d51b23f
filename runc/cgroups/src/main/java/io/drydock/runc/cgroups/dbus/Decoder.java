package io.drydock.runc.cgroups.dbus;

import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Reads values by signature in the sender's byte order. */
final class Decoder {
    /** Fixed part: up to the length of the header's fields. */
    static final int FIXED = 16;

    private static final int LARGEST = 1 << 27;

    private final ByteBuffer buffer;

    private Decoder(ByteBuffer buffer) {
        this.buffer = buffer;
    }

    private static ByteOrder order(byte mark) throws IOException {
        return switch (mark) {
            case 'l' -> ByteOrder.LITTLE_ENDIAN;
            case 'B' -> ByteOrder.BIG_ENDIAN;
            default -> throw new IOException("no D-Bus message");
        };
    }

    /** The whole message's length, by its fixed part. */
    static int length(byte[] fixed) throws IOException {
        ByteBuffer head = ByteBuffer.wrap(fixed).order(order(fixed[0]));
        long fields = Integer.toUnsignedLong(head.getInt(12));
        long length = (FIXED + fields + 7) / 8 * 8 + Integer.toUnsignedLong(head.getInt(4));
        if (length > LARGEST) {
            throw new IOException("D-Bus message of " + length + " bytes");
        }
        return (int) length;
    }

    static Message message(byte[] bytes) throws IOException {
        try {
            Decoder decoder = new Decoder(ByteBuffer.wrap(bytes).order(order(bytes[0])));
            List<Object> head = decoder.all("yyyyuua(yv)");
            Map<Byte, Object> fields = new HashMap<>();
            for (Object field : (List<?>) head.get(6)) {
                List<?> pair = (List<?>) field;
                fields.put((Byte) pair.get(0), ((Variant) pair.get(1)).value());
            }
            decoder.align(8);
            String signature = text(fields, 8);
            int type = (Byte) head.get(1);
            return new Message(
                    Message.Type.values()[type - 1],
                    (Integer) head.get(5),
                    (Integer) fields.getOrDefault((byte) 5, 0),
                    text(fields, 1),
                    text(fields, 2),
                    text(fields, 3),
                    text(fields, 4),
                    text(fields, 6),
                    text(fields, 7),
                    signature,
                    decoder.all(signature));
        } catch (BufferUnderflowException
                | IllegalArgumentException
                | IndexOutOfBoundsException
                | ClassCastException e) {
            throw new IOException("malformed D-Bus message", e);
        }
    }

    private static String text(Map<Byte, Object> fields, int code) {
        return (String) fields.getOrDefault((byte) code, "");
    }

    private void align(int to) {
        buffer.position((buffer.position() + to - 1) / to * to);
    }

    private List<Object> all(String signature) {
        List<Object> values = new ArrayList<>();
        for (String type : Signature.split(signature)) {
            values.add(one(type));
        }
        return values;
    }

    private Object one(String type) {
        align(Signature.alignment(type));
        return switch (type.charAt(0)) {
            case 'y' -> buffer.get();
            case 'b' -> buffer.getInt() != 0;
            case 'n', 'q' -> buffer.getShort();
            case 'i', 'u', 'h' -> buffer.getInt();
            case 'x', 't' -> buffer.getLong();
            case 'd' -> buffer.getDouble();
            case 's', 'o' -> text(buffer.getInt());
            case 'g' -> text(buffer.get() & 0xff);
            case 'v' -> variant();
            case 'a' -> array(type.substring(1));
            case '(', '{' -> all(type.substring(1, type.length() - 1));
            default -> throw new IllegalArgumentException("signature " + type);
        };
    }

    private String text(int length) {
        if (length < 0 || length >= buffer.remaining()) {
            throw new BufferUnderflowException();
        }
        byte[] bytes = new byte[length];
        buffer.get(bytes).get();
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private Variant variant() {
        String signature = text(buffer.get() & 0xff);
        return new Variant(signature, one(signature));
    }

    private List<Object> array(String elements) {
        int length = buffer.getInt();
        align(Signature.alignment(elements));
        int end = Math.addExact(buffer.position(), length);
        List<Object> values = new ArrayList<>();
        while (buffer.position() < end) {
            values.add(one(elements));
        }
        return values;
    }
}
