package io.drydock.runc.runtime;

import io.drydock.spec.oci.runtime.Mount;
import io.drydock.spec.oci.runtime.Process;
import io.drydock.spec.oci.runtime.Spec;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What a spec becomes for a container that tells of its readiness. */
final class Notifications {
    private static final String INSIDE = "/run/notify";
    private static final String SOCKET = "notify.sock";

    private Notifications() {}

    static Spec in(Spec spec, Path directory) {
        Process process = spec.process();
        if (process == null) {
            return spec;
        }
        List<Mount> mounts = new ArrayList<>(spec.mounts());
        List<String> options = List.of("bind", "nosuid", "noexec", "nodev", "ro");
        mounts.add(new Mount(INSIDE, "", directory.toString(), options, List.of(), List.of()));
        List<String> environment = new ArrayList<>(process.env());
        environment.add("NOTIFY_SOCKET=" + INSIDE + '/' + SOCKET);
        Process told = new Process(
                process.terminal(),
                process.consoleSize(),
                process.user(),
                process.args(),
                process.commandLine(),
                environment,
                process.cwd(),
                process.capabilities(),
                process.rlimits(),
                process.noNewPrivileges(),
                process.apparmorProfile(),
                process.oomScoreAdj(),
                process.scheduler(),
                process.selinuxLabel(),
                process.ioPriority(),
                process.execCPUAffinity());
        return new Spec(
                spec.ociVersion(),
                told,
                spec.root(),
                spec.hostname(),
                spec.domainname(),
                mounts,
                spec.hooks(),
                spec.annotations(),
                spec.linux());
    }
}
