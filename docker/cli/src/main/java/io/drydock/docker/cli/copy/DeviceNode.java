package io.drydock.docker.cli.copy;

import io.drydock.image.archive.tar.TarEntry;
import io.drydock.image.archive.tar.TarType;
import io.drydock.linux.Fd;
import io.drydock.linux.Linux;
import io.drydock.linux.LinuxException;
import io.drydock.linux.Mode;
import java.io.IOException;
import java.nio.file.Path;

/** Makes devices and FIFOs. A class of its own, so that only copies of them load the foreign-function interface. */
final class DeviceNode {
    private DeviceNode() {}

    static void make(Path file, TarEntry entry) throws IOException {
        int kind = entry.type() == TarType.FIFO
                ? Mode.FIFO
                : entry.type() == TarType.CHAR_DEVICE ? Mode.CHAR_DEVICE : Mode.BLOCK_DEVICE;
        long device = Mode.device(entry.device().major(), entry.device().minor());
        try {
            Linux.system().files().mknodat(Fd.CWD, file.toString(), kind | entry.mode(), device);
        } catch (LinuxException e) {
            throw new IOException(e.getMessage(), e);
        }
    }
}
