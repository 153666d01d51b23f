package io.drydock.linux;

import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/** Readiness, by system call. */
final class NativeEvents implements EventCalls {
    private static final int ADD = 1;
    private static final int DELETE = 2;
    private static final int MODIFY = 3;
    /** struct epoll_event is packed on x86-64 only. */
    private static final int EVENT_SIZE = Nr.ARM64 ? 16 : 12;

    private static final int DATA_OFFSET = Nr.ARM64 ? 8 : 4;

    @Override
    public Fd eventfd(int initial) throws LinuxException {
        return eventfd(initial, true);
    }

    @Override
    public Fd eventfd(int initial, boolean nonBlocking) throws LinuxException {
        return Sys.fd("eventfd", null, Nr.EVENTFD2, initial, O.CLOEXEC | (nonBlocking ? O.NONBLOCK : 0));
    }

    @Override
    public Fd epollCreate() throws LinuxException {
        return Sys.fd("epoll_create", null, Nr.EPOLL_CREATE1, O.CLOEXEC);
    }

    @Override
    public void epollAdd(Fd epoll, Fd fd, int events, long data) throws LinuxException {
        control(epoll, ADD, fd, events, data);
    }

    @Override
    public void epollModify(Fd epoll, Fd fd, int events, long data) throws LinuxException {
        control(epoll, MODIFY, fd, events, data);
    }

    @Override
    public void epollRemove(Fd epoll, Fd fd) throws LinuxException {
        control(epoll, DELETE, fd, 0, 0);
    }

    private static void control(Fd epoll, int operation, Fd fd, int events, long data) throws LinuxException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment event = arena.allocate(16, 8);
            event.set(JAVA_INT_UNALIGNED, 0, events);
            event.set(JAVA_LONG_UNALIGNED, DATA_OFFSET, data);
            Sys.call("epoll_ctl", null, Nr.EPOLL_CTL, epoll.number(), operation, fd.number(), event.address());
        }
    }

    @Override
    public List<Event> epollWait(Fd epoll, int maxEvents, int timeoutMillis) throws LinuxException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment events = arena.allocate((long) maxEvents * EVENT_SIZE, 8);
            int n = (int) Sys.call(
                    "epoll_wait", null, Nr.EPOLL_PWAIT, epoll.number(), events.address(), maxEvents, timeoutMillis);
            List<Event> list = new ArrayList<>(n);
            for (long at = 0; at < (long) n * EVENT_SIZE; at += EVENT_SIZE) {
                list.add(new Event(
                        events.get(JAVA_INT_UNALIGNED, at), events.get(JAVA_LONG_UNALIGNED, at + DATA_OFFSET)));
            }
            return list;
        }
    }

    @Override
    public Fd inotifyInit() throws LinuxException {
        return Sys.fd("inotify_init", null, Nr.INOTIFY_INIT1, O.CLOEXEC | O.NONBLOCK);
    }

    @Override
    public int inotifyAdd(Fd inotify, String path, int mask) throws LinuxException {
        try (Arena arena = Arena.ofConfined()) {
            long p = Sys.string(arena, path);
            return (int) Sys.call("inotify_add_watch", path, Nr.INOTIFY_ADD_WATCH, inotify.number(), p, mask);
        }
    }

    @Override
    public void inotifyRemove(Fd inotify, int watch) throws LinuxException {
        Sys.call("inotify_rm_watch", null, Nr.INOTIFY_RM_WATCH, inotify.number(), watch);
    }

    @Override
    public List<FileEvent> inotifyRead(Fd inotify) throws LinuxException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment buffer = arena.allocate(8192, 8);
            long n = Sys.raw(Nr.READ, inotify.number(), buffer.address(), buffer.byteSize(), 0, 0, 0);
            if (n == -Errno.EAGAIN) {
                return List.of();
            }
            if (n < 0) {
                throw new LinuxException("read inotify", null, (int) -n);
            }
            List<FileEvent> events = new ArrayList<>();
            for (long at = 0; at < n; at += 16 + buffer.get(JAVA_INT_UNALIGNED, at + 12)) {
                String name = buffer.get(JAVA_INT_UNALIGNED, at + 12) == 0 ? "" : buffer.getString(at + 16);
                events.add(new FileEvent(
                        buffer.get(JAVA_INT_UNALIGNED, at), buffer.get(JAVA_INT_UNALIGNED, at + 4), name));
            }
            return events;
        }
    }
}
