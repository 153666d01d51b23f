package io.drydock.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import com.google.protobuf.ByteString;
import com.google.protobuf.BytesValue;
import com.google.protobuf.Int64Value;
import com.google.protobuf.MessageLite;
import com.google.protobuf.Parser;
import com.google.protobuf.StringValue;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The contract of a ttrpc connection, with our own server and client on its ends. */
class TtrpcTest {
    private static final Duration LONG = Duration.ofSeconds(30);
    private static final String ECHO = "test.Echo";

    @TempDir
    Path dir;

    private final CompletableFuture<StringValue> never = new CompletableFuture<>();
    private final CompletableFuture<StatusCode> waitEnded = new CompletableFuture<>();
    private final CountDownLatch waiting = new CountDownLatch(1);
    private TtrpcServer server;
    private TtrpcClient client;

    @BeforeEach
    void serve() throws IOException {
        RpcService echo = RpcService.named(ECHO)
                .unary("Say", StringValue.parser(), (call, text) -> text)
                .unary(
                        "Meta",
                        StringValue.parser(),
                        (call, key) -> StringValue.of(call.metadata().getOrDefault(key.getValue(), "-")))
                .unary("Fail", StringValue.parser(), (call, text) -> {
                    throw new RpcException(StatusCode.NOT_FOUND, text.getValue());
                })
                .unary("Break", StringValue.parser(), (call, text) -> {
                    throw new IllegalStateException(text.getValue());
                })
                .unary("Wait", StringValue.parser(), (call, text) -> awaitNever(call))
                .unary(
                        "Size",
                        BytesValue.parser(),
                        (call, bytes) -> Int64Value.of(bytes.getValue().size()))
                .unary(
                        "Grow",
                        Int64Value.parser(),
                        (call, size) -> BytesValue.of(ByteString.copyFrom(new byte[(int) size.getValue()])))
                .streaming("Chat", TtrpcTest::chat)
                .streaming("Count", TtrpcTest::count);
        server = TtrpcServer.serve(dir.resolve("s"), List.of(echo));
        client = TtrpcClient.connect(dir.resolve("s"));
    }

    @AfterEach
    void close() {
        client.close();
        server.close();
    }

    private StringValue awaitNever(Call call) {
        waiting.countDown();
        try {
            return call.await(never);
        } catch (RpcException e) {
            waitEnded.complete(e.code());
            throw e;
        }
    }

    private static void chat(Call call, RpcStream stream) {
        for (StringValue text = stream.receive(StringValue.parser());
                text != null;
                text = stream.receive(StringValue.parser())) {
            if (text.getValue().equals("fail")) {
                throw new RpcException(StatusCode.ABORTED, "as asked");
            }
            stream.send(StringValue.of(text.getValue() + "!"));
        }
        stream.closeSend();
    }

    private static void count(Call call, RpcStream stream) {
        Int64Value to = next(stream, Int64Value.parser());
        for (long i = 1; i <= to.getValue(); i++) {
            stream.send(Int64Value.of(i));
        }
    }

    private static <T extends MessageLite> T next(RpcStream stream, Parser<T> parser) {
        return Objects.requireNonNull(stream.receive(parser));
    }

    private String say(String text) {
        return client.call(ECHO, "Say", StringValue.of(text), StringValue.parser(), LONG)
                .getValue();
    }

    private void fails(ThrowingCallable call, StatusCode code, String text) {
        assertThatThrownBy(call).asInstanceOf(type(RpcException.class)).satisfies(e -> {
            assertThat(e.code()).isEqualTo(code);
            assertThat(e.text()).contains(text);
        });
    }

    @Test
    void answersAndKeepsOrderPerCaller() {
        assertThat(say("a")).isEqualTo("a");
        assertThat(say("")).isEmpty();
        assertThat(say("ä".repeat(100_000))).hasSize(100_000);
    }

