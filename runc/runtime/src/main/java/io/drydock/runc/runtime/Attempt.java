package io.drydock.runc.runtime;

import java.io.IOException;

/** Something that reads or writes files of the kernel's. */
interface Attempt {
    void run() throws IOException;

    /** Tries it; what fails is told with what it was for. */
    static void to(String what, Attempt attempt) throws RuntimeFailure {
        try {
            attempt.run();
        } catch (IOException e) {
            throw new RuntimeFailure(RuntimeFailure.Kind.FAILED, what + ": " + e.getMessage(), e);
        }
    }
}
