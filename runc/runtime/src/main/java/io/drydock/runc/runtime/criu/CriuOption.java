package io.drydock.runc.runtime.criu;

/** The options of a dump or a restore that are a single value, with the numbers of {@code criu_opts}. */
public enum CriuOption {
    IMAGES_DIR_FD(1),
    PID(2),
    LEAVE_RUNNING(3),
    EXT_UNIX_SK(4),
    TCP_ESTABLISHED(5),
    EVASIVE_DEVICES(6),
    SHELL_JOB(7),
    FILE_LOCKS(8),
    LOG_LEVEL(9),
    LOG_FILE(10),
    NOTIFY_SCRIPTS(12),
    ROOT(13),
    PARENT_IMG(14),
    TRACK_MEM(15),
    AUTO_DEDUP(16),
    WORK_DIR_FD(17),
    LINK_REMAP(18),
    MANAGE_CGROUPS(24),
    RST_SIBLING(26),
    MANAGE_CGROUPS_MODE(34),
    EMPTY_NS(38),
    FREEZE_CGROUP(44),
    TCP_SKIP_IN_FLIGHT(46),
    LAZY_PAGES(48),
    STATUS_FD(49),
    ORPHAN_PTS_MASTER(50),
    CONFIG_FILE(51),
    LSM_PROFILE(53),
    LSM_MOUNT_CONTEXT(63);

    final int field;

    CriuOption(int field) {
        this.field = field;
    }
}
