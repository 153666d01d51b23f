package io.drydock.runc.cgroups;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Runs device programs: those eBPF instructions that they are made of. Anything else, or a wrong jump, fails. */
final class FilterMachine {
    private final ByteBuffer program;

    FilterMachine(byte[] program) {
        this.program = ByteBuffer.wrap(program).order(ByteOrder.nativeOrder());
    }

    boolean allows(char type, int major, int minor, String access) {
        int bits = 0;
        for (char letter : access.toCharArray()) {
            bits |= 1 << "mrw".indexOf(letter);
        }
        int[] context = {bits << 16 | (type == 'b' ? 1 : 2), major, minor};
        long answer = run(context);
        if (answer != 0 && answer != 1) {
            throw new AssertionError("answer " + answer);
        }
        return answer == 1;
    }

    private long run(int[] context) {
        long[] registers = new long[11];
        boolean contextHeld = true;
        int at = 0;
        while (true) {
            int code = program.get(at * 8) & 0xff;
            int target = program.get(at * 8 + 1) & 0xf;
            int source = program.get(at * 8 + 1) >> 4 & 0xf;
            int offset = program.getShort(at * 8 + 2);
            long value = program.getInt(at * 8 + 4);
            at++;
            switch (code) {
                case 0x61 -> {
                    if (source != 1 || !contextHeld) {
                        throw new AssertionError("load from register " + source);
                    }
                    registers[target] = context[offset / 4] & 0xffffffffL;
                }
                case 0xb4 -> registers[target] = value & 0xffffffffL;
                case 0xbc -> registers[target] = registers[source] & 0xffffffffL;
                case 0x54 -> registers[target] = registers[target] & value & 0xffffffffL;
                case 0x74 -> registers[target] = (registers[target] & 0xffffffffL) >>> value;
                case 0x15 -> at += registers[target] == value ? offset : 0;
                case 0x55 -> at += registers[target] != value ? offset : 0;
                case 0x95 -> {
                    return registers[0];
                }
                default -> throw new AssertionError("instruction " + Integer.toHexString(code));
            }
            contextHeld &= target != 1 || code == 0x15 || code == 0x55;
        }
    }
}
