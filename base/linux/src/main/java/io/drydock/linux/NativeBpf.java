package io.drydock.linux;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code bpf(2)}: a command and a {@code union bpf_attr}, of which the fields that are not set are zero. */
final class NativeBpf implements BpfCalls {
    private static final int LOAD = 5;
    private static final int ATTACH = 8;
    private static final int DETACH = 9;
    private static final int GET_FD_BY_ID = 13;
    private static final int QUERY = 16;

    private static final int TYPE_CGROUP_DEVICE = 15;
    private static final int ATTACH_CGROUP_DEVICE = 6;
    private static final int ALLOW_MULTI = 2;
    private static final int REPLACE = 4;

    private static final int ATTR_SIZE = 64;
    private static final int LOG_SIZE = 1 << 16;
    private static final int MOST_PROGRAMS = 64;

    @Override
    public Fd loadDeviceProgram(byte[] instructions) throws LinuxException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment attr = arena.allocate(ATTR_SIZE, 8);
            attr.set(JAVA_INT, 0, TYPE_CGROUP_DEVICE);
            attr.set(JAVA_INT, 4, instructions.length / 8);
            attr.set(JAVA_LONG, 8, Sys.bytes(arena, instructions));
            attr.set(JAVA_LONG, 16, Sys.string(arena, "Apache"));
            long r = command(LOAD, attr);
            if (r < 0) {
                throw new LinuxException("load device program" + verdict(arena, attr), null, (int) -r);
            }
            return Fd.owning((int) r);
        }
    }

    /** Why the verifier refuses a program: it only says so if it is asked again with room for its words. */
    private static String verdict(Arena arena, MemorySegment attr) {
        MemorySegment log = arena.allocate(LOG_SIZE);
        attr.set(JAVA_INT, 24, 1);
        attr.set(JAVA_INT, 28, LOG_SIZE);
        attr.set(JAVA_LONG, 32, log.address());
        long r = command(LOAD, attr);
        if (r >= 0) {
            Sys.close((int) r);
        }
        String words = log.getString(0).strip();
        return words.isEmpty() ? "" : " (" + words.replace('\n', ' ') + ")";
    }

    private static long command(int command, MemorySegment attr) {
        return Sys.raw(Nr.BPF, command, attr.address(), attr.byteSize(), 0, 0, 0);
    }

    private static long checked(String what, int command, MemorySegment attr) throws LinuxException {
        long r = command(command, attr);
        if (r < 0) {
            throw new LinuxException(what, null, (int) -r);
        }
        return r;
    }

    @Override
    public List<Integer> devicePrograms(Fd cgroup) throws LinuxException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment numbers = arena.allocate(JAVA_INT, MOST_PROGRAMS);
            MemorySegment attr = arena.allocate(ATTR_SIZE, 8);
            attr.set(JAVA_INT, 0, cgroup.number());
            attr.set(JAVA_INT, 4, ATTACH_CGROUP_DEVICE);
            attr.set(JAVA_LONG, 16, numbers.address());
            attr.set(JAVA_INT, 24, MOST_PROGRAMS);
            checked("query device programs", QUERY, attr);
            List<Integer> list = new ArrayList<>();
            for (int i = 0; i < attr.get(JAVA_INT, 24); i++) {
                list.add(numbers.getAtIndex(JAVA_INT, i));
            }
            return list;
        }
    }

    @Override
    public Fd program(int number) throws LinuxException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment attr = arena.allocate(ATTR_SIZE, 8);
            attr.set(JAVA_INT, 0, number);
            return Fd.owning((int) checked("open device program", GET_FD_BY_ID, attr));
        }
    }

    @Override
    public void attachDeviceProgram(Fd cgroup, Fd program, @Nullable Fd replaced) throws LinuxException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment attr = attachment(arena, cgroup, program);
            attr.set(JAVA_INT, 12, replaced == null ? ALLOW_MULTI : ALLOW_MULTI | REPLACE);
            attr.set(JAVA_INT, 16, replaced == null ? 0 : replaced.number());
            checked("attach device program", ATTACH, attr);
        }
    }

    @Override
    public void detachDeviceProgram(Fd cgroup, Fd program) throws LinuxException {
        try (Arena arena = Arena.ofConfined()) {
            checked("detach device program", DETACH, attachment(arena, cgroup, program));
        }
    }

    private static MemorySegment attachment(Arena arena, Fd cgroup, Fd program) {
        MemorySegment attr = arena.allocate(ATTR_SIZE, 8);
        attr.set(JAVA_INT, 0, cgroup.number());
        attr.set(JAVA_INT, 4, program.number());
        attr.set(JAVA_INT, 8, ATTACH_CGROUP_DEVICE);
        return attr;
    }
}
