package io.drydock.linux.netlink;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Messages of a netlink protocol, laid out for one send.
 *
 * <pre>
 *   message := length u32 · type u16 · flags u16 · sequence u32 · port u32 · family header · attribute*
 *   attribute := length u16 · type u16 · value · padding to 4 bytes
 * </pre>
 *
 * The sequence number of a message is its place in the batch, from 1. Not for use by several threads.
 */
public final class NetlinkBatch {
    /** Flag: this is a request. Set in every message. */
    public static final int REQUEST = 0x1;
    /** Flag: the kernel is to acknowledge the message. */
    public static final int ACK = 0x4;
    /** Flag: create what does not exist. */
    public static final int CREATE = 0x400;
    /** Flag: take the place of what exists. */
    public static final int REPLACE = 0x100;
    /** Flag: fail if it exists. */
    public static final int EXCL = 0x200;
    /** Flag: append to a list. */
    public static final int APPEND = 0x800;
    /** Flag: list everything. */
    public static final int DUMP = 0x300;

    private static final int NESTED = 0x8000;

    private final List<String> operations = new ArrayList<>();
    private ByteBuffer buffer = ByteBuffer.allocate(1024).order(ByteOrder.nativeOrder());
    private int messageStart = -1;

    /**
     * Begins a message.
     *
     * @param operation what it does, for errors: {@code set link eth0 up}
     * @param type the message type
     * @param flags the flags besides {@link #REQUEST}
     */
    public NetlinkBatch message(String operation, int type, int flags) {
        finishMessage();
        operations.add(operation);
        messageStart = buffer.position();
        reserve(16);
        buffer.putInt(0)
                .putShort((short) type)
                .putShort((short) (flags | REQUEST))
                .putInt(operations.size())
                .putInt(0);
        return this;
    }

    /** Appends bytes of the message's family header. */
    public NetlinkBatch header(byte... bytes) {
        reserve(bytes.length);
        buffer.put(bytes);
        return this;
    }

    /** Appends a number of the message's family header, in the machine's order. */
    public NetlinkBatch header32(int value) {
        reserve(4);
        buffer.putInt(value);
        return this;
    }

    /** Appends an attribute. */
    public NetlinkBatch attribute(int type, byte[] value) {
        reserve(value.length + 8);
        buffer.putShort((short) (value.length + 4)).putShort((short) type).put(value);
        pad();
        return this;
    }

    /** Appends an attribute that is a string with a zero at its end. */
    public NetlinkBatch attribute(int type, String value) {
        var bytes = value.getBytes(StandardCharsets.UTF_8);
        return attribute(type, Arrays.copyOf(bytes, bytes.length + 1));
    }

    /** Appends an attribute that is a 32 bit number in the machine's order. */
    public NetlinkBatch attribute(int type, int value) {
        reserve(8);
        buffer.putShort((short) 8).putShort((short) type).putInt(value);
        return this;
    }

    /** Appends an attribute that is a 32 bit number in network order. */
    public NetlinkBatch attributeBe(int type, int value) {
        return attribute(
                type, ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN ? Integer.reverseBytes(value) : value);
    }

    /** Begins an attribute that consists of attributes, up to {@link #end} with the value that this returns. */
    public int nest(int type) {
        reserve(4);
        int mark = buffer.position();
        buffer.putShort((short) 0).putShort((short) (type | NESTED));
        return mark;
    }

    /**
     * Ends the attribute that {@link #nest} began.
     *
     * @throws IllegalStateException if it is longer than a length of 16 bits can say
     */
    public NetlinkBatch end(int mark) {
        int length = buffer.position() - mark;
        if (length > 0xffff) {
            throw new IllegalStateException("netlink attribute of " + length + " bytes");
        }
        buffer.putShort(mark, (short) length);
        return this;
    }

    /** How many messages there are. */
    public int size() {
        return operations.size();
    }

    /** What the message of that sequence number does. */
    public String operation(int sequence) {
        return sequence >= 1 && sequence <= operations.size()
                ? operations.get(sequence - 1)
                : "netlink message " + sequence;
    }

    /** The bytes to send. */
    public byte[] bytes() {
        finishMessage();
        return Arrays.copyOf(buffer.array(), buffer.position());
    }

    /** Sets a flag in the last message. */
    public NetlinkBatch flagLast(int flag) {
        buffer.putShort(messageStart + 6, (short) (buffer.getShort(messageStart + 6) | flag));
        return this;
    }

    private void finishMessage() {
        if (messageStart >= 0) {
            buffer.putInt(messageStart, buffer.position() - messageStart);
        }
    }

    private void pad() {
        while (buffer.position() % 4 != 0) {
            buffer.put((byte) 0);
        }
    }

    private void reserve(int bytes) {
        if (buffer.remaining() < bytes + 4) {
            var larger = ByteBuffer.allocate(Math.max(buffer.capacity() * 2, buffer.position() + bytes + 4))
                    .order(ByteOrder.nativeOrder());
            larger.put(buffer.flip());
            buffer = larger;
        }
    }
}
