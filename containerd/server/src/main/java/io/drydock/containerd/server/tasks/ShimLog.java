package io.drydock.containerd.server.tasks;

import io.drydock.linux.Errno;
import io.drydock.linux.Linux;
import io.drydock.linux.LinuxException;
import io.drydock.linux.O;
import io.drydock.linux.PolledInputStream;
import io.drydock.linux.Poller;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads a foreign shim's log from the FIFO in its bundle, which the shim waits for, and puts the lines into ours. */
final class ShimLog implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(ShimLog.class);
    private static final int BUFFER = 4096;

    private final PolledInputStream in;

    private ShimLog(PolledInputStream in) {
        this.in = in;
    }

    static ShimLog read(Linux linux, Poller poller, Bundle bundle) throws LinuxException {
        String path = bundle.path().resolve("log").toString();
        try {
            linux.files().mkfifo(path, 0700);
        } catch (LinuxException e) {
            if (e.errno() != Errno.EEXIST) {
                throw e;
            }
        }
        // Open for writing too: so opening never waits, and the shim's comings and goings are no end of file.
        ShimLog shimLog = new ShimLog(
                new PolledInputStream(linux, poller, linux.files().open(path, O.RDWR | O.NONBLOCK), BUFFER));
        Thread.ofVirtual()
                .name("shim-log")
                .start(() -> shimLog.copy(bundle.key().id()));
        return shimLog;
    }

    private void copy(String id) {
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                log.info("shim of {}: {}", id, line);
            }
        } catch (IOException e) {
            log.debug("log of the shim of {} ended: {}", id, e.getMessage());
        }
    }

    @Override
    public void close() {
        in.close();
    }
}
