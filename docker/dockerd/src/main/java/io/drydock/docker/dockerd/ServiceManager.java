package io.drydock.docker.dockerd;

import io.drydock.linux.Linux;
import io.drydock.linux.SocketCalls;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells the service manager how far the daemon is, by the protocol of {@code sd_notify(3)}. */
final class ServiceManager {
    private static final Logger LOG = LoggerFactory.getLogger(ServiceManager.class);

    private final Linux linux;
    private final String address;

    /**
     * @param address {@code NOTIFY_SOCKET}: a path, or a name behind {@code @}; empty if nobody wants to know
     */
    ServiceManager(Linux linux, String address) {
        this.linux = linux;
        this.address = address;
    }

    static ServiceManager ofEnvironment(Linux linux) {
        String address = System.getenv("NOTIFY_SOCKET");
        return new ServiceManager(linux, address == null ? "" : address);
    }

    /** Says {@code READY=1}, {@code STOPPING=1} or the like. */
    void tell(String state) {
        if (address.isEmpty()) {
            return;
        }
        byte[] bytes = state.getBytes(StandardCharsets.US_ASCII);
        var message = ByteBuffer.allocateDirect(bytes.length).put(bytes).flip();
        try (var socket = linux.sockets().socket(SocketCalls.AF_UNIX, SocketCalls.DGRAM, 0)) {
            linux.sockets().connectUnix(socket, address);
            linux.sockets().send(socket, message, List.of());
        } catch (IOException e) {
            LOG.warn("tell the service manager {}: {}", state, e.getMessage());
        }
    }
}
