package io.drydock.runc.runtime;

import io.drydock.linux.Fd;
import io.drydock.linux.PipeCalls.Pipe;
import io.drydock.linux.SocketCalls;
import io.drydock.runc.runtime.criu.CriuConnection;
import io.drydock.runc.runtime.criu.CriuOption;
import io.drydock.runc.runtime.criu.CriuProgram;
import io.drydock.runc.runtime.criu.CriuRequest;
import io.drydock.runc.runtime.criu.CriuType;
import io.drydock.runc.runtime.keeper.PlanSender;
import io.drydock.runc.runtime.keeper.TrackedProcess;
import io.drydock.runc.runtime.plan.CgroupView;
import io.drydock.runc.runtime.plan.CriuPlanner;
import io.drydock.runc.runtime.plan.Plan;
import io.drydock.spec.oci.runtime.Spec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * One {@code restore}: from images of criu to a container that runs.
 *
 * <pre>
 * runtime ──plan──▶ keeper ──clone──▶ criu ──clone, as a sibling──▶ init
 * runtime ◀─post-restore: init's pid── criu
 * runtime ──ADOPT pid──▶ keeper                  and criu lets init go
 * </pre>
 */
final class Restoration {
    private static final String LOG = "restore.log";
    /** The keeper's number of criu; execs get any. */
    private static final int CRIU = 1;

    private static final int FIRST_EXTRA = CriuProgram.SOCKET + 1;
    private static final int CRIU_ENDS_SECONDS = 60;
    private static final int NAMES_PROFILES = 31_600;

    private final KeptContainers runtime;
    private final CreateRequest request;
    private final CriuOptions options;
    private @Nullable Fd terminal;

    Restoration(KeptContainers runtime, CreateRequest request, CriuOptions options) {
        this.runtime = runtime;
        this.request = request;
        this.options = options;
    }

    Container run() throws RuntimeFailure {
        Unfinished made = new Unfinished(runtime, request);
        try {
            return made.make(() -> restore(made), "");
        } finally {
            if (terminal != null) {
                terminal.close();
            }
        }
    }

    private Container restore(Unfinished made) throws IOException {
        StateDirectory.checkId(request.id());
        Bundle bundle = Bundle.read(request.bundle());
        CriuProgram criu = CriuProgram.find(runtime.linux, runtime.poller);
        List<String> descriptors = descriptors();
        Parts begun = made.begin(bundle);
        Spec spec = begun.spec();
        CgroupView view = CgroupView.of(runtime.config.cgroups().layout(), begun.groups(), CgroupView.isOwn(spec));
        CriuSpec known = new CriuSpec(spec, view);
        Path state = begun.directory().path();
        try (CriuRoot root = CriuRoot.mount(runtime.linux, state, bundle.rootfs(), request.rootfsMounts())) {
            CriuRequest wanted = describe(criu, known, descriptors, root.path());
            restore(criu, wanted, known, begun, root.path());
        }
        return begun.finish(runtime, Status.RUNNING);
    }

    private List<String> descriptors() throws IOException {
        try {
            return DescriptorList.parse(Files.readAllBytes(options.images().resolve(Checkpoint.DESCRIPTORS)));
        } catch (NoSuchFileException e) {
            throw new IOException("open " + e.getFile() + ": no such file or directory", e);
        }
    }

    private CriuRequest describe(CriuProgram criu, CriuSpec known, List<String> descriptors, Path root)
            throws IOException {
        CriuRequest wanted = new CriuRequest(CriuType.RESTORE);
        known.common(wanted, options, LOG);
        wanted.set(CriuOption.EVASIVE_DEVICES, true)
                .set(CriuOption.RST_SIBLING, true)
                .set(CriuOption.ROOT, root.toString());
        profile(criu, wanted, CriuOption.LSM_PROFILE, "--lsm-profile", options.lsmProfile());
        profile(criu, wanted, CriuOption.LSM_MOUNT_CONTEXT, "--lsm-mount-context", options.lsmMountContext());
        known.externalMounts(runtime.linux, request.bundle(), root).forEach(wanted::externalMount);
        if (known.masksAnything()) {
            wanted.externalMount("/dev/null", "/dev/null");
        }
        for (int i = 0; i < descriptors.size(); i++) {
            if (descriptors.get(i).contains("pipe:")) {
                wanted.inherit(descriptors.get(i), i);
            }
        }
        return wanted;
    }

