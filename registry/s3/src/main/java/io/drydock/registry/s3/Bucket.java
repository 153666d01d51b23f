package io.drydock.registry.s3;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3Configuration;
import software.amazon.awssdk.services.s3.model.Delete;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.ObjectIdentifier;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.ServerSideEncryption;
import software.amazon.awssdk.services.s3.presigner.S3Presigner;

/** The requests to one bucket, by path below its root directory. What the store refuses is an IOException. Safe for threads. */
final class Bucket implements AutoCloseable {
    /** S3 deletes and lists no more at once. */
    private static final int MOST = 1000;

    /** Which write of a small object it comes from. */
    private static final String WRITE = "drydock-write";

    private final S3Settings settings;
    private final int page;
    private final S3Client client;
    private final S3Presigner presigner;

    Bucket(S3Settings settings) {
        this(settings, MOST);
    }

    /** @param page how many names are listed, and objects deleted, at once; at most {@link #MOST} */
    Bucket(S3Settings settings, int page) {
        this.settings = settings;
        this.page = page;
        var configuration = S3Configuration.builder()
                .pathStyleAccessEnabled(settings.pathStyle())
                .accelerateModeEnabled(settings.accelerate())
                .build();
        var client = S3Client.builder()
                .httpClientBuilder(UrlConnectionHttpClient.builder())
                .region(Region.of(settings.region()))
                .credentialsProvider(credentials(settings))
                .dualstackEnabled(settings.dualStack())
                // what is a blob has a digest of its own, and not every store knows the newer checksums
                .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
                .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED)
                .serviceConfiguration(configuration);
        var presigner = S3Presigner.builder()
                .region(Region.of(settings.region()))
                .credentialsProvider(credentials(settings))
                .dualstackEnabled(settings.dualStack())
                .serviceConfiguration(configuration);
        if (settings.endpoint() != null) {
            client.endpointOverride(settings.endpoint());
            presigner.endpointOverride(settings.endpoint());
        }
        this.client = client.build();
        this.presigner = presigner.build();
    }

    private static AwsCredentialsProvider credentials(S3Settings settings) {
        if (settings.accessKey().isEmpty()) {
            return DefaultCredentialsProvider.builder().build();
        }
        return StaticCredentialsProvider.create(
                settings.sessionToken().isEmpty()
                        ? AwsBasicCredentials.create(settings.accessKey(), settings.secretKey())
                        : AwsSessionCredentials.create(
                                settings.accessKey(), settings.secretKey(), settings.sessionToken()));
    }

    S3Settings settings() {
        return settings;
    }

    int page() {
        return page;
    }

    /** The key of a path. */
    String key(String path) {
        return settings.root().isEmpty() ? path : settings.root() + "/" + path;
    }

    /** A request, whose failure is said with what it was for. */
    interface Request<T> {
        T run(S3Client client) throws SdkException;
    }

    <T> T ask(String what, Request<T> request) throws IOException {
        try {
            return request.run(client);
        } catch (SdkException e) {
            throw new IOException(what + ": " + e.getMessage(), e);
        }
    }

    /** As {@link #ask}, where 404 is an answer: empty. */
    <T> Optional<T> find(String what, Request<T> request) throws IOException {
        try {
            return Optional.of(request.run(client));
        } catch (S3Exception e) {
            if (e.statusCode() == 404) {
                return Optional.empty();
            }
            throw new IOException(what + ": " + e.getMessage(), e);
        } catch (SdkException e) {
            throw new IOException(what + ": " + e.getMessage(), e);
        }
    }

    Optional<HeadObjectResponse> head(String path) throws IOException {
        return find(
                "head " + path,
                s3 -> s3.headObject(r -> r.bucket(settings.bucket()).key(key(path))));
    }

    /** A part of an object. The caller closes it. */
    InputStream stream(String path, long offset, long count) throws IOException {
        var in = ask(
                "get " + path,
                s3 -> s3.getObject(r -> r.bucket(settings.bucket())
                        .key(key(path))
                        .range("bytes=" + offset + "-" + (offset + count - 1))));
        return new Download(in);
    }

    /** An object as a whole, with what says which version of it this is. */
    record Small(byte[] bytes, String tag) {}

    Optional<Small> get(String path) throws IOException {
        return find(
                        "get " + path,
                        s3 -> s3.getObjectAsBytes(
                                r -> r.bucket(settings.bucket()).key(key(path))))
                .map(found -> new Small(found.asByteArray(), found.response().eTag()));
    }

    private PutObjectRequest.Builder put(String path) {
        var request = PutObjectRequest.builder().bucket(settings.bucket()).key(key(path));
        request.contentType("application/octet-stream")
                .serverSideEncryption(encryption())
                .ssekmsKeyId(keyId())
                .acl(settings.acl())
                .storageClass(settings.storageClass());
        return request;
    }

    @Nullable
    ServerSideEncryption encryption() {
        return !settings.encrypt()
                ? null
                : settings.keyId().isEmpty() ? ServerSideEncryption.AES256 : ServerSideEncryption.AWS_KMS;
    }

    @Nullable
    String keyId() {
        return settings.encrypt() && !settings.keyId().isEmpty() ? settings.keyId() : null;
    }

    void put(String path, RequestBody body) throws IOException {
        ask("put " + path, s3 -> s3.putObject(put(path).build(), body));
    }

    /**
     * Puts an object in place of one version, or of none.
     *
     * @param tag the version's; empty for none
     * @return false if it is another one now
     */
    boolean putIf(String path, Optional<String> tag, byte[] bytes) throws IOException {
        var request = put(path);
        tag.ifPresentOrElse(request::ifMatch, () -> request.ifNoneMatch("*"));
        var mine = UUID.randomUUID().toString();
        request.metadata(Map.of(WRITE, mine));
        try {
            client.putObject(request.build(), RequestBody.fromBytes(bytes));
            return true;
        } catch (S3Exception e) {
            // 404: what was to be replaced is gone; 409: somebody else writes at this moment
            if (e.statusCode() == 412 || e.statusCode() == 409 || e.statusCode() == 404 && tag.isPresent()) {
                // a request whose answer was lost is sent again, and then refused because of itself
                return head(path)
                        .map(now -> mine.equals(now.metadata().get(WRITE)))
                        .orElse(false);
            }
            throw new IOException("put " + path + ": " + e.getMessage(), e);
        } catch (SdkException e) {
            throw new IOException("put " + path + ": " + e.getMessage(), e);
        }
    }

    /** Removes objects, no more than a page has; those that are not there do not matter. */
    void delete(List<String> keys) throws IOException {
        var all = keys.stream()
                .map(key -> ObjectIdentifier.builder().key(key).build())
                .toList();
        var refused = ask(
                        "delete " + keys.getFirst(),
                        s3 -> s3.deleteObjects(r -> r.bucket(settings.bucket())
                                .delete(Delete.builder()
                                        .objects(all)
                                        .quiet(true)
                                        .build())))
                .errors();
        if (!refused.isEmpty()) {
            throw new IOException("delete " + refused.getFirst().key() + ": "
                    + refused.getFirst().message());
        }
    }

    /**
     * A page of what is below a path, which ends with a slash.
     *
     * @param flat whether all objects, or else the names up to the next slash
     * @param after the keys behind this one; null for all
     * @param token of the page before, which decides where it goes on; null for the first
     */
    ListObjectsV2Response list(String prefix, boolean flat, @Nullable String after, @Nullable String token, int most)
            throws IOException {
        return ask(
                "list " + prefix,
                s3 -> s3.listObjectsV2(r -> r.bucket(settings.bucket())
                        .prefix(key(prefix))
                        .delimiter(flat ? null : "/")
                        .startAfter(after)
                        .continuationToken(token)
                        .maxKeys(Math.min(most, page))));
    }

    /** An address of an object for a while. */
    URI address(String path, String method, Duration lifetime) {
        var signed = method.equals("HEAD")
                ? presigner
                        .presignHeadObject(r -> r.signatureDuration(lifetime)
                                .headObjectRequest(
                                        head -> head.bucket(settings.bucket()).key(key(path))))
                        .url()
                : presigner
                        .presignGetObject(r -> r.signatureDuration(lifetime)
                                .getObjectRequest(
                                        get -> get.bucket(settings.bucket()).key(key(path))))
                        .url();
        return URI.create(signed.toString());
    }

    @Override
    public void close() {
        presigner.close();
        client.close();
    }

    /** An answer that is cut off when nobody wants its rest, and not read to its end. */
    private static final class Download extends FilterInputStream {
        private final ResponseInputStream<GetObjectResponse> response;
        private boolean ended;

        Download(ResponseInputStream<GetObjectResponse> response) {
            super(response);
            this.response = response;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            int n = super.read(buffer, offset, length);
            ended |= n < 0;
            return n;
        }

        @Override
        public void close() throws IOException {
            if (!ended) {
                response.abort();
            }
            super.close();
        }
    }
}
