package io.drydock.linux.netlink;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A message received from the kernel.
 *
 * @param type its type
 * @param flags its flags
 * @param sequence the sequence number of the request it answers
 * @param port in a notification, the netlink port of the socket that caused it; 0 for the kernel
 * @param payload what follows the header
 */
public record NetlinkMessage(int type, int flags, int sequence, int port, byte[] payload) {
    static final int ERROR = 2;
    static final int DONE = 3;

    /** Splits a datagram into its messages. */
    static List<NetlinkMessage> parse(byte[] datagram, int length) {
        var buffer = ByteBuffer.wrap(datagram, 0, length).order(ByteOrder.nativeOrder());
        var messages = new ArrayList<NetlinkMessage>();
        while (buffer.remaining() >= 16) {
            int start = buffer.position();
            int size = buffer.getInt();
            if (size < 16 || size > length - start) {
                break;
            }
            messages.add(new NetlinkMessage(
                    buffer.getShort() & 0xffff,
                    buffer.getShort() & 0xffff,
                    buffer.getInt(),
                    buffer.getInt(),
                    Arrays.copyOfRange(datagram, start + 16, start + size)));
            buffer.position(Math.min(start + (size + 3 & ~3), length));
        }
        return messages;
    }

    /** The errno of an ERROR message as a positive number; 0 for an acknowledgement. */
    public int errno() {
        return -buffer().getInt(0);
    }

    /** A number of the family header, in the machine's order. */
    public int header32(int offset) {
        return buffer().getInt(offset);
    }

    /** A byte of the family header, unsigned. */
    public int header8(int offset) {
        return payload[offset] & 0xff;
    }

    /** The attributes behind a family header of that length, by type. Of several of one type, the last. */
    public Map<Integer, byte[]> attributes(int headerLength) {
        return attributes(payload, headerLength);
    }

    private static Map<Integer, byte[]> attributes(byte[] bytes, int from) {
        var attributes = new HashMap<Integer, byte[]>();
        var buffer = ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder());
        int at = from;
        while (at + 4 <= bytes.length) {
            int length = buffer.getShort(at) & 0xffff;
            if (length < 4 || at + length > bytes.length) {
                break;
            }
            attributes.put(buffer.getShort(at + 2) & 0x3fff, Arrays.copyOfRange(bytes, at + 4, at + length));
            at += length + 3 & ~3;
        }
        return attributes;
    }

    /** An attribute's value read as a string that ends with a zero. */
    public static String string(byte[] value) {
        int length = value.length;
        while (length > 0 && value[length - 1] == 0) {
            length--;
        }
        return new String(value, 0, length, StandardCharsets.UTF_8);
    }

    /** An attribute's value read as a number in the machine's order. */
    public static int number(byte[] value) {
        return ByteBuffer.wrap(value).order(ByteOrder.nativeOrder()).getInt();
    }

    private ByteBuffer buffer() {
        return ByteBuffer.wrap(payload).order(ByteOrder.nativeOrder());
    }

    @Override
    public boolean equals(Object other) {
        return this == other;
    }

    @Override
    public int hashCode() {
        return System.identityHashCode(this);
    }
}
