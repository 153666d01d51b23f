package io.drydock.containerd.server.tasks;

import com.google.protobuf.InvalidProtocolBufferException;
import io.drydock.spec.containerd.runtime.bootstrap.v1.BootstrapResult;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * How to reach a shim.
 *
 * @param version of the task API, 2 or 3
 * @param address {@code unix:///path}
 */
record ShimAddress(int version, String address) {
    private static final String SCHEME = "unix://";

    /**
     * Reads what a shim's {@code start} wrote: a protobuf (containerd 2.3 and later), JSON (1.7 and later) or the bare
     * address.
     *
     * @throws IllegalArgumentException if it is none of them, or not a unix socket that speaks ttrpc
     */
    static ShimAddress parse(byte[] output) {
        String text = new String(output, StandardCharsets.UTF_8).strip();
        if (text.startsWith("{")) {
            return ttrpc(number(text, "version"), field(text, "address"), field(text, "protocol"));
        }
        if (text.startsWith(SCHEME)) {
            return new ShimAddress(2, text);
        }
        try {
            BootstrapResult result = BootstrapResult.parseFrom(output);
            return ttrpc(result.getVersion(), result.getAddress(), result.getProtocol());
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalArgumentException("the shim answered \"" + text + "\" instead of an address", e);
        }
    }

    private static ShimAddress ttrpc(int version, @Nullable String address, @Nullable String protocol) {
        if (address == null || !address.startsWith(SCHEME) || !"ttrpc".equals(protocol)) {
            throw new IllegalArgumentException(
                    "the shim wants " + protocol + " on " + address + ", only ttrpc on a unix socket is spoken");
        }
        return new ShimAddress(version, address);
    }

    static ShimAddress of(Path socket) {
        return new ShimAddress(3, SCHEME + socket);
    }

    Path socket() {
        return Path.of(address.substring(SCHEME.length()));
    }

    /** The form {@code bootstrap.json} has. */
    String json() {
        return "{\"version\":" + version + ",\"address\":\"" + address + "\",\"protocol\":\"ttrpc\"}";
    }

    /** A string field of a flat object; addresses and protocols need no escapes. */
    private static @Nullable String field(String json, String name) {
        int key = json.indexOf('"' + name + '"');
        int open = key < 0 ? -1 : json.indexOf('"', json.indexOf(':', key) + 1);
        int close = open < 0 ? -1 : json.indexOf('"', open + 1);
        return close < 0 ? null : json.substring(open + 1, close);
    }

    private static int number(String json, String name) {
        int key = json.indexOf('"' + name + '"');
        int value = 0;
        for (int i = key < 0 ? json.length() : json.indexOf(':', key) + 1; i < json.length(); i++) {
            char c = json.charAt(i);
            if (Character.isDigit(c)) {
                value = value * 10 + c - '0';
            } else if (c != ' ') {
                break;
            }
        }
        return value;
    }
}
