package io.drydock.runc.runtime.seccomp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drydock.runc.runtime.plan.SeccompFilter;
import io.drydock.spec.oci.OciJson;
import io.drydock.spec.oci.runtime.Seccomp;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class SeccompCompilerTest {
    private static final int X64 = 0xC000003E;
    private static final int I386 = 0x40000003;
    private static final int ARM = 0xC00000B7;
    private static final int ALLOW = Action.ALLOW;
    private static final int EPERM = Action.ERRNO | 1;
    private static final int ENOSYS = Action.ERRNO | 38;

    private static SeccompFilter compile(String json) throws Exception {
        return SeccompCompiler.compile(
                OciJson.read(Seccomp.class, json.replace('\'', '"').getBytes(StandardCharsets.UTF_8)));
    }

    /** Runs a filter as the kernel does. */
    private static int run(SeccompFilter filter, int arch, int number, long... arguments) {
        ByteBuffer data = ByteBuffer.allocate(64)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(0, number)
                .putInt(4, arch);
        for (int i = 0; i < arguments.length; i++) {
            data.putLong(16 + 8 * i, arguments[i]);
        }
        ByteBuffer program = ByteBuffer.wrap(filter.program()).order(ByteOrder.LITTLE_ENDIAN);
        int a = 0;
        for (int at = 0; ; at++) {
            int code = program.getShort(at * 8);
            int yes = program.get(at * 8 + 2) & 0xff;
            int no = program.get(at * 8 + 3) & 0xff;
            int k = program.getInt(at * 8 + 4);
            switch (code) {
                case Assembler.LOAD -> a = data.getInt(k);
                case Assembler.AND -> a &= k;
                case Assembler.RETURN -> {
                    return k;
                }
                case Assembler.JUMP -> at += k;
                case Assembler.IF_EQUAL -> at += a == k ? yes : no;
                case Assembler.IF_GREATER -> at += Integer.compareUnsigned(a, k) > 0 ? yes : no;
                case Assembler.IF_GREATER_OR_EQUAL -> at += Integer.compareUnsigned(a, k) >= 0 ? yes : no;
                default -> throw new AssertionError("unknown instruction " + code);
            }
        }
    }

    @Test
    void allowsWhatIsNamedAndHidesWhatIsNewer() throws Exception {
        SeccompFilter filter =
                compile("{'defaultAction':'SCMP_ACT_ERRNO','architectures':['SCMP_ARCH_X86_64','SCMP_ARCH_X86'],"
                        + "'syscalls':[{'names':['read','write','openat2','nosuchcall'],'action':'SCMP_ACT_ALLOW'}]}");
        assertThat(run(filter, X64, 0)).isEqualTo(ALLOW);
        assertThat(run(filter, X64, 1)).isEqualTo(ALLOW);
        assertThat(run(filter, X64, 2)).isEqualTo(EPERM);
        assertThat(run(filter, X64, 437)).isEqualTo(ALLOW);
        assertThat(run(filter, X64, 438)).isEqualTo(ENOSYS);
        assertThat(run(filter, X64, 0x40000000)).isEqualTo(Action.KILL_THREAD);
        assertThat(run(filter, I386, 3)).isEqualTo(ALLOW);
        assertThat(run(filter, I386, 0)).isEqualTo(EPERM);
        assertThat(run(filter, ARM, 63)).isEqualTo(Action.KILL_THREAD);
    }

    @Test
    void comparesAllSixtyFourBits() throws Exception {
        for (String[] c : new String[][] {
            {"EQ", "4294967297", "0"},
            {"NE", "4294967297", "0"},
            {"GT", "4294967297", "0"},
            {"GE", "4294967297", "0"},
            {"LT", "4294967297", "0"},
            {"LE", "4294967297", "0"},
            {"MASKED_EQ", "4294967297", "1"}
        }) {
            SeccompFilter filter = compile("{'defaultAction':'SCMP_ACT_ERRNO','syscalls':[{'names':['personality'],"
                    + "'action':'SCMP_ACT_ALLOW','args':[{'index':1,'op':'SCMP_CMP_" + c[0] + "','value':" + c[1]
                    + ",'valueTwo':" + c[2] + "}]}]}");
            for (long v :
                    new long[] {0, 1, 2, 0xffffffffL, 0x100000000L, 0x100000001L, 0x100000002L, 0x200000000L, -1}) {
                long k = 0x100000001L;
                boolean expected =
                        switch (c[0]) {
                            case "EQ" -> v == k;
                            case "NE" -> v != k;
                            case "GT" -> Long.compareUnsigned(v, k) > 0;
                            case "GE" -> Long.compareUnsigned(v, k) >= 0;
                            case "LT" -> Long.compareUnsigned(v, k) < 0;
                            case "LE" -> Long.compareUnsigned(v, k) <= 0;
                            default -> (v & k) == 1;
                        };
                assertThat(run(filter, X64, 135, 99, v)).as(c[0] + " " + v).isEqualTo(expected ? ALLOW : EPERM);
            }
        }
    }

    @Test
    void rulesOfOneCallAreAlternatives() throws Exception {
        SeccompFilter filter = compile("{'defaultAction':'SCMP_ACT_ERRNO','syscalls':["
                + "{'names':['personality'],'action':'SCMP_ACT_ALLOW','args':[{'index':0,'op':'SCMP_CMP_EQ','value':0}]},"
                + "{'names':['personality'],'action':'SCMP_ACT_ALLOW','args':[{'index':0,'op':'SCMP_CMP_EQ','value':8}]},"
                + "{'names':['clone3'],'action':'SCMP_ACT_ERRNO','errnoRet':38},"
                + "{'names':['kill'],'action':'SCMP_ACT_KILL_PROCESS'}]}");
        assertThat(run(filter, X64, 135, 0)).isEqualTo(ALLOW);
        assertThat(run(filter, X64, 135, 8)).isEqualTo(ALLOW);
        assertThat(run(filter, X64, 135, 4)).isEqualTo(EPERM);
        assertThat(run(filter, X64, 435)).isEqualTo(ENOSYS);
        assertThat(run(filter, X64, 62)).isEqualTo(0x80000000);
        SeccompFilter twice = compile(
                "{'defaultAction':'SCMP_ACT_ALLOW','syscalls':[{'names':['personality'],'action':"
                        + "'SCMP_ACT_ERRNO','args':[{'index':0,'op':'SCMP_CMP_EQ','value':1},{'index':0,'op':'SCMP_CMP_EQ','value':2}]}]}");
        assertThat(run(twice, X64, 135, 1)).isEqualTo(EPERM);
        assertThat(run(twice, X64, 135, 2)).isEqualTo(EPERM);
        assertThat(run(twice, X64, 135, 3)).isEqualTo(ALLOW);
        assertThat(run(twice, X64, 999)).isEqualTo(ALLOW);
    }

    @Test
    void refusesWhatCannotWork() {
        assertThatThrownBy(() -> compile("{'defaultAction':'SCMP_ACT_NOTIFY'}"))
                .hasMessage("SCMP_ACT_NOTIFY cannot be used as default action");
        assertThatThrownBy(
                        () -> compile(
                                "{'defaultAction':'SCMP_ACT_ALLOW','syscalls':[{'names':['write'],'action':'SCMP_ACT_NOTIFY'}]}"))
                .hasMessage("SCMP_ACT_NOTIFY cannot be used for the write syscall");
        assertThatThrownBy(() -> compile("{'defaultAction':'SCMP_ACT_WHATEVER'}"))
                .hasMessageContaining("is not a valid action for seccomp");
    }
}
