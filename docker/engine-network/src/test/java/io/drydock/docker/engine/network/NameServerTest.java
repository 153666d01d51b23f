package io.drydock.docker.engine.network;

import static org.assertj.core.api.Assertions.assertThat;

import io.drydock.testkit.Await;
import io.drydock.testkit.RequiresRoot;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The name server that containers of user-defined networks find at 127.0.0.11. */
@RequiresRoot
class NameServerTest {
    private static final int A = 1;
    private static final int PTR = 12;
    private static final int MX = 15;
    private static final int AAAA = 28;

    private NetworkStage stage;

    @BeforeEach
    void open() throws IOException {
        stage = new NetworkStage();
    }

    @AfterEach
    void close() throws IOException {
        stage.close();
    }

    private Sandbox attach(NetworkController controller, SandboxRequest request) throws Exception {
        return stage.onHost(() -> controller.attach(request));
    }

    private static SandboxRequest request(String name, EndpointRequest... endpoints) {
        return new SandboxRequest("id-of-" + name, name, List.of(endpoints), List.of(), List.of(NetworkStage.OUTSIDE));
    }

    /** What a server said: the code and, in order of the text, its addresses or names. */
    private record Answer(int code, List<String> records) {
        static Answer of(String... records) {
            return new Answer(0, List.of(records));
        }
    }

    private static byte[] query(String name, int type) {
        var message = new ByteArrayOutputStream();
        message.writeBytes(new byte[] {0x12, 0x34, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0});
        for (var label : name.split("\\.")) {
            message.write(label.length());
            message.writeBytes(label.getBytes(StandardCharsets.US_ASCII));
        }
        message.writeBytes(new byte[] {0, 0, (byte) type, 0, 1});
        return message.toByteArray();
    }

    private static Answer ask(Path namespace, String name, int type) throws Exception {
        return NetworkStage.in(namespace, () -> {
            try (var socket = new DatagramSocket()) {
                socket.setSoTimeout(30_000);
                var query = query(name, type);
                socket.send(new DatagramPacket(query, query.length, InetAddress.ofLiteral("127.0.0.11"), 53));
                var packet = new DatagramPacket(new byte[4096], 4096);
                socket.receive(packet);
                return read(Arrays.copyOf(packet.getData(), packet.getLength()), query.length);
            }
        });
    }

    private static Answer askByTcp(Path namespace, String name, int type) throws Exception {
        return NetworkStage.in(namespace, () -> {
            try (var socket = new Socket("127.0.0.11", 53)) {
                socket.setSoTimeout(30_000);
                var query = query(name, type);
                socket.getOutputStream()
                        .write(ByteBuffer.allocate(query.length + 2)
                                .putShort((short) query.length)
                                .put(query)
                                .array());
                var in = new DataInputStream(socket.getInputStream());
                var message = new byte[in.readUnsignedShort()];
                in.readFully(message);
                return read(message, query.length);
            }
        });
    }

    private static Answer read(byte[] message, int answers) throws IOException {
        var buffer = ByteBuffer.wrap(message);
        assertThat(buffer.getShort(0)).isEqualTo((short) 0x1234);
        var records = new ArrayList<String>();
        int at = answers;
        for (int i = 0; i < buffer.getShort(6); i++) {
            int type = buffer.getShort(at + 2);
            int length = buffer.getShort(at + 10);
            var data = Arrays.copyOfRange(message, at + 12, at + 12 + length);
            records.add(
                    type == PTR ? name(data) : InetAddress.getByAddress(data).getHostAddress());
            at += 12 + length;
        }
        records.sort(String::compareTo);
        return new Answer(message[3] & 0xf, records);
    }

    private static String name(byte[] data) {
        var name = new StringBuilder();
        for (int at = 0; data[at] != 0; at += data[at] + 1) {
            name.append(new String(data, at + 1, data[at], StandardCharsets.US_ASCII))
                    .append('.');
        }
        return name.toString();
    }

    @Test
    void containersFindEachOtherByNamesOfTheirNetworks() throws Exception {
        try (var controller = stage.open(stage.config())) {
            stage.onHost(() -> controller.create(NetworkRequest.bridge("red")));
            stage.onHost(() -> controller.create(NetworkRequest.bridge("blue")));
            attach(controller, request("web1", EndpointRequest.of("red", "web1", "web", "0123456789ab")));
            attach(
                    controller,
                    request("web2", EndpointRequest.of("red", "web2", "web"), EndpointRequest.of("blue", "web2")));
            attach(controller, request("db", EndpointRequest.of("blue", "db")));
            var link = new EndpointRequest(
                    "red", "", "", "", List.of("asker"), Map.of("friend", "id-of-web1"), "", Map.of(), 0);
            var asker = attach(controller, request("asker", link)).netns();

            assertThat(ask(asker, "web1", A)).isEqualTo(Answer.of("172.18.0.2"));
            assertThat(ask(asker, "WEB1", A)).isEqualTo(Answer.of("172.18.0.2"));
            assertThat(ask(asker, "0123456789ab", A)).isEqualTo(Answer.of("172.18.0.2"));
            assertThat(ask(asker, "web", A)).isEqualTo(Answer.of("172.18.0.2", "172.18.0.3"));
            assertThat(ask(asker, "web1.red", A)).isEqualTo(Answer.of("172.18.0.2"));
            assertThat(ask(asker, "friend", A)).isEqualTo(Answer.of("172.18.0.2"));
            assertThat(askByTcp(asker, "web2", A)).isEqualTo(Answer.of("172.18.0.3"));
            assertThat(ask(asker, "web1", AAAA)).isEqualTo(Answer.of());
            assertThat(ask(asker, "web1", MX)).isEqualTo(Answer.of());
            assertThat(ask(asker, "3.0.18.172.in-addr.arpa", PTR)).isEqualTo(Answer.of("web2.red."));

            controller.rename("id-of-web1", "first");
            assertThat(ask(asker, "first", A)).isEqualTo(Answer.of("172.18.0.2"));
            controller.detach("id-of-web1");
            assertThat(ask(asker, "web", A)).isEqualTo(Answer.of("172.18.0.3"));
            stage.onHost(() -> controller.connect("id-of-asker", EndpointRequest.of("blue", "asker")));
            assertThat(ask(asker, "db", A)).isEqualTo(Answer.of("172.19.0.3"));
        }
    }

