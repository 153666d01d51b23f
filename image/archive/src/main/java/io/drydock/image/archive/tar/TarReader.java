package io.drydock.image.archive.tar;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads a tar archive from front to back:
 *
 * <pre>{@code
 * for (TarEntry entry = tar.next(); entry != null; entry = tar.next()) {
 *     tar.content().transferTo(somewhere);     // or nothing: the next call skips what is left
 * }
 * }</pre>
 *
 * Understands ustar, pax (path, linkpath, size, ids, mtime, {@code SCHILY.xattr.*}, GNU sparse 0.0, 0.1 and 1.0) and GNU (long
 * names, base-256 numbers, old sparse). Not thread-safe.
 */
public final class TarReader {
    private static final int MAX_EXTENSION = 1 << 20;
    private static final String XATTR = "SCHILY.xattr.";

    private final ByteSource source;
    private final byte[] block = new byte[Header.BLOCK];
    private long storedLeft;
    private int padding;
    private @Nullable TarEntry current;
    private boolean ended;

    /** Reads from a source positioned at the archive's first byte. */
    public TarReader(ByteSource source) {
        this.source = source;
    }

    /**
     * The next entry, or null after the last.
     *
     * @throws TarException if the archive is broken
     */
    public @Nullable TarEntry next() throws IOException {
        if (ended) {
            return null;
        }
        skipContent();
        current = null;
        Map<String, byte[]> pax = Map.of();
        String longName = null;
        String longLink = null;
        while (readBlock()) {
            char type = (char) (block[Header.TYPE] & 0xff);
            switch (type) {
                case 'x' -> pax = PaxRecords.parse(extension());
                case 'g' -> extension();
                case 'L' -> longName = terminated(extension());
                case 'K' -> longLink = terminated(extension());
                default -> {
                    current = entry(type, pax, longName, longLink);
                    return current;
                }
            }
        }
        ended = true;
        return null;
    }

    private static String terminated(byte[] bytes) {
        return Header.text(bytes, 0, bytes.length);
    }

    /** Reads a header; false at the end mark or the end of the stream. */
    private boolean readBlock() throws IOException {
        if (!fill(block, true)) {
            return false;
        }
        if (Header.isZero(block)) {
            return false;
        }
        if (!Header.checksumFits(block)) {
            throw new TarException("invalid tar header");
        }
        return true;
    }

    private boolean fill(byte[] target, boolean mayEnd) throws IOException {
        int have = 0;
        while (have < target.length) {
            int count = source.read(target, have, target.length - have);
            if (count < 0) {
                if (have == 0 && mayEnd) {
                    return false;
                }
                throw new EOFException("unexpected EOF");
            }
            have += count;
        }
        return true;
    }

    /** The content of an extension header, without its padding. */
    private byte[] extension() throws IOException {
        long size = Header.number(block, Header.SIZE, 12);
        if (size < 0 || size > MAX_EXTENSION) {
            throw new TarException("header field too long");
        }
        byte[] data = new byte[(int) size];
        fill(data, data.length == 0);
        skip(paddingOf(size));
        return data;
    }

    private static int paddingOf(long size) {
        return (int) (-size & (Header.BLOCK - 1));
    }

    private TarEntry entry(char flag, Map<String, byte[]> pax, @Nullable String longName, @Nullable String longLink)
            throws IOException {
        String name = string(pax, "path", longName != null ? longName : ustarName());
        String link = string(pax, "linkpath", longLink != null ? longLink : Header.text(block, Header.LINK_NAME, 100));
        TarType type = type(flag, name);
        long stored = number(pax, "size", Header.number(block, Header.SIZE, 12));
        if (stored < 0) {
            throw new TarException("invalid tar header");
        }
        boolean hasContent = type == TarType.FILE;
        storedLeft = hasContent ? stored : 0;
        padding = hasContent ? paddingOf(stored) : 0;
        long size = storedLeft;
        List<TarEntry.Segment> segments = List.of();
        if (hasContent && flag == 'S') {
            size = Header.number(block, Header.GNU_REAL_SIZE, 12);
            segments = oldSparse();
        } else if (hasContent && pax.containsKey("GNU.sparse.major")) {
            name = string(pax, "GNU.sparse.name", name);
            size = number(pax, "GNU.sparse.realsize", size);
            segments = sparseInContent();
        } else if (hasContent && pax.containsKey("GNU.sparse.map")) {
            name = string(pax, "GNU.sparse.name", name);
            size = number(pax, "GNU.sparse.size", size);
            segments = SparseMap.parse(string(pax, "GNU.sparse.map", "").split(","));
        }
        SparseMap.check(segments, size, storedLeft);
        return new TarEntry(
                name,
                type,
                (int) Header.number(block, Header.MODE, 8) & 07777,
                number(pax, "uid", Header.number(block, Header.UID, 8)),
                number(pax, "gid", Header.number(block, Header.GID, 8)),
                string(pax, "uname", Header.text(block, Header.USER_NAME, 32)),
                string(pax, "gname", Header.text(block, Header.GROUP_NAME, 32)),
                size,
                time(pax),
                type == TarType.HARD_LINK || type == TarType.SYMLINK ? link : "",
                device(type, pax),
                xattrs(pax),
                segments);
    }

    private static TarType type(char flag, String name) throws TarException {
        return switch (flag) {
            case '0', '7', 'S' -> TarType.FILE;
            case 0 -> name.endsWith("/") ? TarType.DIRECTORY : TarType.FILE;
            case '1' -> TarType.HARD_LINK;
            case '2' -> TarType.SYMLINK;
            case '3' -> TarType.CHAR_DEVICE;
            case '4' -> TarType.BLOCK_DEVICE;
            case '5' -> TarType.DIRECTORY;
            case '6' -> TarType.FIFO;
            default -> throw new TarException("unhandled tar header type " + (int) flag);
        };
    }

