package io.drydock.runc.runtime.criu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drydock.linux.Linux;
import io.drydock.linux.Poller;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class CriuProgramTest {
    @Test
    void oneThatFailsIsReaped() throws IOException {
        List<ProcessHandle> before = ProcessHandle.current().children().toList();
        try (Poller poller = new Poller(Linux.system(), "criu")) {
            CriuProgram criu = new CriuProgram(Linux.system(), poller, Path.of("/bin/false"), 0);
            assertThatThrownBy(() -> criu.run(CriuRequest.version(), (script, pid, fd) -> {}))
                    .isInstanceOf(IOException.class)
                    .hasMessage("criu failed: unexpected EOF");
        }
        // a zombie counts, too
        assertThat(ProcessHandle.current().children()).isSubsetOf(before);
    }
}
