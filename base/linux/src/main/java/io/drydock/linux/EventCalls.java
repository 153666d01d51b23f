package io.drydock.linux;

import java.util.List;

/** Readiness and notifications. Most code wants the {@link Poller} instead of epoll itself. */
public interface EventCalls {
    int IN = 1;
    int OUT = 4;
    int ERR = 8;
    int HUP = 0x10;
    int RDHUP = 0x2000;
    int PRI = 2;
    int ONESHOT = 1 << 30;
    int EDGE = 1 << 31;

    /** A counter with which to wake a poller; non-blocking. */
    Fd eventfd(int initial) throws LinuxException;

    /** A cgroup v1 or other counter that blocks on read when zero, if {@code nonBlocking} is false. */
    Fd eventfd(int initial, boolean nonBlocking) throws LinuxException;

    Fd epollCreate() throws LinuxException;

    /** {@code data} comes back in {@link Event#data()}. */
    void epollAdd(Fd epoll, Fd fd, int events, long data) throws LinuxException;

    void epollModify(Fd epoll, Fd fd, int events, long data) throws LinuxException;

    void epollRemove(Fd epoll, Fd fd) throws LinuxException;

    /** Waits up to {@code timeoutMillis} (-1: without end). Blocks the thread: platform threads only. */
    List<Event> epollWait(Fd epoll, int maxEvents, int timeoutMillis) throws LinuxException;

    record Event(int events, long data) {}

    /** Non-blocking. */
    Fd inotifyInit() throws LinuxException;

    /** {@code mask}: {@code IN_*}; answers the watch's number. */
    int inotifyAdd(Fd inotify, String path, int mask) throws LinuxException;

    void inotifyRemove(Fd inotify, int watch) throws LinuxException;

    /** What has happened, empty if nothing. */
    List<FileEvent> inotifyRead(Fd inotify) throws LinuxException;

    /** {@code name} is empty if the event is about the watched file itself. */
    record FileEvent(int watch, int mask, String name) {}

    int IN_MODIFY = 2;
    int IN_ATTRIB = 4;
    int IN_CLOSE_WRITE = 8;
    int IN_MOVED_FROM = 0x40;
    int IN_MOVED_TO = 0x80;
    int IN_CREATE = 0x100;
    int IN_DELETE = 0x200;
    int IN_DELETE_SELF = 0x400;
}
