package io.drydock.runc.runtime;

import io.drydock.linux.Fd;
import io.drydock.linux.LinuxException;
import io.drydock.runc.cgroups.Cgroup;
import io.drydock.runc.runtime.CriuOptions.Flag;
import io.drydock.runc.runtime.criu.CriuOption;
import io.drydock.runc.runtime.criu.CriuProgram;
import io.drydock.runc.runtime.criu.CriuRequest;
import io.drydock.runc.runtime.criu.CriuResponse;
import io.drydock.runc.runtime.criu.CriuType;
import io.drydock.runc.runtime.plan.CgroupView;
import io.drydock.spec.oci.runtime.Spec;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Saves a running container's processes with criu. */
final class Checkpoint {
    /** What the first three descriptors of init were, for the restore; the name is the original's. */
    static final String DESCRIPTORS = "descriptors.json";

    private static final String LOG = "dump.log";
    /** Since when a notification tells that pages can be fetched, and criu need not be given the descriptor. */
    private static final int TELLS_READINESS = 31_500;

    private static final int FREEZES_V2 = 31_400;
    private static final int DESCRIPTOR_COUNT = 3;

    private final KeptContainers runtime;
    private final CriuOptions options;

    Checkpoint(KeptContainers runtime, CriuOptions options) {
        this.runtime = runtime;
        this.options = options;
    }

    void run(ContainerState state, Spec spec, Cgroup cgroup) throws IOException {
        CriuProgram criu = CriuProgram.find(runtime.linux, runtime.poller);
        boolean firstMemory = options.has(Flag.PRE_DUMP);
        CriuRequest request = new CriuRequest(firstMemory ? CriuType.PRE_DUMP : CriuType.DUMP);
        CriuSpec known = new CriuSpec(spec, view(spec, cgroup));
        Files.createDirectories(options.images());
        known.common(request, options, LOG);
        request.set(CriuOption.ROOT, state.rootfs().toString()).set(CriuOption.PID, state.pid());
        known.leaveNamespaces(runtime.linux, request);
        freezer(request, criu, cgroup);
        CriuOptions.PageServer server = options.pageServer();
        if (server != null) {
            request.pageServer(server.address(), server.port());
        }
        if (!options.parent().isEmpty()) {
            request.set(CriuOption.PARENT_IMG, options.parent()).set(CriuOption.TRACK_MEM, true);
        }
        checkFeatures(criu);
        Fd status = options.has(Flag.LAZY_PAGES) ? options.status() : null;
        if (status != null && !criu.isAtLeast(TELLS_READINESS)) {
            request.set(CriuOption.STATUS_FD, status.number());
        }
        if (!firstMemory) {
            leaveMounts(request, known, state);
            saveDescriptors(state.pid());
        }
        List<Fd> open = CriuSpec.directories(runtime.linux, request, options);
        try {
            criu.run(request.toBytes(), (script, pid, fd) -> notified(script, fd, status));
        } catch (IOException e) {
            CriuLog.quote(options.logs(), LOG, runtime.config.warnings());
            throw e;
        } finally {
            open.forEach(Fd::close);
        }
    }

    private CgroupView view(Spec spec, Cgroup cgroup) throws IOException {
        return CgroupView.of(runtime.config.cgroups().layout(), cgroup, CgroupView.isOwn(spec));
    }

    /** Else criu stops each process by itself. */
    private static void freezer(CriuRequest request, CriuProgram criu, Cgroup cgroup) {
        Map<String, String> paths = cgroup.paths();
        String freezer = paths.get("freezer");
        boolean unified = paths.size() == 1 && paths.containsKey("");
        if (freezer != null) {
            request.set(CriuOption.FREEZE_CGROUP, freezer);
        } else if (unified && criu.isAtLeast(FREEZES_V2)) {
            request.set(CriuOption.FREEZE_CGROUP, paths.getOrDefault("", ""));
        }
    }

    private void checkFeatures(CriuProgram criu) throws IOException {
        boolean memory = options.has(Flag.PRE_DUMP);
        boolean lazy = options.has(Flag.LAZY_PAGES);
        if (!memory && !lazy) {
            return;
        }
        CriuResponse has;
        try {
            has = criu.run(CriuRequest.features(memory, lazy), (script, pid, fd) -> {});
        } catch (IOException e) {
            throw new IOException("CRIU feature check failed: " + e.getMessage(), e);
        }
        List<String> missing = new ArrayList<>();
        if (memory && !has.memoryTracking()) {
            missing.add("MemTrack");
        }
        if (lazy && !has.lazyPages()) {
            missing.add("LazyPages");
        }
        if (!missing.isEmpty()) {
            throw new IOException("criu is missing features: [" + String.join(" ", missing) + ']');
        }
    }

    private void leaveMounts(CriuRequest request, CriuSpec known, ContainerState state) {
        known.externalMounts(runtime.linux, state.bundle(), state.rootfs())
                .keySet()
                .forEach(point -> request.externalMount(point, point));
        Path root = Path.of("/proc/" + state.pid() + "/root");
        known.maskedFiles(root).forEach(path -> request.externalMount(path, "/dev/null"));
    }

    private void saveDescriptors(int pid) throws IOException {
        List<String> targets = new ArrayList<>();
        for (int fd = 0; fd < DESCRIPTOR_COUNT; fd++) {
            targets.add(target(pid, fd));
        }
        byte[] json = DescriptorList.toJson(targets).getBytes(StandardCharsets.UTF_8);
        Files.write(options.images().resolve(DESCRIPTORS), json);
    }

    private String target(int pid, int fd) {
        try {
            return runtime.linux.files().readlinkat(Fd.CWD, "/proc/" + pid + "/fd/" + fd);
        } catch (LinuxException e) {
            return ""; // closed, or not ours to see
        }
    }

    private void notified(String script, @Nullable Fd fd, @Nullable Fd status) throws IOException {
        runtime.config.debug().accept("notify: " + script);
        if (fd != null) {
            fd.close();
        }
        if (script.equals("status-ready") && status != null) {
            runtime.linux.files().write(status, ByteBuffer.wrap(new byte[1]));
        }
    }
}
