package io.drydock.linux;

import org.jspecify.annotations.Nullable;

/**
 * What {@code mount_setattr(2)} changes.
 *
 * @param set attributes to switch on ({@code MOUNT_ATTR_*})
 * @param clear attributes to switch off, before {@code set}
 * @param propagation one of {@link Ms#PRIVATE}, {@link Ms#SHARED}, {@link Ms#SLAVE}, {@link Ms#UNBINDABLE}, or 0
 * @param userNamespace for {@link #IDMAP}: the user namespace that maps the ids
 */
public record MountAttr(
        long set, long clear, long propagation, @Nullable Fd userNamespace) {
    public static final long RDONLY = 0x1;
    public static final long NOSUID = 0x2;
    public static final long NODEV = 0x4;
    public static final long NOEXEC = 0x8;
    public static final long ATIME_MASK = 0x70;
    public static final long RELATIME = 0x0;
    public static final long NOATIME = 0x10;
    public static final long STRICTATIME = 0x20;
    public static final long NODIRATIME = 0x80;
    public static final long IDMAP = 0x100000;
    public static final long NOSYMFOLLOW = 0x200000;

    public static MountAttr setting(long attributes) {
        return new MountAttr(attributes, 0, 0, null);
    }
}
