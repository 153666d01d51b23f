package io.drydock.runc.cli;

import io.drydock.linux.Fd;
import java.util.ArrayList;
import java.util.List;

/** {@code --preserve-fds N}: descriptors from 3 on, after those of socket activation. */
final class Preserved {
    private Preserved() {}

    static List<Fd> of(CommandLine line) throws UsageException {
        String activation = System.getenv("LISTEN_FDS");
        int count = line.number("preserve-fds", 0);
        try {
            count += activation == null ? 0 : Integer.parseInt(activation);
        } catch (NumberFormatException e) {
            throw new UsageException("LISTEN_FDS is not a number: " + activation);
        }
        List<Fd> preserved = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            preserved.add(Fd.borrowed(3 + i));
        }
        return preserved;
    }
}
