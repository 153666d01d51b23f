package io.drydock.docker.engine.network.dns;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Answers of other name servers, for as long as they say, and at most an hour. Safe for several threads. */
final class Cache {
    private static final int MOST = 2000;
    private static final int LONGEST_SECONDS = 3600;
    private static final int LONGEST_DENIAL_SECONDS = 30;
    private static final int TYPE_OPTIONS = 41;

    private final LongSupplier nanoTime;
    private final Map<String, Entry> entries = new LinkedHashMap<>(16, 0.75f, true);

    private record Entry(byte[] response, List<Integer> lifetimes, long since, long seconds) {}

    Cache(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /** What is kept for the same question to the same servers, with the question's id and what is left of its lifetimes. */
    byte @Nullable [] find(List<String> servers, Question question) {
        Entry entry;
        synchronized (entries) {
            entry = entries.get(key(servers, question));
        }
        if (entry == null) {
            return null;
        }
        long age = (nanoTime.getAsLong() - entry.since()) / 1_000_000_000L;
        if (age >= entry.seconds()) {
            return null;
        }
        var response = ByteBuffer.wrap(entry.response().clone());
        response.putShort(0, (short) question.id());
        for (int at : entry.lifetimes()) {
            response.putInt(at, (int) Math.max(0, response.getInt(at) - age));
        }
        return response.array();
    }

    /** Keeps an answer, if it is one that may be kept. */
    void keep(List<String> servers, Question question, byte[] response) {
        int code = response[3] & 0xf;
        boolean truncated = (response[2] & 0x2) != 0;
        if (truncated || code != Response.NO_ERROR && code != Response.NO_SUCH_NAME) {
            return;
        }
        var lifetimes = new ArrayList<Integer>();
        if (!collect(response, lifetimes)) {
            return;
        }
        var buffer = ByteBuffer.wrap(response);
        boolean denial = buffer.getShort(6) == 0;
        long seconds = denial ? LONGEST_DENIAL_SECONDS : LONGEST_SECONDS;
        for (int at : lifetimes) {
            seconds = Math.min(seconds, buffer.getInt(at) & 0xffffffffL);
        }
        if (lifetimes.isEmpty() || seconds == 0) {
            return;
        }
        synchronized (entries) {
            entries.put(key(servers, question), new Entry(response.clone(), lifetimes, nanoTime.getAsLong(), seconds));
            if (entries.size() > MOST) {
                entries.remove(entries.keySet().iterator().next());
            }
        }
    }

    /** Everything but the id says what was asked, and how. */
    private static String key(List<String> servers, Question question) {
        var message = question.message();
        return servers + " " + new String(message, 2, message.length - 2, StandardCharsets.ISO_8859_1);
    }

    /** Where the lifetimes of the records stand; false if the message cannot be understood. */
    private static boolean collect(byte[] message, List<Integer> lifetimes) {
        var buffer = ByteBuffer.wrap(message);
        int records = 0;
        for (int section = 6; section < 12; section += 2) {
            records += buffer.getShort(section) & 0xffff;
        }
        int at = skipName(message, 12) + 4;
        for (int i = 0; i < records; i++) {
            at = skipName(message, at);
            if (at < 0 || at + 10 > message.length) {
                return false;
            }
            if ((buffer.getShort(at) & 0xffff) != TYPE_OPTIONS) {
                lifetimes.add(at + 4);
            }
            at += 10 + (buffer.getShort(at + 8) & 0xffff);
        }
        return at <= message.length;
    }

    private static int skipName(byte[] message, int from) {
        int at = from;
        while (at >= 0 && at < message.length) {
            int length = message[at] & 0xff;
            if (length == 0) {
                return at + 1;
            }
            if (length >= 0xc0) {
                return at + 2;
            }
            at += length + 1;
        }
        return Integer.MIN_VALUE;
    }
}
