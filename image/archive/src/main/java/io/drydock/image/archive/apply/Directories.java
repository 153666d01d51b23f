package io.drydock.image.archive.apply;

import io.drydock.linux.Errno;
import io.drydock.linux.Fd;
import io.drydock.linux.FileCalls;
import io.drydock.linux.LinuxException;
import io.drydock.linux.O;
import io.drydock.linux.Resolve;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Open descriptors of the directories entries go to. Every path is resolved by the kernel inside the root
 * ({@code RESOLVE_IN_ROOT}), so a symbolic link in the layer can lead anywhere in the tree but never out of it. The last
 * {@link #KEPT} are kept; whoever removes or replaces something other than a file must call {@link #forget}.
 */
final class Directories implements AutoCloseable {
    static final long INSIDE = Resolve.IN_ROOT | Resolve.NO_MAGICLINKS;
    private static final int KEPT = 64;

    private final FileCalls files;
    private final Fd root;
    private final Set<String> implied = new LinkedHashSet<>();
    private final Map<String, Fd> open = new LinkedHashMap<>(KEPT * 2, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Fd> eldest) {
            if (size() > KEPT) {
                eldest.getValue().close();
                return true;
            }
            return false;
        }
    };

    private boolean stale;

    Directories(FileCalls files, Fd root) {
        this.files = files;
        this.root = root;
        implied.add("");
    }

    /** The directory of that path, made (0755) with everything above it if it is not there. Stays open until the next call. */
    Fd get(String path) throws LinuxException {
        if (path.isEmpty()) {
            return root;
        }
        if (stale) {
            closeAll();
        }
        Fd known = open.get(path);
        if (known != null) {
            return known;
        }
        Fd fd;
        try {
            fd = openDirectory(path);
        } catch (LinuxException e) {
            if (e.errno() != Errno.ENOENT) {
                throw e;
            }
            make(path);
            fd = openDirectory(path);
        }
        open.put(path, fd);
        return fd;
    }

    private Fd openDirectory(String path) throws LinuxException {
        return files.openat2(root, path, O.PATH | O.DIRECTORY, 0, INSIDE);
    }

    private void make(String path) throws LinuxException {
        int slash = path.lastIndexOf('/');
        Fd parent = get(slash < 0 ? "" : path.substring(0, slash));
        try {
            files.mkdirat(parent, path.substring(slash + 1), 0755);
            implied.add(path);
        } catch (LinuxException e) {
            if (e.errno() != Errno.EEXIST) {
                throw e;
            }
        }
    }

    /** The layer describes this directory itself. */
    void described(String path) {
        implied.remove(path);
    }

    /** Something that may have been a directory or a link on the way to one has gone. Descriptors in use stay open for now. */
    void forget() {
        stale = true;
    }

    private void closeAll() {
        open.values().forEach(Fd::close);
        open.clear();
        stale = false;
    }

    List<String> implied() {
        return new ArrayList<>(implied);
    }

    @Override
    public void close() {
        closeAll();
    }
}
