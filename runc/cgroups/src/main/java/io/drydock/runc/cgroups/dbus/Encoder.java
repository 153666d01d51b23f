package io.drydock.runc.cgroups.dbus;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Writes values by signature, little-endian, each aligned as its type wants it. */
final class Encoder {
    private ByteBuffer buffer = ByteBuffer.allocate(1024).order(ByteOrder.LITTLE_ENDIAN);

    static byte[] message(Message message, int serial) {
        Encoder body = new Encoder();
        body.all(message.signature(), message.body());
        List<Object> fields = new ArrayList<>();
        field(fields, 1, "o", message.path());
        field(fields, 2, "s", message.interfaceName());
        field(fields, 3, "s", message.member());
        field(fields, 4, "s", message.error());
        if (message.replySerial() != 0) {
            fields.add(List.of((byte) 5, new Variant("u", message.replySerial())));
        }
        field(fields, 6, "s", message.destination());
        field(fields, 8, "g", message.signature());
        Encoder whole = new Encoder();
        whole.all(
                "yyyyuua(yv)",
                List.of(
                        (byte) 'l',
                        (byte) (message.type().ordinal() + 1),
                        (byte) 0,
                        (byte) 1,
                        body.buffer.position(),
                        serial,
                        fields));
        whole.align(8);
        whole.room(body.buffer.position()).put(body.buffer.flip());
        byte[] bytes = new byte[whole.buffer.position()];
        whole.buffer.flip().get(bytes);
        return bytes;
    }

    private static void field(List<Object> fields, int code, String signature, String value) {
        if (!value.isEmpty()) {
            fields.add(List.of((byte) code, new Variant(signature, value)));
        }
    }

    private ByteBuffer room(int bytes) {
        if (buffer.remaining() < bytes) {
            ByteBuffer larger = ByteBuffer.allocate(Math.max(buffer.capacity() * 2, buffer.position() + bytes))
                    .order(ByteOrder.LITTLE_ENDIAN);
            buffer = larger.put(buffer.flip());
        }
        return buffer;
    }

    private void align(int to) {
        while (buffer.position() % to != 0) {
            room(1).put((byte) 0);
        }
    }

    private void all(String signature, List<?> values) {
        List<String> types = Signature.split(signature);
        if (types.size() != values.size()) {
            throw new IllegalArgumentException(values.size() + " values for signature " + signature);
        }
        for (int i = 0; i < types.size(); i++) {
            one(types.get(i), values.get(i));
        }
    }

    private void one(String type, Object value) {
        align(Signature.alignment(type));
        switch (type.charAt(0)) {
            case 'y' -> room(1).put((Byte) value);
            case 'b' -> room(4).putInt((Boolean) value ? 1 : 0);
            case 'n', 'q' -> room(2).putShort((Short) value);
            case 'i', 'u' -> room(4).putInt((Integer) value);
            case 'x', 't' -> room(8).putLong((Long) value);
            case 's', 'o' -> text((String) value);
            case 'g' -> signature((String) value);
            case 'v' -> variant((Variant) value);
            case 'a' -> array(type.substring(1), (List<?>) value);
            case '(', '{' -> all(type.substring(1, type.length() - 1), (List<?>) value);
            default -> throw new IllegalArgumentException("signature " + type);
        }
    }

    private void text(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        room(bytes.length + 5).putInt(bytes.length).put(bytes).put((byte) 0);
    }

    private void signature(String signature) {
        byte[] bytes = signature.getBytes(StandardCharsets.US_ASCII);
        room(bytes.length + 2).put((byte) bytes.length).put(bytes).put((byte) 0);
    }

    private void variant(Variant variant) {
        signature(variant.signature());
        one(variant.signature(), variant.value());
    }

    /** Its length does not count the padding before its first element. */
    private void array(String elements, List<?> values) {
        int length = buffer.position();
        room(4).putInt(0);
        align(Signature.alignment(elements));
        int begin = buffer.position();
        for (Object value : values) {
            one(elements, value);
        }
        buffer.putInt(length, buffer.position() - begin);
    }
}
