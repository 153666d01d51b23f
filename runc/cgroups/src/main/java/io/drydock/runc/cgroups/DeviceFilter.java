package io.drydock.runc.cgroups;

import io.drydock.linux.Errno;
import io.drydock.linux.Fd;
import io.drydock.linux.Linux;
import io.drydock.linux.LinuxException;
import io.drydock.linux.O;
import io.drydock.spec.oci.runtime.DeviceRule;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The device program of a version 2 group. Groups below it are bound by it too, and nobody inside can take it away. */
final class DeviceFilter {
    private final Linux linux;

    DeviceFilter(Linux linux) {
        this.linux = linux;
    }

    /**
     * Lets the group use what the rules allow, in place of what was allowed before.
     *
     * @throws IOException if the kernel takes no such program; inside a user namespace, where nobody may load one and where
     *     device nodes cannot be made or opened, the filter is left out instead
     */
    void apply(Path group, List<DeviceRule> rules) throws IOException {
        List<DeviceRule> all = new ArrayList<>(rules);
        all.addAll(DeviceRules.ALWAYS_ALLOWED);
        DevicePolicy policy = DevicePolicy.of(all);
        try (Fd program = linux.bpf().loadDeviceProgram(DeviceProgram.compile(policy));
                Fd directory = linux.files().open(group.toString(), O.RDONLY | O.DIRECTORY)) {
            attach(directory, program);
        } catch (LinuxException e) {
            boolean useless = policy.allowsAll() && policy.exceptions().isEmpty();
            if (e.errno() != Errno.EPERM || !(useless || UserNamespace.isOwn())) {
                throw new IOException("device filter of " + group + ": " + e.getMessage(), e);
            }
        }
    }

    /** At no moment is there no program: the only one is replaced, several are detached after ours is in place. */
    private void attach(Fd group, Fd program) throws LinuxException {
        List<Fd> before = new ArrayList<>();
        try {
            for (int number : linux.bpf().devicePrograms(group)) {
                before.add(linux.bpf().program(number));
            }
            if (before.size() == 1) {
                linux.bpf().attachDeviceProgram(group, program, before.getFirst());
                return;
            }
            linux.bpf().attachDeviceProgram(group, program, null);
            for (Fd old : before) {
                linux.bpf().detachDeviceProgram(group, old);
            }
        } finally {
            before.forEach(Fd::close);
        }
    }
}
