package io.drydock.runc.runtime.plan;

import java.util.List;

/** {@code RLIMIT_*} by name and number. */
final class Rlimits {
    private static final List<String> NAMES = List.of(
            "RLIMIT_CPU",
            "RLIMIT_FSIZE",
            "RLIMIT_DATA",
            "RLIMIT_STACK",
            "RLIMIT_CORE",
            "RLIMIT_RSS",
            "RLIMIT_NPROC",
            "RLIMIT_NOFILE",
            "RLIMIT_MEMLOCK",
            "RLIMIT_AS",
            "RLIMIT_LOCKS",
            "RLIMIT_SIGPENDING",
            "RLIMIT_MSGQUEUE",
            "RLIMIT_NICE",
            "RLIMIT_RTPRIO",
            "RLIMIT_RTTIME");

    private Rlimits() {}

    static int number(String name) throws InvalidSpecException {
        int number = NAMES.indexOf(name);
        if (number < 0) {
            throw new InvalidSpecException("wrong rlimit value: " + name);
        }
        return number;
    }
}
