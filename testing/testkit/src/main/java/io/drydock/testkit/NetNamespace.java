package io.drydock.testkit;

import java.nio.file.Path;
import java.util.concurrent.ThreadLocalRandom;

/**
 * A network namespace of the test's own, with loopback up. Programs enter it by {@code nsenter} and not by {@code ip netns
 * exec}, which mounts a new /sys without the control groups.
 */
public record NetNamespace(String name) implements AutoCloseable {

    /** Makes a namespace with an unused name that starts with the prefix. */
    public static NetNamespace create(String prefix) {
        var name = prefix + "-" + Long.toString(ThreadLocalRandom.current().nextLong(1L << 40), 36);
        Command.of("ip", "netns", "add", name).run().ok();
        var namespace = new NetNamespace(name);
        namespace.command("ip", "link", "set", "lo", "up").run().ok();
        return namespace;
    }

    /** The file by which the namespace is entered. */
    public Path path() {
        return Path.of("/run/netns", name);
    }

    /** A command that runs in this namespace. */
    public Command command(String... words) {
        return Command.of("nsenter", "--net=" + path()).with(words);
    }

    @Override
    public void close() {
        Command.of("ip", "netns", "del", name).run();
    }
}
