package io.drydock.docker.engine.network.netlink;

import io.drydock.linux.netlink.NetlinkBatch;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The expressions of one rule, evaluated from the left until one does not match. Values are loaded into registers of four
 * bytes, numbered from 0 to 15; a verdict ends the rule.
 */
public final class NftRule {
    /** Conntrack status: the destination was translated. */
    private static final int STATUS_DNAT = 0x20;
    /** Conntrack states established and related. */
    private static final int STATE_KNOWN = 0x6;

    private static final int FIRST_REGISTER = 8;
    private static final int META_IIFNAME = 6;
    private static final int META_OIFNAME = 7;
    private static final int META_L4PROTO = 16;
    private static final int NETWORK_HEADER = 1;
    private static final int TRANSPORT_HEADER = 2;
    private static final int CMP_EQ = 0;
    private static final int CMP_NEQ = 1;

    private final NftBatch transaction;
    private final NetlinkBatch batch;
    private final int list;
    private int open;

    NftRule(NftBatch transaction, NetlinkBatch batch, int list) {
        this.transaction = transaction;
        this.batch = batch;
        this.list = list;
    }

    /** The packet comes in through that interface ({@code equal}), or through another. */
    public NftRule inputIs(String name, boolean equal) {
        return meta(META_IIFNAME, 0).compare(0, equal, interfaceName(name));
    }

    /** The packet goes out through that interface ({@code equal}), or through another. */
    public NftRule outputIs(String name, boolean equal) {
        return meta(META_OIFNAME, 0).compare(0, equal, interfaceName(name));
    }

    /** The packet comes in through an interface of the set, or through none of it. */
    public NftRule inputIn(String set, boolean contained) {
        return meta(META_IIFNAME, 0).lookup(set, contained);
    }

    /** The packet goes out through an interface of the set, or through none of it. */
    public NftRule outputIn(String set, boolean contained) {
        return meta(META_OIFNAME, 0).lookup(set, contained);
    }

    /** The packet's source is in the subnet, whose host bits are zero. */
    public NftRule sourceIn(byte[] address, int prefix) {
        return source(0).mask(0, maskOf(prefix)).compare(0, true, address);
    }

    /** The packet's destination is outside of the subnet, whose host bits are zero. */
    public NftRule destinationOutside(byte[] address, int prefix) {
        return destination(0).mask(0, maskOf(prefix)).compare(0, false, address);
    }

    /** The packet's destination is that address. */
    public NftRule destinationIs(byte[] address) {
        return destination(0).compare(0, true, address);
    }

    /** The packet's transport protocol has that number. */
    public NftRule protocolIs(int number) {
        return meta(META_L4PROTO, 0).compare(0, true, new byte[] {(byte) number});
    }

    /** The packet goes to that port. */
    public NftRule destinationPortIs(int port) {
        return payload(TRANSPORT_HEADER, 2, 2, 0).compare(0, true, new byte[] {(byte) (port >> 8), (byte) port});
    }

    /** Translates the destination to that address and port. */
    public NftBatch translateTo(byte[] address, int port) {
        load(0, address).load(words(), new byte[] {(byte) (port >> 8), (byte) port});
        return translateByRegisters();
    }

    private NftRule load(int register, byte[] value) {
        int expression = expression("immediate");
        batch.attributeBe(1, FIRST_REGISTER + register);
        transaction.value(2, value);
        return end(expression);
    }

    /** The packet's destination is an address of this host. */
    public NftRule destinationLocal() {
        return addressType(2).compare(0, true, nativeOrder(2));
    }

    /** The packet's source is an address of this host. */
    public NftRule sourceLocal() {
        return addressType(1).compare(0, true, nativeOrder(2));
    }

    /** The packet belongs to a connection already seen in both directions, or to a relative of one. */
    public NftRule established() {
        return conntrack(0, STATE_KNOWN);
    }

    /** The packet belongs to a connection whose destination was translated. */
    public NftRule destinationTranslated() {
        return conntrack(2, STATUS_DNAT);
    }

    /** Source, destination, protocol and destination port are together in the set. */
    public NftRule sourceDestinationPortIn(String set) {
        return source(0)
                .destination(words())
                .meta(META_L4PROTO, 2 * words())
                .payload(TRANSPORT_HEADER, 2, 2, 2 * words() + 1)
                .lookup(set, true);
    }

    /** Translates the destination to what the map has for the packet's protocol, destination and port. */
    public NftBatch translateByDestination(String map) {
        return meta(META_L4PROTO, 0)
                .destination(1)
                .payload(TRANSPORT_HEADER, 2, 2, 1 + words())
                .translate(map);
    }

    /** Translates the destination to what the map has for the packet's protocol and port. */
    public NftBatch translateByPort(String map) {
        return meta(META_L4PROTO, 0).payload(TRANSPORT_HEADER, 2, 2, 1).translate(map);
    }

    /** Translates the destination's address to what the map of ranges has for the packet's protocol, destination and port. */
    public NftBatch translateAddressByDestination(String map) {
        return meta(META_L4PROTO, 0)
                .destination(1)
                .payload(TRANSPORT_HEADER, 2, 2, 1 + words())
                .translateAddress(map);
    }

    /** Translates the destination's address to what the map of ranges has for the packet's protocol and port. */
    public NftBatch translateAddressByPort(String map) {
        return meta(META_L4PROTO, 0).payload(TRANSPORT_HEADER, 2, 2, 1).translateAddress(map);
    }