    private static void profile(CriuProgram criu, CriuRequest wanted, CriuOption option, String flag, String value)
            throws IOException {
        if (value.isEmpty()) {
            return;
        }
        if (!criu.isAtLeast(NAMES_PROFILES)) {
            throw new IOException(flag + " requires at least CRIU 3.16");
        }
        wanted.set(option, value);
    }

    private void restore(CriuProgram criu, CriuRequest wanted, CriuSpec known, Parts begun, Path root)
            throws IOException {
        List<Fd> open = new ArrayList<>();
        try {
            open.addAll(CriuSpec.directories(runtime.linux, wanted, options));
            List<Fd> namespaces = known.joinNamespaces(runtime.linux, wanted, FIRST_EXTRA);
            open.addAll(namespaces);
            Pipe pair = runtime.linux.sockets().socketPair(SocketCalls.SEQPACKET);
            open.add(pair.read());
            open.add(pair.write());
            TrackedProcess process = start(criu, begun, root, pair.write(), namespaces);
            pair.write().close(); // upon criu's end ours ends, too
            groupsOf(process.pid(), wanted);
            runtime.linux.pipes().setNonBlocking(pair.read(), true);
            new CriuConnection(runtime.linux, runtime.poller, pair.read())
                    .ask(wanted.toBytes(), (script, pid, fd) -> notified(script, pid, fd, begun));
            pair.read().close();
            awaitEnd(process);
        } catch (IOException e) {
            CriuLog.quote(options.logs(), LOG, runtime.config.warnings());
            throw e;
        } finally {
            open.forEach(Fd::close);
        }
    }

    /** Has the keeper start a criu that waits for its request at the socket. */
    private TrackedProcess start(CriuProgram criu, Parts begun, Path root, Fd socket, List<Fd> namespaces)
            throws IOException {
        TrackedProcess process = begun.keeper().track(CRIU);
        try (CriuPlanner planner = new CriuPlanner(runtime.linux);
                Fd stateDirectory = begun.directory().descriptor();
                Fd listener = begun.directory().listen()) {
            Plan plan = planner.plan(
                    begun.spec(),
                    new CriuPlanner.Inputs(
                            criu.path(),
                            CriuProgram.arguments(),
                            CriuProgram.environment(),
                            root,
                            request.bundle(),
                            begun.entryFiles(),
                            request.stdio(),
                            socket,
                            namespaces));
            new PlanSender(runtime.linux, begun.keeper()).create(CRIU, plan, stateDirectory, listener);
            dialog(process, Dialog.Words.of(plan), begun).next();
            process.follow(false);
        }
        return process;
    }

    private Dialog dialog(TrackedProcess process, Dialog.Words words, Parts begun) {
        SeccompListener nobody = new SeccompListener(runtime.linux, begun.spec(), begun::state);
        return new Dialog(process, words, runtime.config.warnings(), nobody);
    }

    /** Where criu itself is now takes the place of the groups that were saved. */
    private static void groupsOf(int pid, CriuRequest wanted) throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc/" + pid + "/cgroup"))) {
            String[] fields = line.split(":", 3);
            wanted.cgroupRoot(fields[1], fields[2]);
        }
    }

    private void notified(String script, int pid, @Nullable Fd fd, Parts begun) throws IOException {
        runtime.config.debug().accept("notify: " + script);
        switch (script) {
            case "orphan-pts-master" -> {
                terminal = fd;
                return;
            }
            case "setup-namespaces" -> hooks(begun.spec(), begun.state().with(pid, Status.CREATING));
            case "post-restore" -> {
                TrackedProcess init = begun.keeper().track(0);
                begun.keeper().adopt(pid, request.options().handOver(), terminal);
                dialog(init, (step, errno, detail) -> "adopt", begun).next();
                init.follow(false);
            }
            default -> {}
        }
        if (fd != null) {
            fd.close();
        }
    }

    private void hooks(Spec spec, ContainerState state) throws RuntimeFailure {
        if (spec.hooks() != null) {
            runtime.hooks.runBeforeRoot(spec.hooks(), state.hookJson(), request.bundle());
        }
    }

    private static void awaitEnd(TrackedProcess criu) throws IOException {
        try {
            int code = criu.exit()
                    .get(CRIU_ENDS_SECONDS, TimeUnit.SECONDS)
                    .status()
                    .shellCode();
            if (code != 0) {
                throw new IOException("criu failed: exit status " + code);
            }
        } catch (ExecutionException | TimeoutException e) {
            throw new IOException("criu does not end", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }
}
