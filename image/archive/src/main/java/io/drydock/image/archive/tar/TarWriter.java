package io.drydock.image.archive.tar;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;

/**
 * Writes a tar archive: ustar, with a pax header only for what ustar cannot say. The same entries give the same bytes. Sparse
 * entries are written with their holes as zeros. Not thread-safe.
 */
public final class TarWriter implements Closeable {
    private static final long MAX_OCTAL_7 = 07777777L;
    private static final long MAX_OCTAL_11 = 077777777777L;

    private final OutputStream out;
    private boolean finished;

    /** Writes to the stream, which stays open. */
    public TarWriter(OutputStream out) {
        this.out = out;
    }

    /** Writes an entry without content (anything but a file, or an empty file). */
    public void put(TarEntry entry) throws IOException {
        put(entry, InputStream.nullInputStream());
    }

    /** Writes an entry with this content. */
    public void put(TarEntry entry, byte[] content) throws IOException {
        put(entry, new ByteArrayInputStream(content));
    }

    /**
     * Writes an entry with its content.
     *
     * @throws IOException if the content has not exactly {@link TarEntry#size} bytes; the archive is broken then
     */
    public void put(TarEntry entry, InputStream content) throws IOException {
        Map<String, byte[]> pax = extensions(entry);
        if (!pax.isEmpty()) {
            ByteArrayOutputStream records = new ByteArrayOutputStream();
            pax.forEach((key, value) -> records.writeBytes(PaxRecords.format(key, value)));
            byte[] data = records.toByteArray();
            out.write(paxHeader(entry, data.length));
            out.write(data);
            pad(data.length);
        }
        out.write(header(entry));
        long left = entry.type() == TarType.FILE ? entry.size() : 0;
        byte[] buffer = new byte[(int) Math.min(64 * 1024, Math.max(left, 1))];
        long written = 0;
        while (left > 0) {
            int count = content.read(buffer, 0, (int) Math.min(buffer.length, left));
            if (count < 0) {
                throw new IOException("tar entry " + entry.name() + ": content ended " + left + " bytes early");
            }
            out.write(buffer, 0, count);
            left -= count;
            written += count;
        }
        pad(written);
    }

    private void pad(long size) throws IOException {
        out.write(new byte[(int) (-size & (Header.BLOCK - 1))]);
    }

    private static Map<String, byte[]> extensions(TarEntry entry) {
        Map<String, byte[]> pax = new TreeMap<>();
        if (split(entry.name()) < 0 || !ascii(entry.name())) {
            pax.put("path", utf8(entry.name()));
        }
        if (utf8(entry.linkName()).length > 100 || !ascii(entry.linkName())) {
            pax.put("linkpath", utf8(entry.linkName()));
        }
        number(pax, "size", entry.size(), MAX_OCTAL_11);
        number(pax, "uid", entry.uid(), MAX_OCTAL_7);
        number(pax, "gid", entry.gid(), MAX_OCTAL_7);
        TarEntry.TarTime time = entry.modified();
        if (time.nanos() != 0 || time.seconds() < 0 || time.seconds() > MAX_OCTAL_11) {
            pax.put("mtime", utf8(PaxTime.format(time)));
        }
        name(pax, "uname", entry.userName());
        name(pax, "gname", entry.groupName());
        entry.xattrs().forEach((key, value) -> pax.put("SCHILY.xattr." + key, value));
        return pax;
    }

    private static void number(Map<String, byte[]> pax, String key, long value, long most) {
        if (value < 0 || value > most) {
            pax.put(key, utf8(Long.toString(value)));
        }
    }

    private static void name(Map<String, byte[]> pax, String key, String value) {
        if (utf8(value).length > 31 || !ascii(value)) {
            pax.put(key, utf8(value));
        }
    }

