package io.drydock.runc.runtime.seccomp;

import io.drydock.runc.runtime.plan.InvalidSpecException;
import io.drydock.spec.oci.runtime.SeccompArgument;

/** A comparison of a 64-bit argument, done in two halves. */
record Condition(int index, Operator operator, long value, long second) {
    enum Operator {
        EQUAL,
        NOT_EQUAL,
        GREATER,
        GREATER_OR_EQUAL,
        LESS,
        LESS_OR_EQUAL,
        MASKED_EQUAL
    }

    private static final int ARGUMENTS = 16;

    static Condition of(SeccompArgument argument) throws InvalidSpecException {
        Operator operator =
                switch (argument.op()) {
                    case "SCMP_CMP_EQ" -> Operator.EQUAL;
                    case "SCMP_CMP_NE" -> Operator.NOT_EQUAL;
                    case "SCMP_CMP_GT" -> Operator.GREATER;
                    case "SCMP_CMP_GE" -> Operator.GREATER_OR_EQUAL;
                    case "SCMP_CMP_LT" -> Operator.LESS;
                    case "SCMP_CMP_LE" -> Operator.LESS_OR_EQUAL;
                    case "SCMP_CMP_MASKED_EQ" -> Operator.MASKED_EQUAL;
                    default ->
                        throw new InvalidSpecException(
                                "string " + argument.op() + " is not a valid operator for seccomp");
                };
        if (argument.index() < 0 || argument.index() > 5) {
            throw new InvalidSpecException("seccomp argument index " + argument.index() + " is out of range");
        }
        long second = argument.valueTwo() == null ? 0 : argument.valueTwo().longValue();
        return new Condition(argument.index(), operator, argument.value().longValue(), second);
    }

    /** Goes on if it holds, else jumps. */
    void emit(Assembler out, Assembler.Label otherwise) {
        Assembler.Label holds = new Assembler.Label();
        switch (operator) {
            case EQUAL -> equal(out, value, -1, otherwise);
            case MASKED_EQUAL -> equal(out, second, value, otherwise);
            case NOT_EQUAL -> {
                equal(out, value, -1, holds);
                out.jump(otherwise);
            }
            case GREATER -> greater(out, Assembler.IF_GREATER, holds, otherwise);
            case GREATER_OR_EQUAL -> greater(out, Assembler.IF_GREATER_OR_EQUAL, holds, otherwise);
            case LESS -> greater(out, Assembler.IF_GREATER_OR_EQUAL, otherwise, holds);
            case LESS_OR_EQUAL -> greater(out, Assembler.IF_GREATER, otherwise, holds);
        }
        out.here(holds);
    }

    private void equal(Assembler out, long expected, long mask, Assembler.Label otherwise) {
        half(out, 4, (int) (expected >>> 32), (int) (mask >>> 32), otherwise);
        half(out, 0, (int) expected, (int) mask, otherwise);
    }

    private void half(Assembler out, int offset, int expected, int mask, Assembler.Label otherwise) {
        out.load(ARGUMENTS + 8 * index + offset);
        if (mask != -1) {
            out.and(mask);
        }
        out.jumpUnless(Assembler.IF_EQUAL, expected, otherwise);
    }

    /** Jumps one way or the other. */
    private void greater(Assembler out, int low, Assembler.Label yes, Assembler.Label no) {
        int high = (int) (value >>> 32);
        out.load(ARGUMENTS + 8 * index + 4);
        out.jumpIf(Assembler.IF_GREATER, high, yes);
        out.jumpUnless(Assembler.IF_EQUAL, high, no);
        out.load(ARGUMENTS + 8 * index);
        out.jumpIf(low, (int) value, yes);
        out.jump(no);
    }
}
