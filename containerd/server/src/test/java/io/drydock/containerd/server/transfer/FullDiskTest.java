package io.drydock.containerd.server.transfer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drydock.containerd.client.ContainerdException;
import io.drydock.containerd.client.PullRequest;
import io.drydock.containerd.server.TestServer;
import io.drydock.testkit.Await;
import io.drydock.testkit.RequiresRoot;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A pull onto a disk without room for it. */
@RequiresRoot
class FullDiskTest {
    @Test
    void isReportedLeavesNothingAndASmallerImageStillFits() {
        var big = TestImage.of(3, 6_000_000);
        var small = TestImage.of(2, 10_000);
        try (var registry = FakeRegistry.start();
                var server = TestServer.onSmallDisk(16);
                var client = server.client()) {
            registry.add("big", big);
            registry.add("small", small);
            var settings = new PullRequest.Registry("", "http", Map.of(), null);

            assertThatThrownBy(() -> client.transfer()
                            .pull(
                                    new PullRequest(
                                            registry.name("big"),
                                            registry.name("big"),
                                            Map.of(),
                                            List.of(),
                                            "overlayfs",
                                            settings),
                                    progress -> {}))
                    .isInstanceOf(ContainerdException.class)
                    .hasMessageContaining("no space left on device");

            Await.until(
                    "blobs and ingests are gone", () -> server.contentFiles().isEmpty());
            Await.until("snapshots are gone", () -> server.snapshotDirectories().isEmpty());
            client.transfer()
                    .pull(
                            new PullRequest(
                                    registry.name("small"),
                                    registry.name("small"),
                                    Map.of(),
                                    List.of(),
                                    "overlayfs",
                                    settings),
                            progress -> {});
            assertThat(client.images().list()).hasSize(1);
        }
    }
}
