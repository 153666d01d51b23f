package io.drydock.runc.runtime.criu;

/** The kinds of requests and answers, with the numbers of {@code criu_req_type}. */
public enum CriuType {
    DUMP(1),
    RESTORE(2),
    PRE_DUMP(4),
    NOTIFY(6),
    FEATURE_CHECK(9),
    VERSION(10);

    final int number;

    CriuType(int number) {
        this.number = number;
    }
}
