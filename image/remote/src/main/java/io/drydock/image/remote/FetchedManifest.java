package io.drydock.image.remote;

/**
 * A manifest or index as the registry has it.
 *
 * @param mediaType as the registry names it
 * @param digest {@code sha256:…} of the bytes, checked
 * @param bytes the document itself, at most 4 MiB
 */
public record FetchedManifest(String mediaType, String digest, byte[] bytes) {}
