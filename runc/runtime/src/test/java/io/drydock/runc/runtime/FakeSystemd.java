package io.drydock.runc.runtime;

import io.drydock.runc.cgroups.CgroupLayout;
import io.drydock.runc.cgroups.dbus.DbusConnection;
import io.drydock.runc.cgroups.dbus.Message;
import io.drydock.runc.cgroups.dbus.Variant;
import io.drydock.testkit.Await;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A real dbus-daemon, and on it a program that answers as systemd does: transient units are groups of the hierarchy that is
 * systemd's own, which it puts the processes into.
 */
final class FakeSystemd implements AutoCloseable {
    private static final String NAME = "org.freedesktop.systemd1";
    private static final String PATH = "/org/freedesktop/systemd1";

    final Map<String, Map<String, Object>> units = new ConcurrentHashMap<>();
    final List<String> calls = new CopyOnWriteArrayList<>();
    private final Path socket;
    private final Process daemon;
    private final DbusConnection bus;
    private int jobs;

    FakeSystemd(Path directory) throws IOException {
        socket = directory.resolve("bus");
        Path configuration = directory.resolve("bus.conf");
        Files.writeString(configuration, """
                <busconfig>
                  <type>session</type>
                  <listen>unix:path=%s</listen>
                  <auth>EXTERNAL</auth>
                  <policy context="default">
                    <allow send_destination="*"/>
                    <allow receive_sender="*"/>
                    <allow own="*"/>
                  </policy>
                </busconfig>
                """.formatted(socket));
        daemon = new ProcessBuilder("dbus-daemon", "--nofork", "--config-file=" + configuration)
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("bus.log").toFile())
                .start();
        Await.until("the bus listens", () -> Files.exists(socket));
        bus = DbusConnection.open(socket.toString(), 0, true);
        bus.call("org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus", "RequestName", "su", NAME, 0);
        Thread.ofPlatform().daemon().name("fake systemd").start(this::serve);
    }

    String socket() {
        return socket.toString();
    }

    private void serve() {
        try {
            while (true) {
                Message call = bus.await(message -> message.type() == Message.Type.CALL, Duration.ofHours(1));
                calls.add(call.member());
                answer(call);
            }
        } catch (IOException e) {
            // closed
        }
    }

    private void answer(Message call) throws IOException {
        switch (call.member()) {
            case "Get" -> bus.send(call.answer("v", Variant.of("v252.1-fake")));
            case "StartTransientUnit" -> start(call);
            case "StopUnit" -> {
                String unit = (String) call.body().getFirst();
                if (units.remove(unit) == null) {
                    bus.send(call.failure(NAME + ".NoSuchUnit", "Unit " + unit + " not loaded."));
                } else {
                    done(call, unit, "done");
                }
            }
            case "SetUnitProperties" -> {
                remember((String) call.body().getFirst(), (List<?>) call.body().get(2));
                bus.send(call.answer(""));
            }
            default -> bus.send(call.answer(""));
        }
    }

    private void start(Message call) throws IOException {
        String unit = (String) call.body().getFirst();
        if (units.containsKey(unit)) {
            bus.send(call.failure(NAME + ".UnitExists", "Unit " + unit + " was already loaded."));
            return;
        }
        remember(unit, (List<?>) call.body().get(2));
        Path group = Files.createDirectories(
                root().resolve(Objects.requireNonNull(units.get(unit)).get("Slice") + "/" + unit));
        for (Object pid : (List<?>) Objects.requireNonNull(units.get(unit)).getOrDefault("PIDs", List.of())) {
            Files.writeString(group.resolve("cgroup.procs"), pid.toString());
        }
        done(call, unit, unit.contains("refused") ? "failed" : "done");
    }

    static Path root() throws IOException {
        CgroupLayout layout = CgroupLayout.read();
        return layout.of("name=systemd")
                .map(CgroupLayout.Hierarchy::mountPoint)
                .orElseGet(() -> layout.unified().orElseThrow());
    }

    private void remember(String unit, List<?> properties) {
        Map<String, Object> known = units.computeIfAbsent(unit, name -> new ConcurrentHashMap<>());
        for (Object property : properties) {
            List<?> pair = (List<?>) property;
            known.put((String) pair.getFirst(), ((Variant) pair.getLast()).value());
        }
    }

    private void done(Message call, String unit, String result) throws IOException {
        jobs++;
        String job = PATH + "/job/" + jobs;
        bus.send(call.answer("o", job));
        bus.send(Message.signal(PATH, NAME + ".Manager", "JobRemoved", "uoss", jobs, job, unit, result));
    }

    @Override
    public void close() throws Exception {
        bus.close();
        daemon.destroyForcibly().waitFor();
    }
}
