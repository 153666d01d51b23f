package io.drydock.runc.cgroups;

import io.drydock.linux.Linux;
import io.drydock.runc.cgroups.dbus.DbusConnection;
import io.drydock.runc.cgroups.dbus.DbusException;
import io.drydock.runc.cgroups.dbus.Message;
import io.drydock.runc.cgroups.dbus.Variant;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** The manager of units, asked over D-Bus. Connects for each thing to do, as they are far apart. */
public final class Systemd {
    private static final String NAME = "org.freedesktop.systemd1";
    private static final String PATH = "/org/freedesktop/systemd1";
    private static final String MANAGER = "org.freedesktop.systemd1.Manager";
    private static final String PROPERTIES = "a(sv)";
    private static final Duration JOB = Duration.ofSeconds(30);

    private final String socket;
    private final int uid;
    private int version;

    /** @param socket of the bus where systemd is */
    public Systemd(String socket, int uid) {
        this.socket = socket;
        this.uid = uid;
    }

    /**
     * The system's, or an ordinary user's own.
     *
     * @throws IOException if this system was not booted with systemd
     */
    public static Systemd running(Linux linux) throws IOException {
        if (!Files.isDirectory(Path.of("/run/systemd/system"))) {
            throw new IOException("systemd not running on this host, cannot use systemd cgroups manager");
        }
        int uid = linux.processes().geteuid();
        String address = System.getenv(uid == 0 ? "DBUS_SYSTEM_BUS_ADDRESS" : "DBUS_SESSION_BUS_ADDRESS");
        if (address != null && !address.isEmpty()) {
            return new Systemd(DbusConnection.socketPath(address), uid);
        }
        String own = System.getenv("XDG_RUNTIME_DIR");
        return new Systemd(uid == 0 ? "/run/dbus/system_bus_socket" : own + "/bus", uid);
    }

    private DbusConnection open() throws IOException {
        try {
            return DbusConnection.open(socket, uid, true);
        } catch (DbusException e) {
            throw e;
        } catch (IOException e) {
            throw new IOException("dial " + socket + ": " + e.getMessage(), e);
        }
    }

    private static List<Object> call(DbusConnection bus, String member, String signature, Object... body)
            throws IOException {
        return bus.call(NAME, PATH, MANAGER, member, signature, body);
    }

    /** 0 if it does not say. */
    synchronized int version() throws IOException {
        if (version == 0) {
            try (DbusConnection bus = open()) {
                String text = text(bus, "Version").replaceFirst("^v", "").replaceFirst("[^0-9].*", "");
                version = text.isEmpty() ? 0 : Integer.parseInt(text);
            }
        }
        return version;
    }

    /** Where the manager is itself; a user's is below the user's slice. */
    String controlGroup() throws IOException {
        try (DbusConnection bus = open()) {
            return text(bus, "ControlGroup");
        }
    }

    private static String text(DbusConnection bus, String property) throws IOException {
        List<Object> answer = bus.call(NAME, PATH, "org.freedesktop.DBus.Properties", "Get", "ss", MANAGER, property);
        return answer.getFirst() instanceof Variant(String type, String value) ? value : "";
    }

    /**
     * Makes a unit and waits until it is there.
     *
     * @param properties structures of name and {@link Variant}
     */
    void start(String unit, List<Object> properties) throws IOException {
        try (DbusConnection bus = open()) {
            subscribe(bus);
            List<Object> answer;
            try {
                answer = startOnce(bus, unit, properties);
            } catch (DbusException e) {
                if (!e.name().equals("org.freedesktop.systemd1.UnitExists")) {
                    throw e;
                }
                reset(bus, unit); // one that failed is kept until somebody looks at it
                answer = startOnce(bus, unit, properties);
            }
            String result = result(bus, answer, unit);
            if (!result.equals("done")) {
                reset(bus, unit);
                throw new IOException("error creating systemd unit `" + unit + "`: got `" + result + "`");
            }
        } catch (IOException e) {
            throw new IOException("unable to start unit \"" + unit + "\": " + e.getMessage(), e);
        }
    }

    private static List<Object> startOnce(DbusConnection bus, String unit, List<Object> properties) throws IOException {
        return call(bus, "StartTransientUnit", "ss" + PROPERTIES + "a(sa(sv))", unit, "replace", properties, List.of());
    }

    /** Ends a unit; one that is not there is as good as ended. */
    void stop(String unit) throws IOException {
        try (DbusConnection bus = open()) {
            subscribe(bus);
            result(bus, call(bus, "StopUnit", "ss", unit, "replace"), unit);
            reset(bus, unit);
        } catch (DbusException e) {
            if (!e.name().equals("org.freedesktop.systemd1.NoSuchUnit")) {
                throw new IOException("unable to stop unit \"" + unit + "\": " + e.getMessage(), e);
            }
        }
    }

    void set(String unit, List<Object> properties) throws IOException {
        try (DbusConnection bus = open()) {
            call(bus, "SetUnitProperties", "sb" + PROPERTIES, unit, true, properties);
        } catch (IOException e) {
            throw new IOException("unable to set unit properties: " + e.getMessage(), e);
        }
    }

    private static void subscribe(DbusConnection bus) throws IOException {
        bus.match("type='signal',interface='" + MANAGER + "',member='JobRemoved',path='" + PATH + "'");
        call(bus, "Subscribe", "");
    }

    /** How the job ended: {@code done}, {@code failed}, {@code timeout} and so on. */
    private static String result(DbusConnection bus, List<Object> job, String unit) throws IOException {
        Object path = job.getFirst();
        Message removed = bus.await(
                message -> message.member().equals("JobRemoved")
                        && message.body().size() == 4
                        && message.body().get(1).equals(path),
                JOB);
        return (String) removed.body().get(3);
    }

    private static void reset(DbusConnection bus, String unit) throws IOException {
        try {
            call(bus, "ResetFailedUnit", "s", unit);
        } catch (DbusException e) {
            return; // it has not failed, or is gone
        }
    }

    /** A property as systemd takes it. */
    static Object property(String name, Variant value) {
        return List.of(name, value);
    }
}
