package io.drydock.containerd.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drydock.containerd.core.ContainerdError;
import io.drydock.containerd.core.ContainerdError.Code;
import io.drydock.containerd.core.ContentStore;
import io.drydock.containerd.core.Filter;
import io.drydock.spec.oci.Digest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** What every content store does. */
public abstract class ContentStoreContract {
    private static final String NS = "test";
    private static final byte[] HELLO = "hello\n".getBytes(StandardCharsets.UTF_8);
    private static final String DIGEST = Digest.sha256(HELLO).toString();

    /** The store under test, empty. */
    protected abstract ContentStore store();

    private void put() throws IOException {
        try (var ingest = store().ingest(NS, "", "ref", HELLO.length, DIGEST)) {
            ingest.write(HELLO, 0, HELLO.length);
            ingest.commit(HELLO.length, DIGEST, Map.of("a", "1"));
        }
    }

    private byte[] read(String namespace) throws IOException {
        try (var blob = store().open(namespace, DIGEST)) {
            var bytes = ByteBuffer.allocate((int) blob.size());
            blob.read(bytes);
            return bytes.array();
        }
    }

    private static void assertFails(Code code, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        ContainerdError.class, e -> assertThat(e.code()).isEqualTo(code));
    }

    @Test
    void aCommittedIngestIsABlob() throws IOException {
        put();

        assertThat(read(NS)).isEqualTo(HELLO);
        var info = store().info(NS, DIGEST);
        assertThat(info.size()).isEqualTo(HELLO.length);
        assertThat(info.labels()).isEqualTo(Map.of("a", "1"));
        assertThat(store().statuses(NS, Filter.parse(List.of()))).isEmpty();
    }

    @Test
    void beforeThatItIsNone() throws IOException {
        try (var ingest = store().ingest(NS, "", "ref", 0, "")) {
            ingest.write(HELLO, 0, HELLO.length);
            assertFails(Code.NOT_FOUND, () -> store().info(NS, DIGEST));
            assertFails(Code.NOT_FOUND, () -> store().open(NS, DIGEST));
        }
        assertThat(store().list(NS, Filter.parse(List.of()))).isEmpty();
    }

    @Test
    void anIngestIsTakenUpWhereItWasLeft() throws IOException {
        try (var ingest = store().ingest(NS, "", "ref", HELLO.length, DIGEST)) {
            ingest.write(HELLO, 0, 3);
        }
        assertThat(store().status(NS, "ref").offset()).isEqualTo(3);
        try (var ingest = store().ingest(NS, "", "ref", 0, "")) {
            assertThat(ingest.offset()).isEqualTo(3);
            assertThat(ingest.status().total()).isEqualTo(HELLO.length);
            ingest.write(HELLO, 3, HELLO.length - 3);
            assertThat(ingest.commit(0, "", Map.of())).isEqualTo(DIGEST);
        }
        assertThat(read(NS)).isEqualTo(HELLO);
    }

    @Test
    void anIngestCanBeginAgain() throws IOException {
        try (var ingest = store().ingest(NS, "", "ref", 0, "")) {
            ingest.write(new byte[100], 0, 100);
            ingest.restart();
            assertThat(ingest.offset()).isZero();
            ingest.write(HELLO, 0, HELLO.length);
            assertThat(ingest.commit(0, DIGEST, Map.of())).isEqualTo(DIGEST);
        }
        assertThat(read(NS)).isEqualTo(HELLO);
    }

    @Test
    void aRefHasOneWriterAtATime() throws IOException {
        try (var ingest = store().ingest(NS, "", "ref", 0, "")) {
            assertFails(Code.UNAVAILABLE, () -> store().ingest(NS, "", "ref", 0, ""));
            assertFails(Code.UNAVAILABLE, () -> store().abort(NS, "ref"));
            assertThat(ingest.offset()).isZero();
        }
        store().ingest(NS, "", "ref", 0, "").close();
    }

    @Test
    void sizeAndDigestMustBeTheExpectedOnes() throws IOException {
        try (var ingest = store().ingest(NS, "", "ref", 0, "")) {
            ingest.write(HELLO, 0, HELLO.length);
            assertFails(Code.FAILED_PRECONDITION, () -> ingest.commit(7, "", Map.of()));
        }
        try (var ingest = store().ingest(NS, "", "ref", 0, "")) {
            assertThat(ingest.offset()).isEqualTo(HELLO.length);
            assertFails(
                    Code.FAILED_PRECONDITION,
                    () -> ingest.commit(0, Digest.sha256(new byte[1]).toString(), Map.of()));
        }
        assertFails(Code.FAILED_PRECONDITION, () -> {
            store().ingest(NS, "", "sized", 5, "").close();
            store().ingest(NS, "", "sized", 6, "").close();
        });
        assertThat(store().list(NS, Filter.parse(List.of()))).isEmpty();
    }

    @Test
    void aBlobThatIsThereIsNotWrittenAgain() throws IOException {
        put();
        assertFails(Code.ALREADY_EXISTS, () -> store().ingest(NS, "", "ref", 0, DIGEST));
        try (var ingest = store().ingest(NS, "", "other", 0, "")) {
            ingest.write(HELLO, 0, HELLO.length);
            assertFails(Code.ALREADY_EXISTS, () -> ingest.commit(0, "", Map.of()));
        }
        assertFails(Code.NOT_FOUND, () -> store().status(NS, "other"));
    }

    @Test
    void anAbortedIngestIsGone() throws IOException {
        try (var ingest = store().ingest(NS, "", "ref", 0, "")) {
            ingest.write(HELLO, 0, HELLO.length);
        }
        store().abort(NS, "ref");
        assertFails(Code.NOT_FOUND, () -> store().status(NS, "ref"));
        assertFails(Code.NOT_FOUND, () -> store().abort(NS, "ref"));
    }

    @Test
    void labelsChange() throws IOException {
        put();
        store().updateLabels(NS, DIGEST, Map.of("b", "2"), List.of("labels.b"));
        assertThat(store().info(NS, DIGEST).labels()).isEqualTo(Map.of("a", "1", "b", "2"));
        assertThat(store().list(NS, Filter.parse(List.of("labels.b==2")))).hasSize(1);
        assertThat(store().list(NS, Filter.parse(List.of("labels.b==3")))).isEmpty();
    }

    @Test
    void namespacesDoNotSeeEachOthersBlobs() throws IOException {
        put();
        assertFails(Code.NOT_FOUND, () -> store().info("other", DIGEST));
        try (var ingest = store().ingest("other", "", "ref", 0, "")) {
            ingest.write(HELLO, 0, HELLO.length);
            ingest.commit(0, DIGEST, Map.of());
        }
        store().delete(NS, DIGEST);
        assertFails(Code.NOT_FOUND, () -> store().open(NS, DIGEST));
        assertThat(read("other")).isEqualTo(HELLO);
    }

    @Test
    void nonsenseIsRefused() {
        assertFails(Code.INVALID_ARGUMENT, () -> store().ingest(NS, "", "", 0, ""));
        assertFails(Code.INVALID_ARGUMENT, () -> store().ingest(NS, "", "ref", 0, "sha256:../../etc"));
        assertFails(Code.INVALID_ARGUMENT, () -> store().open(NS, "../../etc/passwd"));
        assertFails(Code.NOT_FOUND, () -> store().delete(NS, DIGEST));
    }
}
