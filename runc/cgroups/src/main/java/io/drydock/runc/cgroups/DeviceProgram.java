package io.drydock.runc.cgroups;

import io.drydock.runc.cgroups.DevicePolicy.Access;
import io.drydock.runc.cgroups.DevicePolicy.Devices;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A device policy as the eBPF program that version 2 asks for each use of a device. It gets {@code struct bpf_cgroup_dev_ctx}
 * (access and type in one word, major, minor) and answers 1 to allow or 0 to deny:
 *
 * <pre>
 *   r2 = type   r3 = access   r4 = major   r5 = minor
 *   for each exception: unless type, numbers and access match, on to the next
 *                       r0 = the exception's answer; exit
 *   r0 = the policy's answer; exit
 * </pre>
 *
 * An exception that allows has to cover all that is asked for; one that denies needs only touch it. Source: {@code linux/bpf.h},
 * {@code security/device_cgroup.c}.
 */
final class DeviceProgram {
    private static final int LOAD_WORD = 0x61;
    private static final int MOVE = 0xb4;
    private static final int MOVE_REGISTER = 0xbc;
    private static final int AND = 0x54;
    private static final int SHIFT_RIGHT = 0x74;
    private static final int JUMP_IF_EQUAL = 0x15;
    private static final int JUMP_IF_NOT_EQUAL = 0x55;
    private static final int EXIT = 0x95;

    private static final int ANSWER = 0;
    private static final int SCRATCH = 1; // holds the context until all of it is loaded
    private static final int TYPE = 2;
    private static final int ACCESS = 3;
    private static final int MAJOR = 4;
    private static final int MINOR = 5;

    private static final int BLOCK_DEVICE = 1;
    private static final int CHARACTER_DEVICE = 2;

    /** One instruction; a jump's offset is counted from the next one. */
    private record Instruction(int code, int target, int source, int offset, int value) {}

    private final List<Instruction> program = new ArrayList<>();

    private DeviceProgram() {}

    /** The program's {@code struct bpf_insn}s in this machine's byte order. */
    static byte[] compile(DevicePolicy policy) {
        DeviceProgram compiler = new DeviceProgram();
        compiler.loadContext();
        for (Map.Entry<Devices, Set<Access>> exception : policy.exceptions().entrySet()) {
            compiler.exception(exception.getKey(), exception.getValue(), !policy.allowsAll());
        }
        compiler.answer(compiler.program, policy.allowsAll());
        return compiler.encode();
    }

    private void loadContext() {
        program.add(new Instruction(LOAD_WORD, TYPE, SCRATCH, 0, 0));
        program.add(new Instruction(MOVE_REGISTER, ACCESS, TYPE, 0, 0));
        program.add(new Instruction(AND, TYPE, 0, 0, 0xffff));
        program.add(new Instruction(SHIFT_RIGHT, ACCESS, 0, 0, 16));
        program.add(new Instruction(LOAD_WORD, MAJOR, SCRATCH, 4, 0));
        program.add(new Instruction(LOAD_WORD, MINOR, SCRATCH, 8, 0));
    }

    private void exception(Devices devices, Set<Access> access, boolean allow) {
        List<Instruction> block = new ArrayList<>();
        skipUnless(block, TYPE, devices.type() == 'b' ? BLOCK_DEVICE : CHARACTER_DEVICE);
        if (devices.major() != DevicePolicy.ANY) {
            skipUnless(block, MAJOR, (int) devices.major());
        }
        if (devices.minor() != DevicePolicy.ANY) {
            skipUnless(block, MINOR, (int) devices.minor());
        }
        if (access.size() < Access.values().length) {
            block.add(new Instruction(MOVE_REGISTER, SCRATCH, ACCESS, 0, 0));
            Set<Access> others = EnumSet.complementOf(EnumSet.copyOf(access));
            block.add(new Instruction(AND, SCRATCH, 0, 0, bits(allow ? others : access)));
            block.add(new Instruction(allow ? JUMP_IF_NOT_EQUAL : JUMP_IF_EQUAL, SCRATCH, 0, 0, 0));
        }
        answer(block, allow);
        for (int i = 0; i < block.size(); i++) {
            Instruction one = block.get(i);
            boolean jump = one.code() == JUMP_IF_EQUAL || one.code() == JUMP_IF_NOT_EQUAL;
            int offset = jump ? block.size() - i - 1 : one.offset();
            program.add(new Instruction(one.code(), one.target(), one.source(), offset, one.value()));
        }
    }

    private static void skipUnless(List<Instruction> block, int register, int value) {
        block.add(new Instruction(JUMP_IF_NOT_EQUAL, register, 0, 0, value));
    }

    private static int bits(Set<Access> access) {
        return access.stream().mapToInt(one -> one.bit).sum();
    }

    private void answer(List<Instruction> block, boolean allow) {
        block.add(new Instruction(MOVE, ANSWER, 0, 0, allow ? 1 : 0));
        block.add(new Instruction(EXIT, 0, 0, 0, 0));
    }

    private byte[] encode() {
        ByteBuffer bytes = ByteBuffer.allocate(program.size() * 8).order(ByteOrder.nativeOrder());
        for (Instruction one : program) {
            bytes.put((byte) one.code())
                    .put((byte) (one.source() << 4 | one.target()))
                    .putShort((short) one.offset())
                    .putInt(one.value());
        }
        return bytes.array();
    }
}
