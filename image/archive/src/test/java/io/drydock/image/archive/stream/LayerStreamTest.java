package io.drydock.image.archive.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.luben.zstd.Zstd;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class LayerStreamTest {
    private final byte[] content = content();

    private static byte[] content() {
        byte[] bytes = new byte[3_000_000];
        new Random(3).nextBytes(bytes);
        Arrays.fill(bytes, 500_000, 2_000_000, (byte) 7);
        return bytes;
    }

    private static byte[] gzip(byte[] bytes) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(bytes);
        }
        return out.toByteArray();
    }

    private static byte[] concat(byte[] a, byte[] b) {
        byte[] all = Arrays.copyOf(a, a.length + b.length);
        System.arraycopy(b, 0, all, a.length, b.length);
        return all;
    }

    private void reads(byte[] blob) throws Exception {
        try (LayerStream stream = new LayerStream(new ByteArrayInputStream(blob), Long.MAX_VALUE)) {
            byte[] first = new byte[1_000_000];
            int have = 0;
            while (have < first.length) {
                have += stream.read(first, have, first.length - have);
            }
            assertThat(first).isEqualTo(Arrays.copyOf(content, first.length));
            LayerStream.Finished finished = stream.finish();
            assertThat(finished.size()).isEqualTo(content.length);
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(content);
            assertThat(finished.diffId()).isEqualTo("sha256:" + HexFormat.of().formatHex(digest));
        }
    }

    @Test
    void plainGzipMembersAndZstd() throws Exception {
        reads(content);
        reads(gzip(content));
        reads(concat(gzip(Arrays.copyOf(content, 100)), gzip(Arrays.copyOfRange(content, 100, content.length))));
        reads(Zstd.compress(content));
        byte[] skippable = {0x50, 0x2a, 0x4d, 0x18, 3, 0, 0, 0, 1, 2, 3};
        reads(concat(skippable, Zstd.compress(content)));
    }

    @Test
    void brokenStreamsFail() throws Exception {
        byte[] good = gzip(content);
        byte[] flipped = good.clone();
        flipped[flipped.length - 6] ^= 1;
        for (byte[] bad : new byte[][] {
            Arrays.copyOf(good, good.length - 1), flipped, concat(good, new byte[] {1}), {0x1f, (byte) 0x8b}
        }) {
            assertThatThrownBy(() -> reads(bad)).isInstanceOf(IOException.class);
        }
        byte[] zstd = Zstd.compress(content);
        assertThatThrownBy(() -> reads(Arrays.copyOf(zstd, zstd.length - 5))).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> reads(new byte[] {'B', 'Z', 'h', '9', 1, 2, 3}))
                .hasMessageContaining("unsupported compression bzip2");
    }

    @Test
    void theLimitHolds() {
        assertThatThrownBy(() -> {
                    try (LayerStream stream = new LayerStream(new ByteArrayInputStream(content), 1_000_000)) {
                        stream.finish();
                    }
                })
                .hasMessageContaining("larger than 1000000 bytes");
    }

    @Test
    void closingEarlyEndsTheThreadsAndLeavesTheBlobOpen() {
        boolean[] closed = new boolean[1];
        InputStream endless = new InputStream() {
            @Override
            public int read() {
                return 1;
            }

            @Override
            public int read(byte[] target, int offset, int length) {
                return length;
            }

            @Override
            public void close() {
                closed[0] = true;
            }
        };
        new LayerStream(endless, Long.MAX_VALUE).close();
        assertThat(closed[0]).isFalse();
    }
}