    @Test
    void servesManyCallersAtOnce() throws Exception {
        List<CompletableFuture<String>> answers = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            String text = "caller " + i;
            CompletableFuture<String> answer = new CompletableFuture<>();
            Thread.ofVirtual().start(() -> {
                try {
                    answer.complete(say(text));
                } catch (RpcException e) {
                    answer.completeExceptionally(e);
                }
            });
            answers.add(answer);
        }
        for (int i = 0; i < 200; i++) {
            assertThat(answers.get(i).get(30, TimeUnit.SECONDS)).isEqualTo("caller " + i);
        }
    }

    @Test
    void carriesMetadata() {
        StringValue answer = client.call(
                ECHO,
                "Meta",
                StringValue.of("containerd-namespace-ttrpc"),
                StringValue.parser(),
                LONG,
                Map.of("containerd-namespace-ttrpc", "moby", "other", "x"));
        assertThat(answer.getValue()).isEqualTo("moby");
    }

    @Test
    void carriesErrors() {
        fails(
                () -> client.call(ECHO, "Fail", StringValue.of("no such thing"), StringValue.parser(), LONG),
                StatusCode.NOT_FOUND,
                "no such thing");
        fails(
                () -> client.call(ECHO, "Break", StringValue.of("oops"), StringValue.parser(), LONG),
                StatusCode.UNKNOWN,
                "oops");
        fails(
                () -> client.call(ECHO, "Nothing", StringValue.of(""), StringValue.parser(), LONG),
                StatusCode.UNIMPLEMENTED,
                "method Nothing");
        fails(
                () -> client.call("test.None", "Say", StringValue.of(""), StringValue.parser(), LONG),
                StatusCode.UNIMPLEMENTED,
                "service test.None");
        assertThat(say("still here")).isEqualTo("still here");
    }

    @Test
    void aCallEndsAtItsDeadlineOnBothEnds() throws Exception {
        fails(
                () -> client.call(ECHO, "Wait", StringValue.of(""), StringValue.parser(), Duration.ofMillis(50)),
                StatusCode.DEADLINE_EXCEEDED,
                "deadline");
        assertThat(waitEnded.get(30, TimeUnit.SECONDS)).isEqualTo(StatusCode.DEADLINE_EXCEEDED);
        assertThat(say("still here")).isEqualTo("still here");
    }

    @Test
    void aWaitEndsWhenTheClientLeaves() throws Exception {
        CompletableFuture<StatusCode> seen = new CompletableFuture<>();
        Thread.ofVirtual().start(() -> {
            try {
                client.call(ECHO, "Wait", StringValue.of(""), StringValue.parser(), null);
            } catch (RpcException e) {
                seen.complete(e.code());
            }
        });
        assertThat(waiting.await(30, TimeUnit.SECONDS)).isTrue();
        client.close();
        assertThat(seen.get(30, TimeUnit.SECONDS)).isEqualTo(StatusCode.UNAVAILABLE);
        assertThat(waitEnded.get(30, TimeUnit.SECONDS)).isEqualTo(StatusCode.CANCELLED);
        client.closed().get(30, TimeUnit.SECONDS);
        fails(() -> say("x"), StatusCode.UNAVAILABLE, "closed");
    }

    @Test
    void aServerThatClosesEndsItsCallsAndItsSocket() throws Exception {
        server.close();
        client.closed().get(30, TimeUnit.SECONDS);
        fails(() -> say("x"), StatusCode.UNAVAILABLE, "closed");
        assertThat(dir.resolve("s")).doesNotExist();
    }

    @Test
    void refusesMessagesOverFourMegabytesAndGoesOn() {
        BytesValue fits = BytesValue.of(ByteString.copyFrom(new byte[(4 << 20) - 100]));
        assertThat(client.call(ECHO, "Size", fits, Int64Value.parser(), LONG).getValue())
                .isEqualTo((4 << 20) - 100);
        BytesValue tooBig = BytesValue.of(ByteString.copyFrom(new byte[4 << 20]));
        fails(
                () -> client.call(ECHO, "Size", tooBig, Int64Value.parser(), LONG),
                StatusCode.RESOURCE_EXHAUSTED,
                "maximum message size of 4194304");
        fails(
                () -> client.call(ECHO, "Grow", Int64Value.of(5 << 20), BytesValue.parser(), LONG),
                StatusCode.RESOURCE_EXHAUSTED,
                "maximum message size of 4194304");
        assertThat(say("still here")).isEqualTo("still here");
    }

    @Test
    void streamsBothWays() {
        try (RpcStream stream = client.stream(ECHO, "Chat", null)) {
            stream.send(StringValue.of("a"));
            assertThat(next(stream, StringValue.parser()).getValue()).isEqualTo("a!");
            stream.send(StringValue.of("b"));
            stream.closeSend();
            assertThat(next(stream, StringValue.parser()).getValue()).isEqualTo("b!");
            assertThat(stream.receive(StringValue.parser())).isNull();
        }
    }

    @Test
    void aStreamEndsWithTheServersError() {
        try (RpcStream stream = client.stream(ECHO, "Chat", StringValue.of("fail"))) {
            fails(() -> stream.receive(StringValue.parser()), StatusCode.ABORTED, "as asked");
        }
    }

    @Test
    void streamsFromTheServer() {
        try (RpcStream stream = client.serverStream(ECHO, "Count", Int64Value.of(1000))) {
            for (long i = 1; i <= 1000; i++) {
                assertThat(next(stream, Int64Value.parser()).getValue()).isEqualTo(i);
            }
            assertThat(stream.receive(Int64Value.parser())).isNull();
        }
    }

    @Test
    void onlyTheOwnerReachesTheSocket() throws IOException {
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(dir.resolve("s"))))
                .isEqualTo("rw-------");
        assertThatThrownBy(() -> TtrpcServer.serve(dir.resolve("s"), List.of())).isInstanceOf(IOException.class);
    }
}
