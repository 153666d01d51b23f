package io.drydock.docker.engine.log;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Signs requests as AWS wants them signed, version 4 ("AWS Signature Version 4 for API requests" in the IAM guide). Only for
 * paths and without queries, which is all that is needed here.
 */
final class AwsSignature {
    private static final String ALGORITHM = "AWS4-HMAC-SHA256";
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

    private final String region;
    private final String service;

    AwsSignature(String region, String service) {
        this.region = region;
        this.service = service;
    }

    /**
     * What a request carries, the given headers and those of the signature; {@code host} is signed, but the client sends it.
     *
     * @param headers lower-case names
     */
    Map<String, String> sign(
            String method, URI uri, Map<String, String> headers, byte[] body, AwsCredentials.Keys keys, Instant now) {
        String time = TIME.format(now);
        String day = time.substring(0, 8);
        SortedMap<String, String> all = new TreeMap<>(headers);
        all.put("x-amz-date", time);
        if (!keys.token().isEmpty()) {
            all.put("x-amz-security-token", keys.token());
        }
        SortedMap<String, String> signed = new TreeMap<>(all);
        signed.put("host", uri.getRawAuthority());
        String names = String.join(";", signed.keySet());
        var canonical = new StringBuilder(method).append('\n');
        canonical.append(uri.getRawPath().isEmpty() ? "/" : uri.getRawPath()).append("\n\n");
        signed.forEach((name, value) ->
                canonical.append(name).append(':').append(value.strip()).append('\n'));
        canonical.append('\n').append(names).append('\n').append(hex(sha256(body)));
        String scope = day + "/" + region + "/" + service + "/aws4_request";
        String toSign = ALGORITHM + "\n" + time + "\n" + scope + "\n"
                + hex(sha256(canonical.toString().getBytes(StandardCharsets.UTF_8)));
        byte[] key = hmac(("AWS4" + keys.secret()).getBytes(StandardCharsets.UTF_8), day);
        for (String part : new String[] {region, service, "aws4_request"}) {
            key = hmac(key, part);
        }
        all.put(
                "authorization",
                ALGORITHM + " Credential=" + keys.id() + "/" + scope + ", SignedHeaders=" + names + ", Signature="
                        + hex(hmac(key, toSign)));
        return all;
    }

    private static byte[] hmac(byte[] key, String text) {
        try {
            var mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has HmacSHA256", e);
        }
    }

    private static byte[] sha256(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    private static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }
}
