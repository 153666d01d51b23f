package io.drydock.containerd.shim.program;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RuntimeLogTest {
    @Test
    void theLastErrorCounts() {
        assertThat(RuntimeLog.lastError("""
                        {"level":"warning","msg":"a limit is missing","time":"2026-01-01T00:00:00Z"}
                        {"level":"error","msg":"first","time":"2026-01-01T00:00:00Z"}
                        {"level":"error","msg":"exec: \\"/x\\": stat /x: \\u003cnot found\\u003e","time":"2026-01-01T00:00:00Z"}
                        {"level":"debug","msg":"later"}
                        """)).hasValue("exec: \"/x\": stat /x: <not found>");
    }

    @Test
    void crunPutsTheMessageFirst() {
        assertThat(RuntimeLog.lastError("""
                        {"msg":"cannot stat\\n`/x`", "level":"error", "time":"2026-01-01T00:00:00Z"}
                        """)).hasValue("cannot stat\n`/x`");
    }

    @Test
    void noErrorIsNone() {
        assertThat(RuntimeLog.lastError("not even JSON\n")).isEmpty();
    }
}
