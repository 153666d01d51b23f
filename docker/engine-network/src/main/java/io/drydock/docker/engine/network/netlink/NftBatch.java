package io.drydock.docker.engine.network.netlink;

import io.drydock.linux.netlink.NetlinkBatch;
import io.drydock.linux.netlink.NetlinkMessage;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One transaction of nftables on one table of family {@code ip} or {@code ip6}: all of it happens or nothing. Numbers in
 * attributes are in network order, as nfnetlink wants it.
 */
public final class NftBatch {
    /** Type of an IPv4 address in the key or data of a set. */
    public static final int TYPE_ADDRESS = 7;
    /** Type of an IPv6 address in the key or data of a set. */
    public static final int TYPE_ADDRESS6 = 8;
    /** Type of a transport protocol's number. */
    public static final int TYPE_PROTOCOL = 12;
    /** Type of a port. */
    public static final int TYPE_PORT = 13;
    /** Type of an interface's name. */
    public static final int TYPE_INTERFACE = 41;

    /** The longest interface name with its zero, as the kernel compares it. */
    public static final int INTERFACE_LENGTH = 16;

    private static final int SUBSYSTEM = 10 << 8;
    private static final int BATCH_BEGIN = 16;
    private static final int BATCH_END = 17;
    private static final int NEWTABLE = SUBSYSTEM;
    private static final int DELTABLE = SUBSYSTEM | 2;
    private static final int NEWCHAIN = SUBSYSTEM | 3;
    private static final int NEWRULE = SUBSYSTEM | 6;
    private static final int NEWSET = SUBSYSTEM | 9;
    private static final int NEWSETELEM = SUBSYSTEM | 12;
    private static final int DELSETELEM = SUBSYSTEM | 14;
    private static final int SET_HAS_INTERVALS = 4;
    private static final int SET_IS_MAP = 8;
    private static final int SET_IS_CONCATENATION = 0x80;
    private static final int ELEMENTS_PER_MESSAGE = 400;
    private static final byte FAMILY_IPV4 = 2;
    private static final byte FAMILY_IPV6 = 10;

    private final NetlinkBatch batch = new NetlinkBatch();
    private final String table;
    private final byte family;
    private int sets;

    /** A transaction on the IPv4 table of that name. */
    public NftBatch(String table) {
        this(table, FAMILY_IPV4);
    }

    /** A transaction on the IPv6 table of that name. */
    public static NftBatch ofIpv6(String table) {
        return new NftBatch(table, FAMILY_IPV6);
    }

    private NftBatch(String table, byte family) {
        this.table = table;
        this.family = family;
        // the resource id of the batch's borders is the subsystem, in network order
        batch.message("begin", BATCH_BEGIN, 0).header((byte) 0, (byte) 0, (byte) 0, (byte) 10);
    }

    /** The length of addresses in bytes. */
    public int addressLength() {
        return family == FAMILY_IPV6 ? 16 : 4;
    }

    /** The type of addresses in keys of sets. */
    public int addressType() {
        return family == FAMILY_IPV6 ? TYPE_ADDRESS6 : TYPE_ADDRESS;
    }

    byte family() {
        return family;
    }

    /** Whether that notification is about a table of that name. */
    public static boolean concerns(NetlinkMessage message, String table) {
        if (message.type() >> 8 != SUBSYSTEM >> 8 || message.payload().length < 4) {
            return false;
        }
        var name = message.attributes(4).get(1); // the table's name is attribute 1 of every kind of object
        return name != null && NetlinkMessage.string(name).equals(table);
    }

    /** Makes the table if it does not exist. */
    public NftBatch addTable() {
        message("add table", NEWTABLE, NetlinkBatch.CREATE).attribute(1, table);
        return this;
    }

    /** Deletes the table, which must exist, and all in it. */
    public NftBatch deleteTable() {
        message("delete table", DELTABLE, 0).attribute(1, table);
        return this;
    }

    /** Adds a chain that rules jump to. */
    public NftBatch addChain(String name) {
        message("add chain " + name, NEWCHAIN, NetlinkBatch.CREATE)
                .attribute(1, table)
                .attribute(3, name);
        return this;
    }

    /**
     * Adds a chain that the kernel calls.
     *
     * @param type {@code nat} or {@code filter}
     * @param hook where: 0 prerouting, 2 forward, 3 output, 4 postrouting
     * @param priority when, among the chains of the hook
     * @param accept whether packets that reach the chain's end go on
     */
    public NftBatch addBaseChain(String name, String type, int hook, int priority, boolean accept) {
        message("add chain " + name, NEWCHAIN, NetlinkBatch.CREATE)
                .attribute(1, table)
                .attribute(3, name)
                .attribute(7, type)
                .attributeBe(5, accept ? 1 : 0);
        int mark = batch.nest(4);
        batch.attributeBe(1, hook).attributeBe(2, priority).end(mark);
        return this;
    }

