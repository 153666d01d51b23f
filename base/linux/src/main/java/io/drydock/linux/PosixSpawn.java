package io.drydock.linux;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** {@code posix_spawn} of glibc ≥ 2.34: no code of ours runs between the fork and the exec of a JVM with threads. */
final class PosixSpawn {
    private static final int SETSIGDEF = 4;
    private static final int SETSIGMASK = 8;
    private static final int SETSID = 0x80;
    private static final int F_DUPFD_CLOEXEC = 1030;

    private static final MemorySegment SPAWN = Sys.function("posix_spawn");
    private static final MemorySegment ACTIONS_INIT = Sys.function("posix_spawn_file_actions_init");
    private static final MemorySegment ACTIONS_DESTROY = Sys.function("posix_spawn_file_actions_destroy");
    private static final MemorySegment ADD_DUP2 = Sys.function("posix_spawn_file_actions_adddup2");
    private static final MemorySegment ADD_CLOSE_FROM = Sys.function("posix_spawn_file_actions_addclosefrom_np");
    private static final MemorySegment ADD_CLOSE = Sys.function("posix_spawn_file_actions_addclose");
    private static final MemorySegment ADD_CHDIR = Sys.function("posix_spawn_file_actions_addchdir_np");
    private static final MemorySegment ATTR_INIT = Sys.function("posix_spawnattr_init");
    private static final MemorySegment ATTR_DESTROY = Sys.function("posix_spawnattr_destroy");
    private static final MemorySegment ATTR_FLAGS = Sys.function("posix_spawnattr_setflags");
    private static final MemorySegment ATTR_DEFAULT = Sys.function("posix_spawnattr_setsigdefault");
    private static final MemorySegment ATTR_MASK = Sys.function("posix_spawnattr_setsigmask");

    private PosixSpawn() {}

    private static int call(MemorySegment function, MemorySegment target, long a, long b) {
        return Sys.call(function, target.address(), a, b, 0, 0, 0);
    }

    static int start(Spawn spawn) throws LinuxException {
        List<Fd> held = new ArrayList<>();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment actions = arena.allocate(256, 16);
            MemorySegment attributes = arena.allocate(512, 16);
            check(spawn, call(ACTIONS_INIT, actions, 0, 0));
            check(spawn, call(ATTR_INIT, attributes, 0, 0));
            try {
                describe(spawn, arena, actions, attributes, held);
                MemorySegment pid = arena.allocate(4, 4);
                check(
                        spawn,
                        Sys.call(
                                SPAWN,
                                pid.address(),
                                arena.allocateFrom(spawn.path()).address(),
                                actions.address(),
                                attributes.address(),
                                strings(arena, spawn.arguments()).address(),
                                strings(arena, spawn.environment()).address()));
                return pid.get(JAVA_INT, 0);
            } finally {
                call(ACTIONS_DESTROY, actions, 0, 0);
                call(ATTR_DESTROY, attributes, 0, 0);
            }
        } finally {
            held.forEach(Fd::close);
        }
    }

    private static void describe(
            Spawn spawn, Arena arena, MemorySegment actions, MemorySegment attributes, List<Fd> held)
            throws LinuxException {
        int next = 0;
        for (int number : spawn.descriptors().keySet()) {
            next = Math.max(next, number + 1);
        }
        for (Map.Entry<Integer, Fd> entry : spawn.descriptors().entrySet()) {
            // above every number the child asks for, so that no source is overwritten while they are put in place;
            // not far above: a table of descriptors that grows waits for all processors to have noticed
            Fd copy = Sys.fd("dup", null, Nr.FCNTL, entry.getValue().number(), F_DUPFD_CLOEXEC, next);
            held.add(copy);
            check(spawn, call(ADD_DUP2, actions, copy.number(), entry.getKey()));
        }
        for (int fd = 0; fd < next; fd++) {
            if (!spawn.descriptors().containsKey(fd)) {
                check(spawn, call(ADD_CLOSE, actions, fd, 0));
            }
        }
        check(spawn, call(ADD_CLOSE_FROM, actions, next, 0));
        String directory = spawn.directory();
        if (directory != null) {
            check(spawn, call(ADD_CHDIR, actions, arena.allocateFrom(directory).address(), 0));
        }
        MemorySegment all = arena.allocate(128, 8).fill((byte) 0xff);
        MemorySegment none = arena.allocate(128, 8);
        check(spawn, call(ATTR_DEFAULT, attributes, all.address(), 0));
        check(spawn, call(ATTR_MASK, attributes, none.address(), 0));
        int flags = SETSIGDEF | SETSIGMASK | (spawn.newSession() ? SETSID : 0);
        check(spawn, call(ATTR_FLAGS, attributes, flags, 0));
    }

    private static MemorySegment strings(Arena arena, List<String> strings) {
        MemorySegment array = arena.allocate(JAVA_LONG, strings.size() + 1L);
        for (int i = 0; i < strings.size(); i++) {
            array.setAtIndex(JAVA_LONG, i, arena.allocateFrom(strings.get(i)).address());
        }
        return array;
    }

    private static void check(Spawn spawn, int error) throws LinuxException {
        if (error != 0) {
            throw new LinuxException("spawn", spawn.path(), error);
        }
    }
}