    /** Where a name is cut into ustar's prefix and name: 0 if it fits whole, -1 if it cannot be. */
    private static int split(String name) {
        int length = utf8(name).length;
        if (length <= 100) {
            return 0;
        }
        for (int slash = name.indexOf('/'); slash >= 0 && slash <= 155; slash = name.indexOf('/', slash + 1)) {
            int rest = length - slash - 1;
            if (slash > 0 && rest > 0 && rest <= 100) {
                return slash;
            }
        }
        return -1;
    }

    private static boolean ascii(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) >= 0x80) {
                return false;
            }
        }
        return true;
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] paxHeader(TarEntry entry, int size) {
        String name = entry.name();
        String base = name.substring(name.lastIndexOf('/', name.length() - 2) + 1);
        byte[] short100 = utf8("PaxHeaders.0/" + base);
        byte[] block = new byte[Header.BLOCK];
        System.arraycopy(short100, 0, block, 0, Math.min(100, short100.length));
        octal(block, Header.MODE, 8, 0);
        octal(block, Header.UID, 8, 0);
        octal(block, Header.GID, 8, 0);
        octal(block, Header.SIZE, 12, size);
        octal(block, Header.MTIME, 12, 0);
        block[Header.TYPE] = 'x';
        return finish(block);
    }

    private static byte[] header(TarEntry entry) {
        byte[] block = new byte[Header.BLOCK];
        int cut = split(entry.name());
        if (cut > 0) {
            text(block, Header.PREFIX, 155, entry.name().substring(0, cut));
            text(block, Header.NAME, 100, entry.name().substring(cut + 1));
        } else {
            text(block, Header.NAME, 100, entry.name());
        }
        text(block, Header.LINK_NAME, 100, entry.linkName());
        octal(block, Header.MODE, 8, entry.mode());
        octal(block, Header.UID, 8, fitting(entry.uid(), MAX_OCTAL_7));
        octal(block, Header.GID, 8, fitting(entry.gid(), MAX_OCTAL_7));
        octal(block, Header.SIZE, 12, fitting(entry.type() == TarType.FILE ? entry.size() : 0, MAX_OCTAL_11));
        octal(block, Header.MTIME, 12, fitting(entry.modified().seconds(), MAX_OCTAL_11));
        block[Header.TYPE] = (byte) entry.type().flag();
        text(block, Header.USER_NAME, 31, entry.userName());
        text(block, Header.GROUP_NAME, 31, entry.groupName());
        octal(block, Header.DEV_MAJOR, 8, entry.device().major());
        octal(block, Header.DEV_MINOR, 8, entry.device().minor());
        return finish(block);
    }

    private static long fitting(long value, long most) {
        return value < 0 || value > most ? 0 : value;
    }

    private static void text(byte[] block, int offset, int length, String text) {
        byte[] bytes = utf8(text);
        System.arraycopy(bytes, 0, block, offset, Math.min(length, bytes.length));
    }

    private static void octal(byte[] block, int offset, int length, long value) {
        for (int i = offset + length - 2; i >= offset; i--) {
            block[i] = (byte) ('0' + (value & 7));
            value >>>= 3;
        }
    }

    private static byte[] finish(byte[] block) {
        text(block, Header.MAGIC, 8, "ustar\00000");
        Arrays.fill(block, Header.CHECKSUM, Header.CHECKSUM + 8, (byte) ' ');
        long sum = 0;
        for (byte b : block) {
            sum += b & 0xff;
        }
        octal(block, Header.CHECKSUM, 7, sum);
        block[Header.CHECKSUM + 6] = 0;
        return block;
    }

    /** Writes the end mark. Closing without it leaves an archive that readers see as cut. */
    public void finish() throws IOException {
        if (!finished) {
            finished = true;
            out.write(new byte[2 * Header.BLOCK]);
            out.flush();
        }
    }

    /** Does nothing to the stream below; {@link #finish} ends the archive. */
    @Override
    public void close() throws IOException {
        out.flush();
    }
}