    /** Adds a set whose keys consist of fields of those types; each field of a key takes a multiple of four bytes. */
    public NftBatch addSet(String name, int keyLength, int... keyTypes) {
        set(name, 0, keyLength, keyTypes);
        return this;
    }

    /** Adds a map from keys like those of {@link #addSet} to an address and a port in four bytes. */
    public NftBatch addTargetMap(String name, int keyLength, int... keyTypes) {
        set(name, SET_IS_MAP, keyLength, keyTypes);
        batch.attributeBe(6, concatenated(addressType(), TYPE_PORT)).attributeBe(7, addressLength() + 4);
        return this;
    }

    /**
     * Adds a map from ranges of keys to an address.
     *
     * @param fields the lengths of the key's fields in bytes
     */
    public NftBatch addRangeMap(String name, int[] fields, int... keyTypes) {
        int length = 0;
        for (int field : fields) {
            length += (field + 3) / 4 * 4;
        }
        set(name, SET_IS_MAP | SET_HAS_INTERVALS | SET_IS_CONCATENATION, length, keyTypes);
        batch.attributeBe(6, addressType()).attributeBe(7, addressLength());
        int description = batch.nest(9);
        int list = batch.nest(2);
        for (int field : fields) {
            int element = batch.nest(1);
            batch.attributeBe(1, field).end(element);
        }
        batch.end(list).end(description);
        return this;
    }

    private void set(String name, int flags, int keyLength, int... keyTypes) {
        message("add set " + name, NEWSET, NetlinkBatch.CREATE)
                .attribute(1, table)
                .attribute(2, name)
                .attributeBe(3, flags)
                .attributeBe(4, concatenated(keyTypes))
                .attributeBe(5, keyLength)
                .attributeBe(10, ++sets);
    }

    private static int concatenated(int... types) {
        int all = 0;
        for (int type : types) {
            all = all << 6 | type;
        }
        return all;
    }

    /**
     * An element of a set or map.
     *
     * @param key the key, or the first of a range
     * @param last the last key of a range; null for a single key
     * @param data what a map has for it; null in a set, and where it is to be deleted
     */
    public record Element(byte[] key, byte @Nullable [] last, byte @Nullable [] data) {
        /** A key of a set. */
        public static Element of(byte[] key) {
            return new Element(key, null, null);
        }
    }

    /** Adds elements to a set or map. An element that is there with other data makes the transaction fail. */
    public NftBatch addElements(String set, List<Element> elements) {
        elements("add elements of " + set, NEWSETELEM, NetlinkBatch.CREATE, set, elements);
        return this;
    }

    /** Deletes elements of a set or map, which must be there. */
    public NftBatch deleteElements(String set, List<Element> elements) {
        elements("delete elements of " + set, DELSETELEM, 0, set, elements);
        return this;
    }

    private void elements(String operation, int type, int flags, String set, List<Element> elements) {
        for (int from = 0; from < elements.size(); from += ELEMENTS_PER_MESSAGE) {
            message(operation, type, flags).attribute(1, table).attribute(2, set);
            int list = batch.nest(3);
            elements.subList(from, Math.min(elements.size(), from + ELEMENTS_PER_MESSAGE))
                    .forEach(this::element);
            batch.end(list);
        }
    }

    private void element(Element element) {
        int mark = batch.nest(1);
        value(1, element.key());
        if (element.data() != null) {
            value(2, element.data());
        }
        if (element.last() != null) {
            value(10, element.last());
        }
        batch.end(mark);
    }

    void value(int type, byte[] value) {
        int mark = batch.nest(type);
        batch.attribute(1, value).end(mark);
    }

    /** Appends a rule to a chain; its expressions follow, the last of which is a verdict. */
    public NftRule addRule(String chain) {
        message("add rule to " + chain, NEWRULE, NetlinkBatch.CREATE | NetlinkBatch.APPEND)
                .attribute(1, table)
                .attribute(2, chain);
        return new NftRule(this, batch, batch.nest(4));
    }

    /** The messages with the transaction's end. The last but the end asks for an acknowledgement. */
    NetlinkBatch finished() {
        batch.flagLast(NetlinkBatch.ACK);
        return batch.message("end", BATCH_END, 0).header((byte) 0, (byte) 0, (byte) 0, (byte) 10);
    }

    private NetlinkBatch message(String operation, int type, int flags) {
        return batch.message(operation, type, flags).header(family, (byte) 0, (byte) 0, (byte) 0);
    }
}
