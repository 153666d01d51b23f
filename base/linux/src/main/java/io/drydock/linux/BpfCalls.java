package io.drydock.linux;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Programs that the kernel asks whether a control group may use a device. Source: {@code bpf(2)}, {@code linux/bpf.h}. */
public interface BpfCalls {
    /**
     * Loads a program of type {@code BPF_PROG_TYPE_CGROUP_DEVICE}.
     *
     * @param instructions {@code struct bpf_insn}, 8 bytes each, in this machine's byte order
     * @throws LinuxException EINVAL or EACCES if the kernel's verifier refuses it; the operation then ends with its words
     */
    Fd loadDeviceProgram(byte[] instructions) throws LinuxException;

    /** Numbers of the device programs attached to a version 2 group itself, at most 64. */
    List<Integer> devicePrograms(Fd cgroup) throws LinuxException;

    /** A loaded program by its number. */
    Fd program(int number) throws LinuxException;

    /** Attaches beside what groups above have (all must agree), in one step in place of {@code replaced} if that is given. */
    void attachDeviceProgram(Fd cgroup, Fd program, @Nullable Fd replaced) throws LinuxException;

    void detachDeviceProgram(Fd cgroup, Fd program) throws LinuxException;
}
