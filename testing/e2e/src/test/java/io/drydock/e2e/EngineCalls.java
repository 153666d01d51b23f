package io.drydock.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.regex.Pattern;

/** Plain requests to an engine's socket, for what would take a client's process each. */
record EngineCalls(Path socket, String version) {
    private static final Pattern CONTAINER = Pattern.compile("\"Id\":\"([0-9a-f]{64})\"");
    private static final Pattern VOLUME = Pattern.compile("\"Name\":\"([^\"]+)\"");

    /** The answer, its head included. */
    String call(String method, String path) {
        try (var channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            channel.connect(UnixDomainSocketAddress.of(socket));
            var request = method + " /v" + version + path + " HTTP/1.0\r\nHost: x\r\nConnection: close\r\n\r\n";
            channel.write(ByteBuffer.wrap(request.getBytes(StandardCharsets.US_ASCII)));
            var bytes = Channels.newInputStream(channel).readAllBytes();
            return new String(bytes, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Removes all containers and volumes. */
    void removeEverything() {
        var containers = CONTAINER.matcher(call("GET", "/containers/json?all=1"));
        while (containers.find()) {
            call("DELETE", "/containers/" + containers.group(1) + "?force=1&v=1");
        }
        var volumes = VOLUME.matcher(call("GET", "/volumes"));
        while (volumes.find()) {
            call("DELETE", "/volumes/" + volumes.group(1));
        }
    }
}
