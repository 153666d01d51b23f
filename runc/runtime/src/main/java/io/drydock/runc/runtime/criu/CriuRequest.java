package io.drydock.runc.runtime.criu;

/** A request that is being put together ({@code criu_req}). */
public final class CriuRequest {
    private static final int TYPE = 1;
    private static final int OPTIONS = 2;
    private static final int NOTIFY_SUCCESS = 3;
    private static final int FEATURES = 5;
    private static final int PAGE_SERVER = 11;
    private static final int EXTERNAL_MOUNT = 23;
    private static final int CGROUP_ROOT = 25;
    private static final int INHERIT_FD = 27;
    private static final int EXTERNAL = 37;
    private static final int JOIN_NAMESPACE = 39;

    private final CriuType type;
    private final ProtoWriter options = new ProtoWriter();

    public CriuRequest(CriuType type) {
        this.type = type;
    }

    /** Which version criu has. */
    public static byte[] version() {
        return new ProtoWriter().number(TYPE, CriuType.VERSION.number).toBytes();
    }

    /** Whether criu and this kernel can do what is asked for. */
    public static byte[] features(boolean memoryTracking, boolean lazyPages) {
        ProtoWriter features = new ProtoWriter();
        if (memoryTracking) {
            features.number(1, 1);
        }
        if (lazyPages) {
            features.number(2, 1);
        }
        return new ProtoWriter()
                .number(TYPE, CriuType.FEATURE_CHECK.number)
                .bytes(FEATURES, features.toBytes())
                .toBytes();
    }

    /** The answer to a notification. */
    public static byte[] notified(boolean success) {
        return new ProtoWriter()
                .number(TYPE, CriuType.NOTIFY.number)
                .number(NOTIFY_SUCCESS, success ? 1 : 0)
                .toBytes();
    }

    public CriuRequest set(CriuOption option, boolean value) {
        return set(option, value ? 1 : 0);
    }

    public CriuRequest set(CriuOption option, long value) {
        options.number(option.field, value);
        return this;
    }

    public CriuRequest set(CriuOption option, String value) {
        options.text(option.field, value);
        return this;
    }

    private CriuRequest pair(int field, String first, String second) {
        options.bytes(field, new ProtoWriter().text(1, first).text(2, second).toBytes());
        return this;
    }

    /** A mount that is not saved: {@code key} names it, by its mount point or as it was named in the dump. */
    public CriuRequest externalMount(String key, String value) {
        return pair(EXTERNAL_MOUNT, key, value);
    }

    /** The group that takes the place of the saved root of a hierarchy. */
    public CriuRequest cgroupRoot(String controllers, String path) {
        return pair(CGROUP_ROOT, controllers, path);
    }

    /** A namespace to join instead of making it. */
    public CriuRequest join(String kind, String path) {
        return pair(JOIN_NAMESPACE, kind, path);
    }

    /** Something criu has open under that number stands for what was named so in the dump. */
    public CriuRequest inherit(String key, int number) {
        options.bytes(
                INHERIT_FD, new ProtoWriter().text(1, key).number(2, number).toBytes());
        return this;
    }

    /** A resource that is not saved, as {@code criu --external} names it. */
    public CriuRequest external(String resource) {
        options.text(EXTERNAL, resource);
        return this;
    }

    public CriuRequest pageServer(String address, int port) {
        options.bytes(
                PAGE_SERVER, new ProtoWriter().text(1, address).number(2, port).toBytes());
        return this;
    }

    public byte[] toBytes() {
        return new ProtoWriter()
                .number(TYPE, type.number)
                .bytes(OPTIONS, options.toBytes())
                .toBytes();
    }
}
