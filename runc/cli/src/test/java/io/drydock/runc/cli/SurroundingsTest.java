package io.drydock.runc.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.drydock.linux.EventCalls;
import io.drydock.linux.Fd;
import io.drydock.linux.Linux;
import io.drydock.linux.Poller;
import io.drydock.linux.SocketCalls;
import io.drydock.testkit.Await;
import io.drydock.testkit.Command;
import io.drydock.testkit.NetNamespace;
import io.drydock.testkit.RequiresRoot;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the program takes from its surroundings for a container: network devices, and where to tell that it is ready. */
@RequiresRoot
class SurroundingsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    Path directory;

    @Test
    void networkDevicesMoveWithTheirAddresses() throws Exception {
        RuncProgram runc = new RuncProgram(directory);
        runc.configure(
                "\"sh\", \"-c\", \"ip -o address show dev eth7; cat /sys/class/net/eth7/mtu\"",
                "\"netDevices\": {\"dock0\": {\"name\": \"eth7\"}},");
        try (NetNamespace network = NetNamespace.create("ddrunc")) {
            network.command("ip", "link", "add", "dock0", "type", "veth", "peer", "name", "dock1")
                    .run()
                    .ok();
            network.command("ip", "link", "set", "dock0", "mtu", "1400").run().ok();
            network.command("ip", "address", "add", "10.9.8.7/24", "dev", "dock0")
                    .run()
                    .ok();
            network.command("ip", "address", "add", "127.0.0.9/8", "scope", "host", "dev", "dock0")
                    .run()
                    .ok();
            Command.Result seen = network.command(runc.words("run", "--bundle", runc.bundle(), "moved"))
                    .run()
                    .ok();
            assertThat(seen.out())
                    .contains("inet 10.9.8.7/24 brd 10.9.8.255 scope global eth7")
                    .endsWith("\n1400\n")
                    .doesNotContain("127.0.0.9");
            Command.Result missing = network.command(runc.words("run", "--bundle", runc.bundle(), "missing"))
                    .run();
            assertThat(missing.exitCode()).isEqualTo(1);
            assertThat(missing.err()).contains("move netDevice dock0 to namespace /proc/", ": no such device");
            assertThat(runc.run("list", "-q").out()).isEmpty();
        }
    }

    @Test
    void aMountNamespaceMayBeShared() throws Exception {
        RuncProgram runc = new RuncProgram(directory);
        runc.configure("\"sh\", \"-c\", \"echo /*; readlink /proc/self/ns/mnt\"", "");
        String shared = "unable to restrict sys entries without a private MNT namespace";
        runc.change(json -> json.replaceAll(",?\\s*\\{\\s*\"type\": \"mount\"\\s*\\}", ""));
        assertThat(runc.run("run", "--bundle", runc.bundle(), "masked").err()).contains(shared);
        runc.change(json -> json.replaceAll("\"(masked|readonly)Paths\": \\[[^]]*]", "\"$1Paths\": []"));
        // what is mounted stays, so it is done in a namespace that goes
        String line = "readlink /proc/self/ns/mnt; exec "
                + String.join(" ", runc.words("run", "--bundle", runc.bundle(), "shared"));
        Command.Result seen =
                Command.of("unshare", "-m", "sh", "-c", line).run().ok();
        String[] lines = seen.out().split("\n");
        assertThat(lines).hasSize(3);
        assertThat(lines[1]).isEqualTo("/bin /dev /etc /proc /sys");
        assertThat(lines[2]).isEqualTo(lines[0]);
    }

    @Test
    void readinessIsPassedOn() throws Exception {
        RuncProgram runc = new RuncProgram(directory);
        runc.configure("\"sh\", \"-c\", \"env; ls -l /run/notify; exec sleep 1000\"", "");
        Linux linux = Linux.system();
        Path listening = directory.resolve("systemd");
        Path output = directory.resolve("out");
        try (Fd systemd = linux.sockets().socket(SocketCalls.AF_UNIX, SocketCalls.DGRAM, 0);
                Fd container = linux.sockets().socket(SocketCalls.AF_UNIX, SocketCalls.DGRAM, 0);
                Poller poller = new Poller(linux, "systemd")) {
            linux.sockets().bindUnix(systemd, listening.toString());
            Process detached = Command.of(runc.words("run", "--detach", "--bundle", runc.bundle(), "ready"))
                    .withVariable("NOTIFY_SOCKET", listening.toString())
                    .builder()
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start();
            try {
                Await.until("the container runs", () -> Files.readString(output).contains("notify.sock"));
                assertThat(Files.readString(output)).contains("NOTIFY_SOCKET=/run/notify/notify.sock");
                Path socket = directory.resolve("state/ready/notify/notify.sock");
                linux.sockets().connectUnix(container, socket.toString());
                linux.sockets().send(container, bytes("STATUS=soon"), List.of());
                linux.sockets().send(container, bytes("READY=1\nSTATUS=up"), List.of());
                assertThat(next(linux, systemd, poller)).isEqualTo("READY=1\n");
                String pid = runc.run("state", "ready").out();
                String main = next(linux, systemd, poller);
                assertThat(main).startsWith("MAINPID=");
                assertThat(pid).contains("\"pid\": " + main.strip().substring("MAINPID=".length()));
                assertThat(next(linux, systemd, poller)).isEqualTo("BARRIER=1");
                assertThat(detached.waitFor(60, TimeUnit.SECONDS)).isTrue();
                assertThat(detached.exitValue()).isZero();
            } finally {
                detached.destroyForcibly();
                runc.run("delete", "--force", "ready");
            }
            assertThat(directory.resolve("state/ready")).doesNotExist();
        }
    }

    private static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    }

    /** The next datagram; a descriptor that comes with it is closed, which ends a barrier. */
    private static String next(Linux linux, Fd socket, Poller poller) throws Exception {
        assertThat(poller.await(socket, EventCalls.IN, PATIENCE)).isNotZero();
        ByteBuffer buffer = ByteBuffer.allocateDirect(4096);
        linux.sockets().receive(socket, buffer, 1).descriptors().forEach(Fd::close);
        return StandardCharsets.UTF_8.decode(buffer.flip()).toString();
    }
}