    private String ustarName() {
        String name = Header.text(block, Header.NAME, 100);
        boolean posix = block[Header.MAGIC + 5] == 0
                && Header.text(block, Header.MAGIC, 6).equals("ustar");
        String prefix = posix ? Header.text(block, Header.PREFIX, 155) : "";
        return prefix.isEmpty() ? name : prefix + "/" + name;
    }

    private TarEntry.Device device(TarType type, Map<String, byte[]> pax) throws TarException {
        if (type != TarType.CHAR_DEVICE && type != TarType.BLOCK_DEVICE) {
            return TarEntry.Device.NONE;
        }
        return new TarEntry.Device(
                (int) number(pax, "SCHILY.devmajor", Header.number(block, Header.DEV_MAJOR, 8)),
                (int) number(pax, "SCHILY.devminor", Header.number(block, Header.DEV_MINOR, 8)));
    }

    private TarEntry.TarTime time(Map<String, byte[]> pax) throws TarException {
        byte[] value = pax.get("mtime");
        return value == null
                ? new TarEntry.TarTime(Header.number(block, Header.MTIME, 12), 0)
                : PaxTime.parse(new String(value, StandardCharsets.UTF_8));
    }

    private static Map<String, byte[]> xattrs(Map<String, byte[]> pax) {
        Map<String, byte[]> found = new HashMap<>();
        pax.forEach((key, value) -> {
            if (key.startsWith(XATTR)) {
                found.put(key.substring(XATTR.length()), value);
            }
        });
        return found;
    }

    private static String string(Map<String, byte[]> pax, String key, String otherwise) {
        byte[] value = pax.get(key);
        return value == null || value.length == 0 ? otherwise : new String(value, StandardCharsets.UTF_8);
    }

    private static long number(Map<String, byte[]> pax, String key, long otherwise) throws TarException {
        byte[] value = pax.get(key);
        return value == null || value.length == 0
                ? otherwise
                : SparseMap.decimal(new String(value, StandardCharsets.UTF_8));
    }

    /** Old GNU format: four segments in the header, more in blocks behind it. */
    private List<TarEntry.Segment> oldSparse() throws IOException {
        List<TarEntry.Segment> segments = new ArrayList<>();
        boolean more = block[Header.GNU_EXTENDED] != 0;
        SparseMap.addGnu(segments, block, Header.GNU_SPARSE, 4);
        byte[] extension = new byte[Header.BLOCK];
        while (more) {
            fill(extension, false);
            SparseMap.addGnu(segments, extension, 0, 21);
            more = extension[504] != 0;
        }
        return segments;
    }

    /** Format 1.0: the map stands before the content, as decimal lines padded to whole blocks. */
    private List<TarEntry.Segment> sparseInContent() throws IOException {
        StringBuilder text = new StringBuilder();
        byte[] piece = new byte[Header.BLOCK];
        long numbers = -1;
        long lines = 0;
        while (numbers < 0 || lines < 1 + numbers * 2) {
            if (storedLeft < Header.BLOCK || text.length() > MAX_EXTENSION) {
                throw new TarException("invalid sparse map");
            }
            fill(piece, false);
            storedLeft -= Header.BLOCK;
            for (byte b : piece) {
                lines += b == '\n' ? 1 : 0;
                text.append((char) b);
            }
            if (numbers < 0 && lines > 0) {
                numbers = SparseMap.decimal(text.substring(0, text.indexOf("\n")));
            }
        }
        String[] all = text.toString().split("\n");
        return SparseMap.parse(Arrays.copyOfRange(all, 1, (int) (1 + numbers * 2)));
    }

    /** Reads stored bytes of the current entry (of a sparse file: without its holes); -1 after the last. */
    public int readStored(ByteBuffer target) throws IOException {
        if (storedLeft == 0) {
            return -1;
        }
        int limit = target.limit();
        target.limit((int) Math.min(limit, target.position() + storedLeft));
        int count = source.read(target);
        target.limit(limit);
        return took(count);
    }

    private int readStored(byte[] target, int offset, int length) throws IOException {
        if (storedLeft == 0) {
            return -1;
        }
        return took(source.read(target, offset, (int) Math.min(length, storedLeft)));
    }

    private int took(int count) throws EOFException {
        if (count < 0) {
            throw new EOFException("unexpected EOF");
        }
        storedLeft -= count;
        return count;
    }

    /** The current entry's content, holes filled with zeros. Valid until the next call of {@link #next}. */
    public InputStream content() {
        TarEntry entry = current;
        if (entry == null) {
            throw new IllegalStateException("no current entry");
        }
        InputStream stored = new InputStream() {
            @Override
            public int read() throws IOException {
                byte[] one = new byte[1];
                return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
            }

            @Override
            public int read(byte[] target, int offset, int length) throws IOException {
                return length == 0 ? 0 : entry == current ? readStored(target, offset, length) : -1;
            }
        };
        return entry.sparse() ? new SparseStream(stored, entry.segments(), entry.size()) : stored;
    }

    private void skipContent() throws IOException {
        skip(storedLeft + padding);
        storedLeft = 0;
        padding = 0;
    }

    private void skip(long count) throws IOException {
        byte[] scratch = block;
        byte[] large = count > Header.BLOCK ? new byte[(int) Math.min(count, 64 * 1024)] : scratch;
        while (count > 0) {
            int read = source.read(large, 0, (int) Math.min(large.length, count));
            if (read < 0) {
                throw new EOFException("unexpected EOF");
            }
            count -= read;
        }
    }
}
