package io.drydock.image.archive.tar;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/** The records of a pax extended header: {@code LENGTH KEY=VALUE\n}. Values are bytes: extended attributes are binary. */
final class PaxRecords {
    private PaxRecords() {}

    static Map<String, byte[]> parse(byte[] data) throws TarException {
        Map<String, byte[]> records = new LinkedHashMap<>();
        int at = 0;
        while (at < data.length) {
            int space = at;
            long length = 0;
            while (space < data.length && data[space] >= '0' && data[space] <= '9' && space - at < 10) {
                length = length * 10 + data[space] - '0';
                space++;
            }
            int end = (int) Math.min(at + length, Integer.MAX_VALUE);
            if (space == at
                    || space >= data.length
                    || data[space] != ' '
                    || end > data.length
                    || end <= space + 1
                    || data[end - 1] != '\n') {
                throw new TarException("invalid tar header");
            }
            int equals = space + 1;
            while (equals < end && data[equals] != '=') {
                equals++;
            }
            if (equals >= end - 1 || equals == space + 1) {
                throw new TarException("invalid tar header");
            }
            String key = new String(data, space + 1, equals - space - 1, StandardCharsets.UTF_8);
            byte[] value = Arrays.copyOfRange(data, equals + 1, end - 1);
            if (key.equals("GNU.sparse.offset") || key.equals("GNU.sparse.numbytes")) {
                // format 0.0 repeats these two: gather them as format 0.1 writes them
                records.merge("GNU.sparse.map", value, PaxRecords::joined);
            } else {
                records.put(key, value);
            }
            at = end;
        }
        return records;
    }

    private static byte[] joined(byte[] list, byte[] number) {
        byte[] both = Arrays.copyOf(list, list.length + 1 + number.length);
        both[list.length] = ',';
        System.arraycopy(number, 0, both, list.length + 1, number.length);
        return both;
    }

    /** One record; its length counts its own digits. */
    static byte[] format(String key, byte[] value) {
        int body = key.getBytes(StandardCharsets.UTF_8).length + value.length + 3;
        int length = body + Integer.toString(body).length();
        if (body + Integer.toString(length).length() != length) {
            length = body + Integer.toString(length).length();
        }
        byte[] start = (length + " " + key + "=").getBytes(StandardCharsets.UTF_8);
        byte[] record = Arrays.copyOf(start, length);
        System.arraycopy(value, 0, record, start.length, value.length);
        record[length - 1] = '\n';
        return record;
    }
}
