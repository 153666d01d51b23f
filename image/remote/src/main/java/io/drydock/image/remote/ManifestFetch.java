package io.drydock.image.remote;

import java.io.IOException;
import java.util.List;

/** GET of a manifest by tag or digest. */
final class ManifestFetch {
    /** What an image can be, the newest forms first. */
    static final List<String> ACCEPTED = List.of(
            "application/vnd.oci.image.index.v1+json",
            "application/vnd.oci.image.manifest.v1+json",
            "application/vnd.docker.distribution.manifest.list.v2+json",
            "application/vnd.docker.distribution.manifest.v2+json");

    /** A limit that registries set for manifests, too. */
    private static final int LONGEST = 4 * 1024 * 1024;

    private ManifestFetch() {}

    static FetchedManifest get(RegistryHttp http, String repository, String reference) throws IOException {
        RegistryHttp.Template template = () -> {
            var request = http.request("/v2/" + repository + "/manifests/" + reference)
                    .GET();
            ACCEPTED.forEach(type -> request.header("Accept", type));
            return request;
        };
        var response = http.send(RemoteRepository.pullScope(repository), template, 200);
        byte[] bytes;
        try (var body = response.body()) {
            bytes = body.readNBytes(LONGEST + 1);
        }
        if (bytes.length > LONGEST) {
            throw new RegistryException(
                    RegistryException.Kind.UNEXPECTED, "manifest " + reference + " is larger than 4 MiB");
        }
        var type = response.headers().firstValue("Content-Type").orElse("");
        int parameters = type.indexOf(';');
        var digest = DigestCheck.sha256(bytes);
        if (reference.indexOf(':') > 0) {
            var check = DigestCheck.like(reference);
            check.update(bytes, 0, bytes.length);
            digest = check.value();
            if (!digest.equals(reference)) {
                throw new RegistryException(
                        RegistryException.Kind.DIGEST_MISMATCH,
                        "manifest verification failed for digest " + reference + ": got " + digest);
            }
        }
        return new FetchedManifest((parameters < 0 ? type : type.substring(0, parameters)).strip(), digest, bytes);
    }
}
