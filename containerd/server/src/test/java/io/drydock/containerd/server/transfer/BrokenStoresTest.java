package io.drydock.containerd.server.transfer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.drydock.containerd.client.ContainerdException;
import io.drydock.containerd.client.PullRequest;
import io.drydock.containerd.server.TestServer;
import io.drydock.testkit.Command;
import io.drydock.testkit.RequiresRoot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A file system that turns read-only under a running server, and a blob whose bytes change on disk. */
@RequiresRoot
class BrokenStoresTest {
    private static final TestImage IMAGE = TestImage.of(2, 10_000);

    @TempDir
    private Path directory;

    private static PullRequest request(FakeRegistry registry, String snapshotter) {
        var name = registry.name("latest");
        return new PullRequest(
                name, name, Map.of(), List.of(), snapshotter, new PullRequest.Registry("", "http", Map.of(), null));
    }

    @Test
    void whatWasStoredBeforeTheFileSystemTurnedReadOnlyCanBeReadThenAndAfterwards() throws IOException {
        var disk = directory.resolve("disk");
        Files.write(disk, new byte[0]);
        Command.of("truncate", "-s", "48M", disk.toString()).run().ok();
        var made = Command.of("/sbin/mkfs.ext4", "-q", disk.toString()).run();
        assumeThat(made.exitCode()).as("mkfs.ext4").isZero();
        try (var registry = FakeRegistry.start();
                var server = TestServer.onDisk(disk);
                var client = server.client()) {
            registry.add("latest", IMAGE);
            client.transfer().pull(request(registry, "overlayfs"), progress -> {});

            Command.of("sync", "-f", server.directory().toString()).run().ok();
            // what ext4 does by itself when the disk reports errors
            Command.of("mount", "-o", "remount,abort", server.directory().toString())
                    .run()
                    .ok();
            assertThatThrownBy(() -> client.leases().create("l", Map.of()))
                    .isInstanceOf(ContainerdException.class)
                    .hasMessageContaining("read-only");
            assertThatThrownBy(() -> client.snapshots("overlayfs").prepare("k", "", Map.of()))
                    .isInstanceOf(ContainerdException.class);
            assertThat(client.images().list()).hasSize(1);
            assertThat(client.content().list()).hasSize(4);

            server.remount(disk);
            assertThat(client.images().list()).hasSize(1);
            assertThat(client.snapshots("overlayfs").list()).hasSize(2);
            client.leases().create("l", Map.of());
        }
    }

    @Test
    void aCorruptedBlobIsNoticedWhenItIsUnpackedAndCanBeFetchedAgain() throws IOException {
        try (var registry = FakeRegistry.start();
                var server = TestServer.start();
                var client = server.client()) {
            registry.add("latest", IMAGE);
            client.transfer().pull(request(registry, ""), progress -> {});
            var blob = server.directory()
                    .resolve("root/io.containerd.content.v1.content/blobs/sha256")
                    .resolve(IMAGE.layers().getFirst().substring("sha256:".length()));
            var bytes = Files.readAllBytes(blob);
            bytes[bytes.length / 2] ^= 0x55;
            Files.delete(blob);
            Files.write(blob, bytes);

            assertThatThrownBy(() -> client.transfer().pull(request(registry, "overlayfs"), progress -> {}))
                    .isInstanceOf(ContainerdException.class);
            assertThat(client.snapshots("overlayfs").list()).isEmpty();

            client.content().delete(IMAGE.layers().getFirst());
            client.transfer().pull(request(registry, "overlayfs"), progress -> {});
            assertThat(client.snapshots("overlayfs").list()).hasSize(2);
        }
    }
}
