package io.drydock.runc.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drydock.linux.Linux;
import io.drydock.runc.cgroups.CgroupLayout;
import io.drydock.runc.cgroups.Systemd;
import io.drydock.testkit.Await;
import io.drydock.testkit.RequiresRoot;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Containers whose groups are a scope of systemd's, over a real bus. */
@RequiresRoot
class SystemdScopeTest {
    private static final Stdio NONE = new Stdio.Descriptors(null, null, null, List.of());
    private static final CreateRequest.Options SYSTEMD = new CreateRequest.Options(false, false, true);

    @TempDir
    Path directory;

    private final String slice = "drydock" + ProcessHandle.current().pid() + ".slice";
    private FakeSystemd systemd;
    private Containers containers;

    @BeforeEach
    void open() throws Exception {
        Assumptions.assumeTrue(Files.exists(Path.of("/usr/bin/dbus-daemon")), "needs the Debian package dbus-daemon");
        systemd = new FakeSystemd(directory);
        containers = another();
    }

    private Containers another() {
        Linux linux = Linux.system();
        Path keeper = Containers.keeperPath();
        CgroupSource cgroups = new MountedCgroups(linux, keeper, false).with(new Systemd(systemd.socket(), 0));
        return Containers.open(new Containers.Config(
                linux,
                directory.resolve("state"),
                keeper,
                warning -> {},
                cgroups,
                new CachedSeccomp(),
                step -> {},
                null));
    }

    @AfterEach
    void close() throws Exception {
        if (containers == null) {
            return;
        }
        for (String id : containers.list()) {
            containers.load(id).delete(true);
        }
        containers.close();
        systemd.close();
        CgroupLayout layout = CgroupLayout.read();
        List<Path> roots = new ArrayList<>();
        layout.hierarchies().forEach(hierarchy -> roots.add(hierarchy.mountPoint()));
        layout.unified().ifPresent(roots::add);
        for (Path root : roots) {
            // who has been killed is in its group until it is gone
            Await.until(root + " has no such slice", () -> {
                Files.deleteIfExists(root.resolve(slice).resolve("runc-refused.scope"));
                Files.deleteIfExists(root.resolve(slice));
                return true;
            });
        }
    }

    private Container create(String name) throws Exception {
        TestBundle bundle = new TestBundle(Files.createDirectory(directory.resolve(name)), "sleep", "1000");
        bundle.linux.put("cgroupsPath", slice + ":runc:" + name);
        bundle.linux.put("resources", Map.of("pids", Map.of("limit", 30), "memory", Map.of("limit", 64 << 20)));
        bundle.config.put("annotations", Map.of("org.systemd.property.TimeoutStopSec", "uint64 5"));
        bundle.write();
        return containers.create(new CreateRequest(name, bundle.path, List.of(), NONE, List.of(), SYSTEMD));
    }

    @Test
    void aScopeLivesWithItsContainer() throws Exception {
        Container container = create("scope");
        String unit = "runc-scope.scope";
        Map<String, Object> properties = systemd.units.get(unit);
        assertThat(properties)
                .containsEntry("Slice", slice)
                .containsEntry("Delegate", true)
                .containsEntry("DefaultDependencies", false)
                .containsEntry("Description", "libcontainer container scope")
                .containsEntry("TasksMax", 30L)
                .containsEntry("DevicePolicy", "strict")
                .containsEntry("TimeoutStopUSec", 5_000_000L)
                .containsKeys("MemoryAccounting", "CPUAccounting", "TasksAccounting", "DeviceAllow");
        Path group = FakeSystemd.root().resolve(slice).resolve(unit);
        int pid = container.init().pid();
        Await.until(
                "only the container is in it",
                () -> Files.readString(group.resolve("cgroup.procs")).equals(pid + "\n"));
        assertThat(container.cgroup().stats().pids().limit()).isEqualTo(30);
        container.start();
        try (Containers later = another()) {
            Container again = later.load("scope");
            again.update(TestBundle.json(Map.of("pids", Map.of("limit", 40))));
            assertThat(systemd.units.get(unit)).containsEntry("TasksMax", 40L);
            again.pause();
            assertThat(again.state().status()).isEqualTo(Status.PAUSED);
            again.resume();
            again.delete(true);
        }
        assertThat(systemd.units).isEmpty();
        assertThat(systemd.calls).contains("StopUnit", "SetUnitProperties");
        assertThat(group).doesNotExist();
    }

    @Test
    void whatSystemdRefusesLeavesNothingBehind() throws Exception {
        assertThatThrownBy(() -> create("refused"))
                .hasMessageContaining("error creating systemd unit `runc-refused.scope`: got `failed`");
        assertThat(containers.list()).isEmpty();
        assertThat(directory.resolve("state/refused")).doesNotExist();
    }
}
