package io.drydock.containerd.shim.program;

import io.drydock.runc.runtime.CriuOptions;
import io.drydock.runc.runtime.RuntimeFailure;
import java.util.ArrayList;
import java.util.List;

/** The flags of {@code checkpoint} and {@code restore}, as runc has them. */
final class CriuFlags {
    private CriuFlags() {}

    /** @throws RuntimeFailure INVALID for what the task API cannot ask for */
    static List<String> of(CriuOptions options) throws RuntimeFailure {
        if (options.status() != null || options.pageServer() != null) {
            throw new RuntimeFailure(
                    RuntimeFailure.Kind.INVALID, "page servers and a status descriptor are not supported here");
        }
        List<String> flags = new ArrayList<>();
        add(flags, "--image-path", options.images().toString());
        if (options.work() != null) {
            add(flags, "--work-path", options.work().toString());
        }
        add(flags, "--parent-path", options.parent());
        add(flags, "--manage-cgroups-mode", options.cgroupsMode());
        add(flags, "--lsm-profile", options.lsmProfile());
        add(flags, "--lsm-mount-context", options.lsmMountContext());
        for (CriuOptions.Flag flag : CriuOptions.Flag.values()) {
            if (options.flags().contains(flag)) {
                flags.add("--" + flag.name().toLowerCase(java.util.Locale.ROOT).replace('_', '-'));
            }
        }
        return flags;
    }

    private static void add(List<String> flags, String flag, String value) {
        if (!value.isEmpty()) {
            flags.add(flag);
            flags.add(value);
        }
    }
}