    /** Verdict: the packet goes on. */
    public NftBatch accept() {
        return verdict(1, null);
    }

    /** Verdict: the packet is dropped. */
    public NftBatch drop() {
        return verdict(0, null);
    }

    /** Verdict: the rest of this chain is skipped. */
    public NftBatch skip() {
        return verdict(-5, null);
    }

    /** Verdict: the rules of another chain follow. */
    public NftBatch jump(String chain) {
        return verdict(-3, chain);
    }

    /** Verdict: the source becomes the address of the interface through which the packet leaves. */
    public NftBatch masquerade() {
        int expression = batch.nest(1);
        batch.attribute(1, "masq");
        int data = batch.nest(2);
        batch.end(data).end(expression);
        return end();
    }

    private NftBatch translate(String map) {
        return find(map).translateByRegisters();
    }

    private NftBatch translateAddress(String map) {
        int expression = find(map).translation();
        end(expression);
        return end();
    }

    private NftRule find(String map) {
        int expression = expression("lookup");
        batch.attributeBe(2, FIRST_REGISTER).attributeBe(3, FIRST_REGISTER).attribute(1, map);
        return end(expression);
    }

    private NftBatch translateByRegisters() {
        int expression = translation();
        batch.attributeBe(5, FIRST_REGISTER + words()); // port
        end(expression);
        return end();
    }

    /** Of the destination, to the address in the first register. */
    private int translation() {
        int expression = expression("nat");
        batch.attributeBe(1, 1).attributeBe(2, transaction.family()).attributeBe(3, FIRST_REGISTER);
        return expression;
    }

    private NftBatch verdict(int code, @Nullable String chain) {
        int expression = expression("immediate");
        batch.attributeBe(1, 0); // the verdict register
        int data = batch.nest(2);
        int verdict = batch.nest(2);
        batch.attributeBe(1, code);
        if (chain != null) {
            batch.attribute(2, chain);
        }
        batch.end(verdict).end(data);
        end(expression);
        return end();
    }

    private NftBatch end() {
        batch.end(list);
        return transaction;
    }

    private NftRule meta(int key, int register) {
        int expression = expression("meta");
        batch.attributeBe(2, key).attributeBe(1, FIRST_REGISTER + register);
        return end(expression);
    }

    private NftRule payload(int base, int offset, int length, int register) {
        int expression = expression("payload");
        batch.attributeBe(1, FIRST_REGISTER + register)
                .attributeBe(2, base)
                .attributeBe(3, offset)
                .attributeBe(4, length);
        return end(expression);
    }

    private NftRule mask(int register, byte[] mask) {
        int expression = expression("bitwise");
        batch.attributeBe(1, FIRST_REGISTER + register)
                .attributeBe(2, FIRST_REGISTER + register)
                .attributeBe(3, mask.length);
        transaction.value(4, mask);
        transaction.value(5, new byte[mask.length]);
        return end(expression);
    }

    private NftRule compare(int register, boolean equal, byte[] value) {
        int expression = expression("cmp");
        batch.attributeBe(1, FIRST_REGISTER + register).attributeBe(2, equal ? CMP_EQ : CMP_NEQ);
        transaction.value(3, value);
        return end(expression);
    }

    private NftRule lookup(String set, boolean contained) {
        int expression = expression("lookup");
        batch.attribute(1, set).attributeBe(2, FIRST_REGISTER);
        if (!contained) {
            batch.attributeBe(5, 1); // inverted
        }
        return end(expression);
    }

    private NftRule addressType(int flag) {
        int expression = expression("fib");
        batch.attributeBe(1, FIRST_REGISTER).attributeBe(2, 3).attributeBe(3, flag);
        return end(expression);
    }

    private NftRule conntrack(int key, int bits) {
        int expression = expression("ct");
        batch.attributeBe(1, FIRST_REGISTER).attributeBe(2, key);
        end(expression);
        return mask(0, nativeOrder(bits)).compare(0, false, new byte[4]);
    }

    private int expression(String name) {
        open = batch.nest(1);
        batch.attribute(1, name);
        return batch.nest(2);
    }

    private NftRule end(int data) {
        batch.end(data).end(open);
        return this;
    }

    private NftRule source(int register) {
        return payload(NETWORK_HEADER, words() == 1 ? 12 : 8, words() * 4, register);
    }

    private NftRule destination(int register) {
        return payload(NETWORK_HEADER, words() == 1 ? 16 : 24, words() * 4, register);
    }

    /** How many registers an address takes. */
    private int words() {
        return transaction.addressLength() / 4;
    }

    private byte[] maskOf(int prefix) {
        var mask = new byte[transaction.addressLength()];
        for (int bit = 0; bit < prefix; bit++) {
            mask[bit / 8] |= (byte) (0x80 >>> bit % 8);
        }
        return mask;
    }

    private static byte[] nativeOrder(int value) {
        return ByteBuffer.allocate(4)
                .order(ByteOrder.nativeOrder())
                .putInt(value)
                .array();
    }

    /** An interface's name as the kernel compares it. */
    public static byte[] interfaceName(String name) {
        return Arrays.copyOf(name.getBytes(StandardCharsets.UTF_8), NftBatch.INTERFACE_LENGTH);
    }
}
