package io.drydock.registry.s3;

import java.net.URI;
import java.util.Map;
import java.util.TreeMap;
import org.gaul.s3proxy.S3Proxy;
import org.gaul.s3proxy.auth.AuthenticationType;
import org.gaul.s3proxy.blobstore.BlobStore;
import org.gaul.s3proxy.nio2blob.TransientNio2BlobStore;

/** Somebody else's S3 in this process, with its objects in memory. */
public final class Proxy implements AutoCloseable {
    private final BlobStore store = new TransientNio2BlobStore();
    private final S3Proxy server;

    public Proxy() throws Exception {
        server = S3Proxy.builder()
                .blobStore(store)
                .awsAuthentication(AuthenticationType.AWS_V2_OR_V4, "me", "secret")
                .endpoint(URI.create("http://127.0.0.1:0"))
                .build();
        server.start();
    }

    /** What {@code storage.s3} has to say for a bucket, which is made. */
    public Map<String, String> bucket(String name) {
        store.createContainer(name);
        return new TreeMap<>(Map.of(
                "region", "us-east-1",
                "bucket", name,
                "regionendpoint", "127.0.0.1:" + server.getPort(),
                "secure", "false",
                "accesskey", "me",
                "secretkey", "secret"));
    }

    /** Whether a bucket has an object of a key. */
    public boolean has(String bucket, String key) {
        return store.blobExists(bucket, key);
    }

    @Override
    public void close() throws Exception {
        server.stop();
    }
}
