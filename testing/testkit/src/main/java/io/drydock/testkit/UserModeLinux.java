package io.drydock.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;

/**
 * A Linux of its own for tests that need cgroup v2 with its controllers where this machine has version 1: Debian's
 * user-mode-linux, a kernel that runs as a process. It sees this machine's files (so it needs no image), has cgroup v2 alone
 * with cpu, io, memory and pids at {@code /sys/fs/cgroup}, one processor, and no network but loopback. It starts in two seconds,
 * and system calls and page faults are several times slower in it.
 */
public final class UserModeLinux {
    private static final String PROGRAM = "linux.uml";
    private static final String ENDED = "guest's exit code: ";
    private static final String MEMORY = "1500M";

    private UserModeLinux() {}

    /** Whether the package user-mode-linux is there. */
    public static boolean isInstalled() {
        return Files.isExecutable(Path.of("/usr/bin", PROGRAM));
    }

    /**
     * Boots, runs a shell script as root and shuts down.
     *
     * @param directory an empty one that the guest gets to itself: it is in memory there, {@code $TMPDIR} and the working directory;
     *     what else the script writes, it writes on this machine
     * @return what the script wrote and its exit code
     */
    public static Command.Result run(Path directory, String script, Duration limit) {
        try {
            Path scratch = Files.createDirectory(directory.resolve("t"));
            Path init = directory.resolve("init");
            Path output = directory.resolve("output");
            Files.writeString(init, init(scratch, output, script));
            Files.setPosixFilePermissions(init, PosixFilePermissions.fromString("rwx------"));
            Command.Result booted = Command.of(
                            PROGRAM,
                            "mem=" + MEMORY,
                            "rootfstype=hostfs",
                            "rootflags=/",
                            "rw",
                            "init=" + init,
                            "con=null",
                            "con0=null,fd:1",
                            "quiet")
                    .withVariable("HOME", directory.toString())
                    .within(limit)
                    .run();
            return result(booted, output);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String init(Path scratch, Path output, String script) {
        return """
                #!/bin/bash
                export PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root TMPDIR=%1$s
                exec < /dev/null > %4$s 2>&1
                mount -t proc proc /proc
                mount -t sysfs sysfs /sys
                mount -t cgroup2 cgroup2 /sys/fs/cgroup
                mkdir -p /dev/pts /dev/shm
                mount -t devpts devpts /dev/pts
                mount -t tmpfs tmpfs /dev/shm
                mount -t tmpfs tmpfs %1$s
                ip link set lo up
                cd %1$s
                (
                %2$s
                )
                echo "%3$s$?"
                echo o > /proc/sysrq-trigger
                sleep 60
                """.formatted(scratch, script, ENDED, output);
    }

    /** The script writes to a file of this machine: the guest's console loses what comes too fast. */
    private static Command.Result result(Command.Result booted, Path output) throws IOException {
        String out = Files.exists(output) ? Files.readString(output) : "";
        int end = out.lastIndexOf(ENDED);
        if (end < 0) {
            throw new AssertionError("the guest did not get to its end: " + booted + "\n--- script\n" + out);
        }
        int code = Integer.parseInt(out.substring(end + ENDED.length()).strip());
        return new Command.Result(booted.words(), code, out.substring(0, end), booted.out() + booted.err());
    }
}