    @Test
    void whatNobodyKnowsIsAskedOutsideAndRemembered() throws Exception {
        var asked = new AtomicInteger();
        try (var upstream = NetworkStage.in(stage.outside.path(), () -> new DatagramSocket(53))) {
            Thread.ofPlatform().daemon().start(() -> answerEverything(upstream, asked));
            try (var controller = stage.open(stage.config())) {
                stage.onHost(() -> controller.create(NetworkRequest.bridge("red")));
                stage.onHost(
                        () -> controller.create(NetworkRequest.bridge("closed").asInternal()));
                var asker = attach(controller, request("asker", EndpointRequest.of("red", "asker")));
                untilAnswered(asker.netns(), "example.org", Answer.of("192.0.2.7"));
                int before = asked.get();
                assertThat(ask(asker.netns(), "example.org", A)).isEqualTo(Answer.of("192.0.2.7"));
                assertThat(asked).hasValue(before);
                untilAnswered(asker.netns(), "nowhere.org", new Answer(3, List.of()));
                var closed = attach(controller, request("cell", EndpointRequest.of("closed", "cell")));
                assertThat(ask(closed.netns(), "other.org", A)).isEqualTo(new Answer(2, List.of()));
            }
        }
    }

    /** The server gives up on others after four seconds, which a busy machine may need for more than this. */
    private static void untilAnswered(Path namespace, String name, Answer expected) {
        Await.until("an answer about " + name, () -> ask(namespace, name, A).equals(expected));
    }

    /** With an address, but for names that begin with {@code nowhere}. */
    private static void answerEverything(DatagramSocket socket, AtomicInteger asked) {
        var packet = new DatagramPacket(new byte[4096], 4096);
        try {
            while (true) {
                packet.setLength(4096);
                socket.receive(packet);
                asked.incrementAndGet();
                var query = Arrays.copyOf(packet.getData(), packet.getLength());
                boolean known = !new String(query, 13, 7, StandardCharsets.US_ASCII).equals("nowhere");
                var answer = ByteBuffer.allocate(query.length + (known ? 16 : 0))
                        .put(query)
                        .put(2, (byte) 0x81)
                        .put(3, (byte) (known ? 0x80 : 0x83));
                if (known) {
                    answer.putShort(6, (short) 1);
                    answer.put(new byte[] {(byte) 0xc0, 12, 0, 1, 0, 1, 0, 0, 1, 0, 0, 4, (byte) 192, 0, 2, 7});
                }
                socket.send(new DatagramPacket(answer.array(), answer.capacity(), packet.getSocketAddress()));
            }
        } catch (IOException e) {
            // the test is over
        }
    }

    @Test
    void aSilentServerDelaysAndTheNextOneAnswers() throws Exception {
        try (var upstream = NetworkStage.in(stage.outside.path(), () -> new DatagramSocket(53))) {
            Thread.ofPlatform().daemon().start(() -> answerEverything(upstream, new AtomicInteger()));
            try (var controller = stage.open(stage.config())) {
                stage.onHost(() -> controller.create(NetworkRequest.bridge("red")));
                var request = new SandboxRequest(
                        "a",
                        "a",
                        List.of(EndpointRequest.of("red", "a")),
                        List.of(),
                        List.of("10.99.0.77", NetworkStage.OUTSIDE));
                var asker = attach(controller, request);
                untilAnswered(asker.netns(), "example.org", Answer.of("192.0.2.7"));
            }
        }
    }

    @Test
    void aContainerMayListenAtThePortItselfAndAnotherEngineGoesOn() throws Exception {
        var config = stage.config();
        Sandbox asker;
        try (var controller = stage.open(config)) {
            stage.onHost(() -> controller.create(NetworkRequest.bridge("red")));
            asker = attach(controller, request("asker", EndpointRequest.of("red", "asker")));
            NetworkStage.in(asker.netns(), () -> new DatagramSocket(53)).close();
            assertThat(ask(asker.netns(), "asker", A)).isEqualTo(Answer.of("172.18.0.2"));
        }
        try (var controller = stage.open(config)) {
            controller.restore(Set.of("id-of-asker"));
            assertThat(ask(asker.netns(), "asker", A)).isEqualTo(Answer.of("172.18.0.2"));
            attach(controller, request("late", EndpointRequest.of("red", "late")));
            assertThat(ask(asker.netns(), "late", A)).isEqualTo(Answer.of("172.18.0.3"));
        }
    }
}
