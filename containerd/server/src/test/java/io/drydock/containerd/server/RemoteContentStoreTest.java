package io.drydock.containerd.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.drydock.containerd.client.ContainerdException;
import io.drydock.containerd.contract.ContentStoreContract;
import io.drydock.containerd.core.ContentStore;
import io.drydock.testkit.RequiresRoot;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The content store's contract over gRPC, and what only a Write call can do wrong. */
@RequiresRoot
class RemoteContentStoreTest extends ContentStoreContract {
    private final TestServer server = TestServer.start();
    private final RemoteClients clients = new RemoteClients(server);

    @AfterEach
    void close() {
        clients.close();
        server.close();
    }

    @Override
    protected ContentStore store() {
        return new RemoteContentStore(clients, server.directory());
    }

    @Test
    void whatAnEarlierWriterLeftIsNotPartOfAWholeBlob() throws IOException {
        var content = clients.of("test", "").content();
        try (var left = content.ingest("ref", 0, "")) {
            left.write(ByteString.copyFromUtf8("left"));
        }
        var digest = content.write("ref", 5, new ByteArrayInputStream("whole".getBytes(StandardCharsets.UTF_8)));
        assertThat(content.read(digest)).asString(StandardCharsets.UTF_8).isEqualTo("whole");
    }

    @Test
    void aWriteElsewhereThanAtTheEndIsRefusedAndTheIngestIsKept() {
        var content = clients.of("test", "").content();
        try (var ingest = content.ingest("ref", 0, "")) {
            ingest.write(ByteString.copyFromUtf8("abc"));
            Assertions.assertThatThrownBy(() -> ingest.write(2, ByteString.copyFromUtf8("d")))
                    .isInstanceOfSatisfying(
                            ContainerdException.class,
                            e -> assertThat(e.kind()).isEqualTo(ContainerdException.Kind.OUT_OF_RANGE))
                    .hasMessageContaining("write @2 must occur at current offset 3");
        }
        assertThat(content.status("ref").offset()).isEqualTo(3);
        content.abort("ref");
    }
}
