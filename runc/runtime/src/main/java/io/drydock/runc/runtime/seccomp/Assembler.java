package io.drydock.runc.runtime.seccomp;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * Puts classic BPF together. Conditional jumps reach 255 instructions only, so a far target is reached through an unconditional
 * jump that follows the condition.
 */
final class Assembler {
    static final int LOAD = 0x20;
    static final int AND = 0x54;
    static final int RETURN = 0x06;
    static final int JUMP = 0x05;
    static final int IF_EQUAL = 0x15;
    static final int IF_GREATER = 0x25;
    static final int IF_GREATER_OR_EQUAL = 0x35;

    /** The kernel's limit. */
    private static final int MAXIMUM = 4096;

    /** A place to jump to, forward only; -1 until it is set. */
    static final class Label {
        private int at = -1;
    }

    private record Instruction(int code, int ifTrue, int ifFalse, int value, Label target) {}

    private static final Label NOWHERE = new Label();

    private final List<Instruction> instructions = new ArrayList<>();

    void load(int offset) {
        plain(LOAD, offset);
    }

    void and(int mask) {
        plain(AND, mask);
    }

    void returns(int action) {
        plain(RETURN, action);
    }

    private void plain(int code, int value) {
        instructions.add(new Instruction(code, 0, 0, value, NOWHERE));
    }

    void jump(Label target) {
        instructions.add(new Instruction(JUMP, 0, 0, 0, target));
    }

    /** Jumps if the condition holds, else goes on. */
    void jumpIf(int condition, int value, Label target) {
        instructions.add(new Instruction(condition, 0, 1, value, NOWHERE));
        jump(target);
    }

    /** Jumps unless the condition holds. */
    void jumpUnless(int condition, int value, Label target) {
        instructions.add(new Instruction(condition, 1, 0, value, NOWHERE));
        jump(target);
    }

    void here(Label label) {
        label.at = instructions.size();
    }

    /** {@code struct sock_filter[]}. */
    byte[] assemble() throws TooLongException {
        if (instructions.size() > MAXIMUM) {
            throw new TooLongException(
                    "seccomp filter has " + instructions.size() + " instructions, more than " + MAXIMUM);
        }
        ByteBuffer program = ByteBuffer.allocate(instructions.size() * 8).order(ByteOrder.nativeOrder());
        for (int at = 0; at < instructions.size(); at++) {
            Instruction i = instructions.get(at);
            int value = i.target() == NOWHERE ? i.value() : i.target().at - at - 1;
            program.putShort((short) i.code())
                    .put((byte) i.ifTrue())
                    .put((byte) i.ifFalse())
                    .putInt(value);
        }
        return program.array();
    }

    /** More than the kernel takes. */
    static final class TooLongException extends Exception {
        private static final long serialVersionUID = 1L;

        TooLongException(String message) {
            super(message);
        }
    }
}
