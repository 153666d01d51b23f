package io.drydock.runc.runtime.plan;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/** Writes a plan as {@code native/protocol.h} reads it. */
public final class PlanEncoder {
    private static final int MAGIC = 0x504b4444;
    private static final short VERSION = 1;
    private static final int HEADER = 40;

    private ByteBuffer out = ByteBuffer.allocate(1 << 14).order(ByteOrder.LITTLE_ENDIAN);

    private PlanEncoder() {}

    /** The bytes, ready to be written. */
    public static ByteBuffer encode(Plan plan) {
        PlanEncoder encoder = new PlanEncoder();
        encoder.out.position(HEADER);
        int keeper = encoder.section(plan.keeper());
        int pre = encoder.section(plan.pre());
        int stage = encoder.section(plan.stage());
        ByteBuffer out = encoder.out.flip();
        out.putInt(0, MAGIC).putShort(4, VERSION).putLong(8, plan.cloneFlags()).putInt(16, plan.cgroupSlot());
        out.putInt(20, plan.slots().size()).putInt(24, keeper).putInt(28, pre).putInt(32, stage);
        return out;
    }

    private int section(List<Step> steps) {
        int start = out.position();
        for (Step step : steps) {
            int at = out.position();
            need(8).position(at + 8);
            int code = arguments(step.op());
            out.putShort(at, (short) code)
                    .putShort(at + 2, (short) step.flags())
                    .putInt(at + 4, out.position() - at - 8);
        }
        return out.position() - start;
    }

    private ByteBuffer need(int bytes) {
        if (out.remaining() < bytes) {
            int size = Math.max(out.capacity() * 2, out.position() + bytes + 64);
            out = ByteBuffer.wrap(Arrays.copyOf(out.array(), size))
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .position(out.position());
        }
        return out;
    }

    private PlanEncoder i(int value) {
        need(4).putInt(value);
        return this;
    }

    private PlanEncoder i(boolean value) {
        return i(value ? 1 : 0);
    }

    private PlanEncoder l(long value) {
        need(8).putLong(value);
        return this;
    }

    private PlanEncoder s(String text) {
        if (text.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("NUL in \"" + text.replace('\0', '?') + '"');
        }
        return b(text.getBytes(StandardCharsets.UTF_8));
    }

    private PlanEncoder b(byte[] bytes) {
        int padded = (bytes.length + 4) & ~3;
        need(4 + padded).putInt(bytes.length).put(bytes);
        for (int n = bytes.length; n < padded; n++) {
            out.put((byte) 0);
        }
        return this;
    }

    private PlanEncoder list(List<String> items) {
        i(items.size());
        items.forEach(this::s);
        return this;
    }

