package io.drydock.linux;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** {@code posix_spawn} of glibc ≥ 2.34: no code of ours runs between the fork and the exec of a JVM with threads. */
final class PosixSpawn {
    private static final short SETSIGDEF = 4;
    private static final short SETSIGMASK = 8;
    private static final short SETSID = 0x80;
    /** Above every number a child asks for, so that no source is overwritten while descriptors are put in place. */
    private static final int SAFE = 256;

    private static final MethodHandle SPAWN = bind("posix_spawn", ADDRESS, ADDRESS, ADDRESS, ADDRESS, ADDRESS, ADDRESS);
    private static final MethodHandle ACTIONS_INIT = bind("posix_spawn_file_actions_init", ADDRESS);
    private static final MethodHandle ACTIONS_DESTROY = bind("posix_spawn_file_actions_destroy", ADDRESS);
    private static final MethodHandle ADD_DUP2 = bind("posix_spawn_file_actions_adddup2", ADDRESS, JAVA_INT, JAVA_INT);
    private static final MethodHandle ADD_CLOSE_FROM =
            bind("posix_spawn_file_actions_addclosefrom_np", ADDRESS, JAVA_INT);
    private static final MethodHandle ADD_CLOSE = bind("posix_spawn_file_actions_addclose", ADDRESS, JAVA_INT);
    private static final MethodHandle ADD_CHDIR = bind("posix_spawn_file_actions_addchdir_np", ADDRESS, ADDRESS);
    private static final MethodHandle ATTR_INIT = bind("posix_spawnattr_init", ADDRESS);
    private static final MethodHandle ATTR_DESTROY = bind("posix_spawnattr_destroy", ADDRESS);
    private static final MethodHandle ATTR_FLAGS = bind("posix_spawnattr_setflags", ADDRESS, JAVA_SHORT);
    private static final MethodHandle ATTR_DEFAULT = bind("posix_spawnattr_setsigdefault", ADDRESS, ADDRESS);
    private static final MethodHandle ATTR_MASK = bind("posix_spawnattr_setsigmask", ADDRESS, ADDRESS);

    private PosixSpawn() {}

    private static MethodHandle bind(String name, java.lang.foreign.MemoryLayout... arguments) {
        Linker linker = Linker.nativeLinker();
        return linker.downcallHandle(
                linker.defaultLookup().findOrThrow(name), FunctionDescriptor.of(JAVA_INT, arguments));
    }

    static int start(Spawn spawn) throws LinuxException {
        List<Fd> held = new ArrayList<>();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment actions = arena.allocate(256, 16);
            MemorySegment attributes = arena.allocate(512, 16);
            check(spawn, (int) ACTIONS_INIT.invokeExact(actions));
            check(spawn, (int) ATTR_INIT.invokeExact(attributes));
            try {
                describe(spawn, arena, actions, attributes, held);
                MemorySegment pid = arena.allocate(4, 4);
                check(spawn, (int) SPAWN.invokeExact(
                        pid,
                        arena.allocateFrom(spawn.path()),
                        actions,
                        attributes,
                        strings(arena, spawn.arguments()),
                        strings(arena, spawn.environment())));
                return pid.get(JAVA_INT, 0);
            } finally {
                int ignored = (int) ACTIONS_DESTROY.invokeExact(actions) + (int) ATTR_DESTROY.invokeExact(attributes);
            }
        } catch (LinuxException e) {
            throw e;
        } catch (Throwable t) {
            throw Sys.propagate(t);
        } finally {
            held.forEach(Fd::close);
        }
    }

    private static void describe(
            Spawn spawn, Arena arena, MemorySegment actions, MemorySegment attributes, List<Fd> held) throws Throwable {
        int next = 0;
        for (Map.Entry<Integer, Fd> entry : spawn.descriptors().entrySet()) {
            int cloexecAbove = 1030;
            Fd copy = Sys.fd("dup", null, Nr.FCNTL, entry.getValue().number(), cloexecAbove, SAFE);
            held.add(copy);
            check(spawn, (int) ADD_DUP2.invokeExact(actions, copy.number(), (int) entry.getKey()));
            next = Math.max(next, entry.getKey() + 1);
        }
        for (int fd = 0; fd < next; fd++) {
            if (!spawn.descriptors().containsKey(fd)) {
                check(spawn, (int) ADD_CLOSE.invokeExact(actions, fd));
            }
        }
        check(spawn, (int) ADD_CLOSE_FROM.invokeExact(actions, next));
        String directory = spawn.directory();
        if (directory != null) {
            check(spawn, (int) ADD_CHDIR.invokeExact(actions, arena.allocateFrom(directory)));
        }
        MemorySegment all = arena.allocate(128, 8).fill((byte) 0xff);
        MemorySegment none = arena.allocate(128, 8);
        check(spawn, (int) ATTR_DEFAULT.invokeExact(attributes, all));
        check(spawn, (int) ATTR_MASK.invokeExact(attributes, none));
        short flags = (short) (SETSIGDEF | SETSIGMASK | (spawn.newSession() ? SETSID : 0));
        check(spawn, (int) ATTR_FLAGS.invokeExact(attributes, flags));
    }

    private static MemorySegment strings(Arena arena, List<String> strings) {
        MemorySegment array = arena.allocate(ADDRESS, strings.size() + 1L);
        for (int i = 0; i < strings.size(); i++) {
            array.setAtIndex(ADDRESS, i, arena.allocateFrom(strings.get(i)));
        }
        return array;
    }

    private static void check(Spawn spawn, int error) throws LinuxException {
        if (error != 0) {
            throw new LinuxException("spawn", spawn.path(), error);
        }
    }
}
