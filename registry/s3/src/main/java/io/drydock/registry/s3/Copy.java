package io.drydock.registry.s3;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import software.amazon.awssdk.services.s3.model.CompletedPart;

/** Copies inside a bucket, which no byte leaves. */
final class Copy {
    private Copy() {}

    /** @param size of the object, in bytes */
    static void of(Bucket bucket, String from, String to, long size) throws IOException {
        var settings = bucket.settings();
        if (size > settings.copyThreshold()) {
            inParts(bucket, from, to, size);
            return;
        }
        bucket.ask(
                "copy " + from,
                s3 -> s3.copyObject(r -> r.sourceBucket(settings.bucket())
                        .sourceKey(bucket.key(from))
                        .destinationBucket(settings.bucket())
                        .destinationKey(bucket.key(to))
                        .serverSideEncryption(bucket.encryption())
                        .ssekmsKeyId(bucket.keyId())
                        .acl(settings.acl())
                        .storageClass(settings.storageClass())));
    }

    private static void inParts(Bucket bucket, String from, String to, long size) throws IOException {
        var target = Multipart.begin(bucket, to);
        boolean done = false;
        try {
            target.complete(parts(bucket, target, from, size), size);
            done = true;
        } finally {
            if (!done) {
                target.abort();
            }
        }
    }

    private static ArrayList<CompletedPart> parts(Bucket bucket, Multipart target, String from, long size)
            throws IOException {
        long length = bucket.settings().copyChunk();
        var tasks = new ArrayList<Callable<CompletedPart>>();
        for (long begin = 0; begin < size; begin += length) {
            long first = begin;
            int number = tasks.size() + 1;
            tasks.add(() -> target.copied(from, number, first, Math.min(size, first + length)));
        }
        int threads = Math.min(bucket.settings().copiesAtOnce(), tasks.size());
        try (var pool = Executors.newFixedThreadPool(threads, Thread.ofVirtual().factory())) {
            var parts = new ArrayList<CompletedPart>();
            for (Future<CompletedPart> part : pool.invokeAll(tasks)) {
                parts.add(part.get());
            }
            return parts;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted");
        } catch (ExecutionException e) {
            throw new IOException("copy " + from + ": " + e.getCause().getMessage(), e.getCause());
        }
    }
}
