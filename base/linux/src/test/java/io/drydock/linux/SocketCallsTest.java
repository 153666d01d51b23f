package io.drydock.linux;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SocketCallsTest {
    private final Linux linux = Linux.system();
    private final SocketCalls sockets = linux.sockets();

    @Test
    void descriptorsTravelInMessages() throws Exception {
        try (PipeCalls.Pipe pair = sockets.socketPair(SocketCalls.SEQPACKET);
                PipeCalls.Pipe pipe = linux.pipes().pipe(0)) {
            sockets.send(pair.read(), ByteBuffer.wrap(new byte[] {7}), List.of(pipe.read(), pipe.write()));
            SocketCalls.Received got = sockets.receive(pair.write(), ByteBuffer.allocate(8), 4);
            assertThat(got.bytes()).isEqualTo(1);
            assertThat(got.truncated()).isFalse();
            assertThat(got.descriptors()).hasSize(2);
            try (Fd read = got.descriptors().get(0);
                    Fd write = got.descriptors().get(1)) {
                linux.files().write(write, ByteBuffer.wrap("x".getBytes(StandardCharsets.UTF_8)));
                ByteBuffer one = ByteBuffer.allocate(1);
                assertThat(linux.files().read(read, one)).isEqualTo(1);
            }
        }
    }

    @Test
    void namedSocketKnowsItsPeer(@TempDir Path dir) throws Exception {
        try (Fd server = sockets.socket(SocketCalls.AF_UNIX, SocketCalls.SEQPACKET, 0);
                Fd client = sockets.socket(SocketCalls.AF_UNIX, SocketCalls.SEQPACKET, 0)) {
            sockets.bindUnix(server, dir.resolve("s").toString());
            sockets.listen(server, 5);
            sockets.connectUnix(client, dir.resolve("s").toString());
            try (Fd accepted = sockets.accept(server, 0)) {
                assertThat(sockets.peer(accepted).pid())
                        .isEqualTo((int) ProcessHandle.current().pid());
            }
        }
    }

    @Test
    void netlinkAnswers() throws Exception {
        int route = 0;
        try (Fd socket = sockets.socket(SocketCalls.AF_NETLINK, SocketCalls.RAW, route)) {
            sockets.bindNetlink(socket, 0, 0);
            assertThat(sockets.netlinkPort(socket)).isNotZero();
            ByteBuffer dumpLinks = ByteBuffer.allocate(32).order(java.nio.ByteOrder.nativeOrder());
            dumpLinks
                    .putInt(32)
                    .putShort((short) 18)
                    .putShort((short) 0x301)
                    .putInt(1)
                    .putInt(0)
                    .rewind();
            sockets.send(socket, dumpLinks, List.of());
            SocketCalls.Received answer = sockets.receive(socket, ByteBuffer.allocateDirect(1 << 16), 0);
            assertThat(answer.bytes()).isGreaterThan(16);
        }
    }

    @Test
    void polledStreamsWaitForEachOther() throws Exception {
        PipeCalls.Pipe pipe = linux.pipes().pipe(0);
        try (Poller poller = new Poller(linux, "poller-test");
                PolledInputStream in = new PolledInputStream(linux, poller, pipe.read(), 4096)) {
            Thread writer = Thread.startVirtualThread(() -> {
                try (PolledOutputStream out = new PolledOutputStream(linux, poller, pipe.write())) {
                    out.write(new byte[300_000]);
                } catch (java.io.IOException e) {
                    throw new java.io.UncheckedIOException(e);
                }
            });
            assertThat(in.readAllBytes()).hasSize(300_000);
            assertThat(writer.join(Duration.ofSeconds(30))).isTrue();
        }
    }

    @Test
    void terminalSizesAndModes() throws Exception {
        TerminalCalls terminals = linux.terminals();
        TerminalCalls.Pty pty = terminals.openPty();
        try (Fd master = pty.master();
                Fd slave = pty.slave()) {
            assertThat(terminals.isTerminal(slave)).isTrue();
            terminals.setWindowSize(master, new TerminalCalls.WindowSize(33, 111));
            assertThat(terminals.windowSize(slave)).isEqualTo(new TerminalCalls.WindowSize(33, 111));
            terminals.setAttributes(slave, terminals.attributes(slave).raw());
            int echo = 8;
            assertThat(terminals.attributes(master).local() & echo).isZero();
        }
    }
}
