package io.drydock.runc.runtime;

import io.drydock.linux.Fd;
import io.drydock.runc.runtime.criu.CriuOption;
import java.nio.file.Path;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How a container is saved or restored.
 *
 * @param images where the images are, absolute
 * @param work where criu writes its log, absolute; null: beside the images
 * @param parent images of an earlier {@link Flag#PRE_DUMP}, relative to {@code images}; empty if there are none
 * @param pageServer who takes or gives memory, null for the images
 * @param status gets a zero byte when the pages can be fetched ({@link Flag#LAZY_PAGES}); null for none
 * @param cgroupsMode {@code soft}, {@code full}, {@code strict}, {@code ignore}; empty for criu's default
 * @param lsmProfile {@code TYPE:NAME} of the security profile to restore with; empty for the saved one
 * @param lsmMountContext the same of mounts
 */
public record CriuOptions(
        Path images,
        @Nullable Path work,
        String parent,
        Set<Flag> flags,
        @Nullable PageServer pageServer,
        @Nullable Fd status,
        String cgroupsMode,
        String lsmProfile,
        String lsmMountContext) {
    public CriuOptions {
        flags = Set.copyOf(flags);
    }

    /** Where criu's log is. */
    Path logs() {
        return work == null ? images : work;
    }

    /** {@code port}: 1 to 65535. */
    public record PageServer(String address, int port) {}

    /** What is on or off. */
    public enum Flag {
        /** The container goes on after it was saved. */
        LEAVE_RUNNING(CriuOption.LEAVE_RUNNING),
        TCP_ESTABLISHED(CriuOption.TCP_ESTABLISHED),
        TCP_SKIP_IN_FLIGHT(CriuOption.TCP_SKIP_IN_FLIGHT),
        LINK_REMAP(CriuOption.LINK_REMAP),
        EXT_UNIX_SK(CriuOption.EXT_UNIX_SK),
        SHELL_JOB(CriuOption.SHELL_JOB),
        FILE_LOCKS(CriuOption.FILE_LOCKS),
        AUTO_DEDUP(CriuOption.AUTO_DEDUP),
        LAZY_PAGES(CriuOption.LAZY_PAGES),
        /** Only memory is saved, and the container goes on. */
        PRE_DUMP(null);

        final @Nullable CriuOption option;

        Flag(@Nullable CriuOption option) {
            this.option = option;
        }
    }

    boolean has(Flag flag) {
        return flags.contains(flag);
    }
}
