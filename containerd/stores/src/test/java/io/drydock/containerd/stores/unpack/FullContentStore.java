package io.drydock.containerd.stores.unpack;

import io.drydock.containerd.core.ContentStore;
import io.drydock.containerd.core.Filter;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.util.List;
import java.util.Map;

/** A content store whose disk is full: the first write of an ingest says so, and then its file is closed, as after an interrupt. */
record FullContentStore(ContentStore real) implements ContentStore {
    @Override
    public Info info(String namespace, String digest) {
        return real.info(namespace, digest);
    }

    @Override
    public Info updateLabels(String namespace, String digest, Map<String, String> labels, Iterable<String> paths) {
        return real.updateLabels(namespace, digest, labels, paths);
    }

    @Override
    public List<Info> list(String namespace, Filter filter) {
        return real.list(namespace, filter);
    }

    @Override
    public void delete(String namespace, String digest) {
        real.delete(namespace, digest);
    }

    @Override
    public FileChannel open(String namespace, String digest) throws IOException {
        return real.open(namespace, digest);
    }

    @Override
    public Status status(String namespace, String ref) {
        return real.status(namespace, ref);
    }

    @Override
    public List<Status> statuses(String namespace, Filter filter) {
        return real.statuses(namespace, filter);
    }

    @Override
    public void abort(String namespace, String ref) {
        real.abort(namespace, ref);
    }

    @Override
    public Ingest ingest(String namespace, String lease, String ref, long total, String expected) throws IOException {
        return new FullIngest(real.ingest(namespace, lease, ref, total, expected));
    }

    private static final class FullIngest implements Ingest {
        private final Ingest ingest;
        private boolean told;

        FullIngest(Ingest ingest) {
            this.ingest = ingest;
        }

        @Override
        public long offset() {
            return ingest.offset();
        }

        @Override
        public Status status() {
            return ingest.status();
        }

        @Override
        public String digest() {
            return ingest.digest();
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            if (told) {
                throw new ClosedChannelException();
            }
            told = true;
            throw new IOException("No space left on device");
        }

        @Override
        public void restart() throws IOException {
            ingest.restart();
        }

        @Override
        public String commit(long size, String expected, Map<String, String> labels) throws IOException {
            return ingest.commit(size, expected, labels);
        }

        @Override
        public void close() throws IOException {
            ingest.close();
        }
    }
}
