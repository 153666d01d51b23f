package io.drydock.runc.runtime;

import io.drydock.linux.Fd;
import io.drydock.linux.PipeCalls.Pipe;
import io.drydock.linux.SocketCalls;
import io.drydock.runc.cgroups.Cgroup;
import io.drydock.runc.cgroups.ResctrlGroup;
import io.drydock.runc.runtime.criu.CriuConnection;
import io.drydock.runc.runtime.criu.CriuOption;
import io.drydock.runc.runtime.criu.CriuProgram;
import io.drydock.runc.runtime.criu.CriuRequest;
import io.drydock.runc.runtime.criu.CriuType;
import io.drydock.runc.runtime.keeper.KeeperConnection;
import io.drydock.runc.runtime.keeper.PlanSender;
import io.drydock.runc.runtime.keeper.TrackedProcess;
import io.drydock.runc.runtime.plan.CgroupView;
import io.drydock.runc.runtime.plan.CriuPlanner;
import io.drydock.runc.runtime.plan.Plan;
import io.drydock.spec.oci.OciJson;
import io.drydock.spec.oci.runtime.Hooks;
import io.drydock.spec.oci.runtime.Spec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
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
    private final Unfinished made;
    private @Nullable Fd terminal;

    Restoration(KeptContainers runtime, CreateRequest request, CriuOptions options) {
        this.runtime = runtime;
        this.request = request;
        this.options = options;
        this.made = new Unfinished(runtime);
    }

    Container run() throws RuntimeFailure {
        try {
            return restore();
        } catch (RuntimeFailure e) {
            made.undo(e);
            throw e;
        } catch (IllegalArgumentException e) {
            RuntimeFailure failure = new RuntimeFailure(RuntimeFailure.Kind.INVALID, String.valueOf(e.getMessage()), e);
            made.undo(failure);
            throw failure;
        } catch (IOException e) {
            RuntimeFailure failure = new RuntimeFailure(RuntimeFailure.Kind.FAILED, String.valueOf(e.getMessage()), e);
            made.undo(failure);
            throw failure;
        } finally {
            if (terminal != null) {
                terminal.close();
            }
        }
    }

    private Container restore() throws IOException {
        StateDirectory.checkId(request.id());
        byte[] json = Files.readAllBytes(request.bundle().resolve("config.json"));
        Spec spec = OciJson.read(Spec.class, json);
        Path rootfs = Creation.rootfs(request.bundle(), spec);
        CriuProgram criu = CriuProgram.find(runtime.linux, runtime.poller);
        List<String> descriptors = descriptors();
        StateDirectory dir = StateDirectory.create(runtime.linux, runtime.config.root(), request.id());
        made.directory = dir;
        Cgroup groups = runtime.config
                .cgroups()
                .create(request.id(), spec, request.options().systemdCgroup());
        made.cgroup = groups;
        ResctrlGroup shares = Creation.shares(runtime, request.id(), spec);
        made.shares = shares;
        dir.write("config.json", json);
        Spec planned = request.options().notifySocket() ? Notifications.in(spec, dir.makeNotify()) : spec;
        KeeperConnection keeper = new KeeperConnection(runtime.linux, runtime.poller, runtime.zygote.fork());
        made.connection = keeper;
        ContainerState state = new ContainerState(
                spec.ociVersion() == null ? "1.0.2" : spec.ociVersion(),
                request.id(),
                0,
                Status.CREATING,
                request.bundle(),
                rootfs,
                Instant.now(),
                spec.annotations(),
                runtime.linux.processes().geteuid());
        try (CriuRoot root = CriuRoot.mount(runtime.linux, dir.path(), rootfs, request.rootfsMounts())) {
            CriuRequest wanted = describe(criu, planned, groups, descriptors, root.path());
            restore(criu, wanted, planned, keeper, dir, root.path(), state, shares);
        }
        groups.entered();
        ContainerState running = state.with(keeper.track(0).pid(), Status.RUNNING);
        dir.write("state.json", StateFile.of(running, planned, groups, shares).toJson());
        return new KeptContainer(runtime, dir, keeper, groups, shares, planned, running);
    }

    private List<String> descriptors() throws IOException {
        try {
            return DescriptorList.parse(Files.readAllBytes(options.images().resolve(Checkpoint.DESCRIPTORS)));
        } catch (NoSuchFileException e) {
            throw new IOException("open " + e.getFile() + ": no such file or directory", e);
        }
    }

    private CriuRequest describe(CriuProgram criu, Spec spec, Cgroup groups, List<String> descriptors, Path root)
            throws IOException {
        CriuRequest wanted = new CriuRequest(CriuType.RESTORE);
        CgroupView view = CgroupView.of(runtime.config.cgroups().layout(), groups, CgroupView.isOwn(spec));
        CriuSpec known = new CriuSpec(spec, view);
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

    private void restore(
            CriuProgram criu,
            CriuRequest wanted,
            Spec spec,
            KeeperConnection keeper,
            StateDirectory dir,
            Path root,
            ContainerState state,
            @Nullable ResctrlGroup shares)
            throws IOException {
        List<Fd> open = new ArrayList<>(CriuSpec.directories(runtime.linux, wanted, options));
        CgroupView none = new CgroupView(false, false, "", List.of());
        List<Fd> namespaces = new CriuSpec(spec, none).joinNamespaces(runtime.linux, wanted, FIRST_EXTRA);
        open.addAll(namespaces);
        Pipe pair = runtime.linux.sockets().socketPair(SocketCalls.SEQPACKET);
        open.add(pair.read());
        try {
            TrackedProcess process = keeper.track(CRIU);
            try (Fd theirs = pair.write();
                    CriuPlanner planner = new CriuPlanner(runtime.linux);
                    Fd stateDirectory = dir.descriptor();
                    Fd listener = dir.listen()) {
                Plan plan = planner.plan(
                        spec,
                        new CriuPlanner.Inputs(
                                criu.path(),
                                CriuProgram.arguments(),
                                CriuProgram.environment(),
                                root,
                                request.bundle(),
                                Creation.entryFiles(made.cgroup, shares),
                                request.stdio(),
                                theirs,
                                namespaces));
                new PlanSender(runtime.linux, keeper).create(CRIU, plan, stateDirectory, listener);
                SeccompListener nobody = new SeccompListener(runtime.linux, spec, () -> state);
                new Dialog(process, Dialog.Words.of(plan), runtime.config.warnings(), nobody).next();
                process.follow(false);
            }
            groupsOf(process.pid(), wanted);
            runtime.linux.pipes().setNonBlocking(pair.read(), true);
            new CriuConnection(runtime.linux, runtime.poller, pair.read())
                    .ask(wanted.toBytes(), (script, pid, fd) -> notified(script, pid, fd, keeper, spec, state));
            pair.read().close();
            awaitEnd(process);
        } catch (IOException e) {
            CriuLog.quote(options.work() == null ? options.images() : options.work(), LOG, runtime.config.warnings());
            throw e;
        } finally {
            open.forEach(Fd::close);
        }
    }

    /** Where criu itself is now takes the place of the groups that were saved. */
    private static void groupsOf(int pid, CriuRequest wanted) throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc/" + pid + "/cgroup"))) {
            String[] fields = line.split(":", 3);
            wanted.cgroupRoot(fields[1], fields[2]);
        }
    }

    private void notified(
            String script, int pid, @Nullable Fd fd, KeeperConnection keeper, Spec spec, ContainerState state)
            throws IOException {
        runtime.config.debug().accept("notify: " + script);
        switch (script) {
            case "orphan-pts-master" -> {
                terminal = fd;
                return;
            }
            case "setup-namespaces" -> hooks(spec, state.with(pid, Status.CREATING));
            case "post-restore" -> {
                TrackedProcess init = keeper.track(0);
                keeper.adopt(pid, request.options().handOver(), terminal);
                SeccompListener nobody = new SeccompListener(runtime.linux, spec, () -> state);
                new Dialog(init, (step, errno, detail) -> "adopt", runtime.config.warnings(), nobody).next();
                init.follow(false);
            }
            default -> {}
        }
        if (fd != null) {
            fd.close();
        }
    }

    private void hooks(Spec spec, ContainerState state) throws RuntimeFailure {
        Hooks hooks = spec.hooks();
        if (hooks != null) {
            runtime.hooks.run("prestart", hooks.prestart(), state.hookJson(), request.bundle());
            runtime.hooks.run("createRuntime", hooks.createRuntime(), state.hookJson(), request.bundle());
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
