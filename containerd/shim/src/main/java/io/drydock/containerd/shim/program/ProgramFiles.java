package io.drydock.containerd.shim.program;

import io.drydock.linux.Fd;
import io.drydock.linux.LinuxException;
import io.drydock.linux.Poller;
import io.drydock.runc.runtime.ProcessStat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What is kept in the bundle of a container that a runtime's program runs:
 * <pre>
 *  init.pid       as the runtime writes it
 *  process-N      pid and start time of a process, 0 being the init
 *  exec-N         an exec's OCI process, while the runtime starts it
 *  log-VERB.json  what the runtime said when it was last called for that
 * </pre>
 */
record ProgramFiles(RuntimeProgram program, Poller poller, Path bundle) {
    Path log(String verb) {
        return bundle.resolve("log-" + verb + ".json");
    }

    Path rootfs() {
        return bundle.resolve("rootfs");
    }

    Path pidFile(int number) {
        return bundle.resolve(number == 0 ? "init.pid" : "exec-" + number + ".pid");
    }

    /** Takes over the process that the runtime has just left behind, and notes it. */
    ProgramProcess started(int number, List<Fd> held, @Nullable Fd terminal) throws IOException {
        int pid = Integer.parseInt(Files.readString(pidFile(number)).strip());
        Fd pidfd = program.pidfd(pid);
        if (pidfd == null) {
            held.forEach(Fd::close);
            return ProgramProcess.ended(program.linux(), number, pid);
        }
        Path temporary = bundle.resolve(".process-" + number);
        Files.writeString(temporary, pid + " " + ProcessStat.startTime(pid));
        Files.move(temporary, process(number), StandardCopyOption.ATOMIC_MOVE);
        return ProgramProcess.watch(program.linux(), poller, number, pid, pidfd, held, terminal);
    }

    /** A process that an earlier shim has started; empty if none with that number was. */
    Optional<ProgramProcess> find(int number) throws IOException {
        String[] words;
        try {
            words = Files.readString(process(number)).split(" ");
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
        int pid = Integer.parseInt(words[0]);
        Fd pidfd = program.pidfd(pid);
        if (pidfd != null && ProcessStat.startTime(pid) == Long.parseLong(words[1])) {
            return Optional.of(ProgramProcess.watch(program.linux(), poller, number, pid, pidfd, List.of(), null));
        }
        if (pidfd != null) {
            pidfd.close();
        }
        return Optional.of(ProgramProcess.ended(program.linux(), number, pid));
    }

    /** A number that no exec has had. */
    int freeNumber() {
        int number = 1;
        while (Files.exists(process(number)) || Files.exists(pidFile(number))) {
            number++;
        }
        return number;
    }

    private Path process(int number) {
        return bundle.resolve("process-" + number);
    }

    /** The container is deleted: its root is no longer mounted. */
    void clean() throws LinuxException {
        RootfsMounts.unmount(program.linux(), rootfs());
    }
}
