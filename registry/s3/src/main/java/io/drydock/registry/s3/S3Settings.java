package io.drydock.registry.s3;

import java.net.URI;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.s3.model.ObjectCannedACL;
import software.amazon.awssdk.services.s3.model.StorageClass;

/**
 * What {@code storage.s3} says, in the keys of Docker's registry.
 *
 * @param endpoint another place than Amazon's; null for that
 * @param accessKey empty for the credentials that the SDK finds: environment, profile, the machine's role
 * @param root before all keys, without slashes at its ends; may be empty
 * @param chunk bytes of a part of what is uploaded, at least 5 MiB
 * @param copyThreshold bytes; what is larger is copied in parts
 * @param copyChunk bytes of a part of what is copied
 * @param copiesAtOnce how many parts are copied at a time
 * @param keyId the key of the key management service that encrypts; empty for the store's own
 */
record S3Settings(
        String bucket,
        String region,
        @Nullable URI endpoint,
        String accessKey,
        String secretKey,
        String sessionToken,
        String root,
        boolean pathStyle,
        boolean accelerate,
        boolean dualStack,
        int chunk,
        long copyThreshold,
        long copyChunk,
        int copiesAtOnce,
        boolean encrypt,
        String keyId,
        @Nullable StorageClass storageClass,
        @Nullable ObjectCannedACL acl) {
    private static final long MIB = 1024 * 1024;
    /** S3 takes no smaller part but the last one. */
    static final long SMALLEST_PART = 5 * MIB;

    private static final long LARGEST_COPY = 5 * 1024 * MIB;
    private static final List<String> KEYS = List.of(
            "accesskey",
            "secretkey",
            "sessiontoken",
            "region",
            "regionendpoint",
            "bucket",
            "rootdirectory",
            "encrypt",
            "keyid",
            "secure",
            "v4auth",
            "forcepathstyle",
            "accelerate",
            "usedualstack",
            "chunksize",
            "multipartcopychunksize",
            "multipartcopymaxconcurrency",
            "multipartcopythresholdsize",
            "storageclass",
            "objectacl");

    /** @throws IllegalArgumentException when a parameter is missing, unknown or malformed */
    static S3Settings of(Map<String, String> given) {
        for (var name : given.keySet()) {
            if (!KEYS.contains(name)) {
                throw new IllegalArgumentException("configuration: storage.s3." + name + " is not supported");
            }
        }
        var region = given.getOrDefault("region", "");
        var bucket = given.getOrDefault("bucket", "");
        if (region.isEmpty()) {
            throw new IllegalArgumentException("no region parameter provided");
        }
        if (bucket.isEmpty()) {
            throw new IllegalArgumentException("no bucket parameter provided");
        }
        if (!flag(given, "v4auth", true)) {
            throw new IllegalArgumentException("configuration: storage.s3.v4auth: only true is supported");
        }
        var secret = given.getOrDefault("secretkey", "");
        if (given.getOrDefault("accesskey", "").isEmpty() != secret.isEmpty()) {
            throw new IllegalArgumentException("configuration: storage.s3: accesskey and secretkey go together");
        }
        return new S3Settings(
                bucket,
                region,
                endpoint(given.getOrDefault("regionendpoint", ""), flag(given, "secure", true)),
                given.getOrDefault("accesskey", ""),
                secret,
                given.getOrDefault("sessiontoken", ""),
                given.getOrDefault("rootdirectory", "").replaceAll("^/+|/+$", ""),
                flag(given, "forcepathstyle", true),
                flag(given, "accelerate", false),
                flag(given, "usedualstack", false),
                (int) number(given, "chunksize", 10 * MIB, SMALLEST_PART, 512 * MIB),
                number(given, "multipartcopythresholdsize", 32 * MIB, 0, LARGEST_COPY),
                number(given, "multipartcopychunksize", 32 * MIB, SMALLEST_PART, LARGEST_COPY),
                (int) number(given, "multipartcopymaxconcurrency", 100, 1, 10_000),
                flag(given, "encrypt", false),
                given.getOrDefault("keyid", ""),
                storageClass(given.getOrDefault("storageclass", "")),
                acl(given.getOrDefault("objectacl", "")));
    }

    private static @Nullable URI endpoint(String text, boolean secure) {
        if (text.isEmpty()) {
            return null;
        }
        return URI.create(text.contains("://") ? text : (secure ? "https://" : "http://") + text);
    }

    private static boolean flag(Map<String, String> given, String name, boolean otherwise) {
        return switch (given.getOrDefault(name, "")) {
            case "" -> otherwise;
            case "true" -> true;
            case "false" -> false;
            default -> throw new IllegalArgumentException("the " + name + " parameter should be a boolean");
        };
    }

    private static long number(Map<String, String> given, String name, long otherwise, long least, long most) {
        var text = given.getOrDefault(name, "");
        try {
            long value = text.isEmpty() ? otherwise : Long.parseLong(text);
            if (value >= least && value <= most) {
                return value;
            }
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(name + " parameter must be an integer, " + text + " invalid", e);
        }
        throw new IllegalArgumentException("the " + name + " " + text + " parameter should be a number between " + least
                + " and " + most + " (inclusive)");
    }

    private static @Nullable StorageClass storageClass(String text) {
        if (text.isEmpty() || text.equals("NONE")) {
            return null;
        }
        var known = StorageClass.fromValue(text);
        if (known == StorageClass.UNKNOWN_TO_SDK_VERSION) {
            throw new IllegalArgumentException("the storageclass parameter is none that S3 has: " + text);
        }
        return known;
    }

    private static @Nullable ObjectCannedACL acl(String text) {
        if (text.isEmpty()) {
            return null;
        }
        var known = ObjectCannedACL.fromValue(text);
        if (known == ObjectCannedACL.UNKNOWN_TO_SDK_VERSION) {
            throw new IllegalArgumentException("the objectacl parameter is none that S3 has: " + text);
        }
        return known;
    }
}