    /** Writes the arguments; answers the operation's code. */
    private int arguments(Op op) {
        return switch (op) {
            case Op.ExitFile o -> s(o.name()).code(1);
            case Op.Hold o -> i(o.slot()).code(2);
            case Op.IdMaps o -> s(o.uids()).s(o.gids()).i(o.denySetgroups()).code(3);
            case Op.IdTools o -> s(o.uids()).s(o.gids()).code(7);
            case Op.Write o -> s(o.path()).s(o.content()).code(4);
            case Op.AutoRelease o -> code(5);
            case Op.Retire o -> code(6);
            case Op.Setns o -> i(o.slot()).i(o.kinds()).code(10);
            case Op.Unshare o -> l(o.kinds()).code(11);
            case Op.Mount o ->
                s(o.source()).s(o.target()).s(o.type()).l(o.flags()).s(o.data()).code(12);
            case Op.OpenRoot o -> s(o.path()).i(o.slot()).code(13);
            case Op.MountIn o ->
                i(o.root())
                        .s(o.path())
                        .s(o.source())
                        .s(o.type())
                        .l(o.flags())
                        .s(o.data())
                        .i(o.mode())
                        .code(14);
            case Op.BindIn o ->
                i(o.root())
                        .s(o.path())
                        .s(o.sourceSlot() == Plan.NO_SLOT ? o.source() : "")
                        .i(o.sourceSlot())
                        .i(o.bits())
                        .l(o.set())
                        .l(o.clear())
                        .l(o.propagation())
                        .i(o.idMapSlot())
                        .code(15);
            case Op.AttributesIn o ->
                i(o.root())
                        .s(o.path())
                        .i(o.recursive())
                        .l(o.set())
                        .l(o.clear())
                        .l(o.propagation())
                        .code(16);
            case Op.MkdirIn o -> i(o.root()).s(o.path()).i(o.mode()).code(17);
            case Op.MknodIn o ->
                i(o.root())
                        .s(o.path())
                        .i(o.mode())
                        .i(o.major())
                        .i(o.minor())
                        .i(o.uid())
                        .i(o.gid())
                        .code(18);
            case Op.SymlinkIn o -> i(o.root()).s(o.target()).s(o.path()).code(19);
            case Op.MaskIn o -> i(o.root()).s(o.path()).code(20);
            case Op.ReadonlyIn o -> i(o.root()).s(o.path()).code(21);
            case Op.Pivot o -> i(o.root()).code(22);
            case Op.MoveRoot o -> i(o.root()).code(23);
            case Op.Chroot o -> i(o.root()).code(29);
            case Op.Detach o -> s(o.path()).code(24);
            case Op.OpenTree o ->
                s(o.source()).i(o.slot()).i(o.bits()).i(o.idMapSlot()).code(26);
            case Op.UserNamespace o -> s(o.uids()).s(o.gids()).i(o.slot()).code(27);
            case Op.Enter o -> i(o.slot()).code(28);
            case Op.RemountIn o ->
                i(o.root()).s(o.path()).l(o.flags()).s(o.data()).code(25);
            case Op.Hostname o -> s(o.name()).code(30);
            case Op.Domainname o -> s(o.name()).code(31);
            case Op.Loopback o -> code(32);
            case Op.Rlimit o -> i(o.resource()).l(o.soft()).l(o.hard()).code(33);
            case Op.Dumpable o -> i(o.dumpable()).code(34);
            case Op.Keyring o -> s(o.name()).code(35);
            case Op.Setsid o -> code(36);
            case Op.Console o ->
                i(o.root()).i(o.rows()).i(o.columns()).i(o.devConsole()).code(37);
            case Op.ReopenNull o -> i(o.root()).code(47);
            case Op.Dup o -> i(o.slot()).i(o.number()).code(38);
            case Op.ChownFd o -> i(o.number()).i(o.uid()).code(39);
            case Op.Chdir o -> s(o.path()).i(o.create()).code(40);
            case Op.Sync o -> i(o.point()).code(41);
            case Op.Lookup o -> list(o.candidates()).code(42);
            case Op.Home o -> i(o.uid()).code(46);
            case Op.Exec o -> list(o.arguments()).list(o.environment()).code(43);
            case Op.Hook o ->
                i(o.stateSlot())
                        .s(o.path())
                        .list(o.arguments())
                        .list(o.environment())
                        .i(o.seconds())
                        .code(44);
            case Op.Close o -> i(o.slot()).code(45);
            case Op.KeepCaps o -> i(o.keep()).code(50);
            case Op.CapBound o -> l(o.set()).code(51);
            case Op.CapSet o ->
                l(o.effective()).l(o.permitted()).l(o.inheritable()).code(52);
            case Op.CapAmbient o -> l(o.set()).code(53);
            case Op.Ids o ->
                i(o.uid()).i(o.gid()).i(o.setGroups()).b(ints(o.groups())).code(54);
            case Op.NoNewPrivs o -> code(55);
            case Op.Seccomp o -> b(o.filter()).i(o.flags()).code(56);
            case Op.Umask o -> i(o.mask()).code(57);
            case Op.Personality o -> l(o.persona()).code(58);
            case Op.IoPriority o -> i(o.value()).code(59);
            case Op.Scheduler o -> b(o.schedAttr()).code(60);
            case Op.Affinity o -> b(o.mask()).code(61);
            case Op.MemoryPolicy o -> i(o.mode()).b(o.nodes()).code(62);
        };
    }

    /** So that each arm above is one expression. */
    private int code(int number) {
        return number;
    }

    private static byte[] ints(List<Integer> values) {
        ByteBuffer bytes = ByteBuffer.allocate(values.size() * 4).order(ByteOrder.LITTLE_ENDIAN);
        values.forEach(bytes::putInt);
        return bytes.array();
    }
}
