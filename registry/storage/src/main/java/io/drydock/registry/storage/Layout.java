package io.drydock.registry.storage;

import io.drydock.spec.oci.Digest;

/** Where things are, as paths of a driver. Names must have been checked with {@link Names}. */
final class Layout {
    static final String BLOBS = "docker/registry/v2/blobs";
    static final String REPOSITORIES = "docker/registry/v2/repositories";

    private Layout() {}

    static String repository(String name) {
        return REPOSITORIES + "/" + name;
    }

    /** The directory of a blob's file. */
    static String blobDirectory(Digest digest) {
        return BLOBS + "/" + digest.algorithm() + "/" + digest.hex().substring(0, 2) + "/" + digest.hex();
    }

    static String blob(Digest digest) {
        return blobDirectory(digest) + "/data";
    }

    static String layers(String name) {
        return repository(name) + "/_layers";
    }

    static String layerLink(String name, Digest digest) {
        return link(layers(name), digest);
    }

    static String manifests(String name) {
        return repository(name) + "/_manifests";
    }

    static String revisions(String name) {
        return manifests(name) + "/revisions";
    }

    static String revisionLink(String name, Digest digest) {
        return link(revisions(name), digest);
    }

    static String tags(String name) {
        return manifests(name) + "/tags";
    }

    static String tag(String name, String tag) {
        return tags(name) + "/" + tag;
    }

    static String tagLink(String name, String tag) {
        return tag(name, tag) + "/current/link";
    }

    static String tagHistoryLink(String name, String tag, Digest digest) {
        return link(tag(name, tag) + "/index", digest);
    }

    static String uploads(String name) {
        return repository(name) + "/_uploads";
    }

    static String upload(String name, String id) {
        return uploads(name) + "/" + id;
    }

    static String referrers(String name) {
        return manifests(name) + "/referrers";
    }

    /** What names a manifest as its subject. */
    static String referrers(String name, Digest subject) {
        return referrers(name) + "/" + subject.algorithm() + "/" + subject.hex();
    }

    static String referrerLink(String name, Digest subject, Digest referrer) {
        return link(referrers(name, subject), referrer);
    }

    /** Where a blob is put whose bytes have been found wrong. */
    static String damaged(Digest digest) {
        return ".drydock/damaged/" + digest.algorithm() + "-" + digest.hex();
    }

    /** The directory that a path is in. */
    static String directory(String path) {
        return path.substring(0, path.lastIndexOf('/'));
    }

    private static String link(String directory, Digest digest) {
        return directory + "/" + digest.algorithm() + "/" + digest.hex() + "/link";
    }
}
