package io.drydock.runc.runtime.plan;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Lists of processors such as {@code 0-3,7}, and masks as {@code sched_setaffinity(2)} takes them. */
public final class CpuList {
    private static final int BYTES = 128;
    private static final int PROCESSORS = BYTES * Byte.SIZE;

    private CpuList() {}

    /** Every processor there may be. */
    static byte[] all() {
        byte[] mask = new byte[BYTES];
        Arrays.fill(mask, (byte) -1);
        return mask;
    }

    /** The bits of a list's processors; none of no list. */
    static byte[] mask(@Nullable String list) throws InvalidSpecException {
        byte[] mask = new byte[BYTES];
        try {
            for (String part : list == null ? new String[0] : list.split(",")) {
                String[] ends = part.strip().split("-", 2);
                int last = Integer.parseInt(ends[ends.length - 1]);
                for (int cpu = Integer.parseInt(ends[0]); cpu <= last; cpu++) {
                    if (cpu < 0 || cpu >= PROCESSORS) {
                        throw new InvalidSpecException("values larger than " + (PROCESSORS - 1) + " are not supported");
                    }
                    mask[cpu / Byte.SIZE] |= (byte) (1 << cpu % Byte.SIZE);
                }
            }
            return mask;
        } catch (NumberFormatException e) {
            throw new InvalidSpecException("invalid CPU affinity \"" + list + '"');
        }
    }

    /** For messages: the first 64 processors as a hexadecimal number. */
    public static String text(String list) throws InvalidSpecException {
        byte[] mask = mask(list);
        long word = 0;
        for (int i = Long.BYTES - 1; i >= 0; i--) {
            word = word << Byte.SIZE | mask[i] & 0xff;
        }
        return "0x" + Long.toHexString(word);
    }
}
