package io.drydock.registry.s3;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.model.CompletedPart;

/** A multipart upload under way: an object that appears when it is completed. Belongs to one thread at a time. */
final class Multipart {
    private final Bucket bucket;
    private final String path;
    private final String id;
    private final List<CompletedPart> parts;
    private long size;

    private Multipart(Bucket bucket, String path, String id, List<CompletedPart> parts, long size) {
        this.bucket = bucket;
        this.path = path;
        this.id = id;
        this.parts = parts;
        this.size = size;
    }

    static Multipart begin(Bucket bucket, String path) throws IOException {
        var settings = bucket.settings();
        var begun = bucket.ask(
                "upload " + path,
                s3 -> s3.createMultipartUpload(r -> r.bucket(settings.bucket())
                        .key(bucket.key(path))
                        .contentType("application/octet-stream")
                        .serverSideEncryption(bucket.encryption())
                        .ssekmsKeyId(bucket.keyId())
                        .acl(settings.acl())
                        .storageClass(settings.storageClass())));
        return new Multipart(bucket, path, begun.uploadId(), new ArrayList<>(), 0);
    }

    /** One that another writer has begun; empty if there is none of that id any more. */
    static Optional<Multipart> find(Bucket bucket, String path, String id) throws IOException {
        var parts = new ArrayList<CompletedPart>();
        long size = 0;
        int marker = 0;
        while (true) {
            int after = marker;
            var page = bucket.find(
                    "list parts of " + path,
                    s3 -> s3.listParts(r -> r.bucket(bucket.settings().bucket())
                            .key(bucket.key(path))
                            .uploadId(id)
                            .partNumberMarker(after)));
            if (page.isEmpty()) {
                return Optional.empty();
            }
            for (var part : page.get().parts()) {
                parts.add(CompletedPart.builder()
                        .partNumber(part.partNumber())
                        .eTag(part.eTag())
                        .build());
                size += part.size();
                marker = part.partNumber();
            }
            if (!Boolean.TRUE.equals(page.get().isTruncated())) {
                return Optional.of(new Multipart(bucket, path, id, parts, size));
            }
        }
    }

    String id() {
        return id;
    }

    /** Bytes in the parts. */
    long size() {
        return size;
    }

    void add(RequestBody body, long length) throws IOException {
        int number = parts.size() + 1;
        var done = bucket.ask(
                "upload " + path,
                s3 -> s3.uploadPart(
                        r -> r.bucket(bucket.settings().bucket())
                                .key(bucket.key(path))
                                .uploadId(id)
                                .partNumber(number)
                                .contentLength(length),
                        body));
        parts.add(CompletedPart.builder().partNumber(number).eTag(done.eTag()).build());
        size += length;
    }

    /** One part as a copy of bytes of another object; parts may be copied at the same time. */
    CompletedPart copied(String from, int number, long begin, long end) throws IOException {
        var done = bucket.ask(
                "copy " + from,
                s3 -> s3.uploadPartCopy(r -> r.sourceBucket(bucket.settings().bucket())
                        .sourceKey(bucket.key(from))
                        .copySourceRange("bytes=" + begin + "-" + (end - 1))
                        .destinationBucket(bucket.settings().bucket())
                        .destinationKey(bucket.key(path))
                        .uploadId(id)
                        .partNumber(number)));
        return CompletedPart.builder()
                .partNumber(number)
                .eTag(done.copyPartResult().eTag())
                .build();
    }

    void complete() throws IOException {
        complete(parts, size);
    }

    /**
     * Makes the object of parts, some of which others may have sent.
     *
     * @param total bytes in all of them
     */
    void complete(List<CompletedPart> all, long total) throws IOException {
        var done = bucket.find(
                "complete " + path,
                s3 -> s3.completeMultipartUpload(r -> r.bucket(bucket.settings().bucket())
                        .key(bucket.key(path))
                        .uploadId(id)
                        .multipartUpload(u -> u.parts(all))));
        // a request whose answer was lost is sent again, and then there is no such upload any more
        if (done.isEmpty()
                && bucket.head(path).filter(now -> now.contentLength() == total).isEmpty()) {
            throw new IOException("complete " + path + ": the upload is gone");
        }
    }

    void abort() throws IOException {
        bucket.find(
                "abort " + path,
                s3 -> s3.abortMultipartUpload(r -> r.bucket(bucket.settings().bucket())
                        .key(bucket.key(path))
                        .uploadId(id)));
    }
}
