package io.drydock.containerd.server.tasks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A root file system of busybox alone, and specs that run its shell. */
final class BusyboxBundle {
    private BusyboxBundle() {}

    static boolean available() {
        return Files.isExecutable(Path.of("/bin/busybox"));
    }

    static Path makeRoot(Path root) throws IOException {
        Files.createDirectories(root.resolve("bin"));
        for (String directory : new String[] {"proc", "dev", "sys", "tmp"}) {
            Files.createDirectories(root.resolve(directory));
        }
        Files.copy(Path.of("/bin/busybox"), root.resolve("bin/busybox"));
        for (String applet : new String[] {"sh", "sleep", "cat", "echo", "true", "kill", "tty"}) {
            Files.createSymbolicLink(root.resolve("bin").resolve(applet), Path.of("busybox"));
        }
        return root;
    }

    /** A spec that runs a shell script, in namespaces of its own and with a control group named after the id. */
    static String spec(String id, String script, boolean terminal) {
        return """
                {"ociVersion":"1.0.2","process":%s,"root":{"path":"rootfs","readonly":false},"hostname":"t",
                "mounts":[{"destination":"/proc","type":"proc","source":"proc"},
                {"destination":"/dev","type":"tmpfs","source":"tmpfs","options":["nosuid","mode=755","size=65536k"]},
                {"destination":"/dev/pts","type":"devpts","source":"devpts",
                "options":["nosuid","noexec","newinstance","ptmxmode=0666","mode=0620"]}],
                "linux":{"cgroupsPath":"/drydock-shim-test/%s",
                "namespaces":[{"type":"pid"},{"type":"ipc"},{"type":"uts"},{"type":"mount"},{"type":"network"}]}}
                """.formatted(process(script, terminal), id);
    }

    static String process(String script, boolean terminal) {
        return """
                {"terminal":%s,"user":{"uid":0,"gid":0},"args":["/bin/sh","-c","%s"],
                "env":["PATH=/bin","HOME=/"],"cwd":"/",
                "capabilities":{"bounding":["CAP_KILL"],"effective":["CAP_KILL"],"permitted":["CAP_KILL"]}}
                """.formatted(terminal, script.replace("\\", "\\\\").replace("\"", "\\\""));
    }
}
