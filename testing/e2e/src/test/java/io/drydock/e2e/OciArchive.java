package io.drydock.e2e;

import io.drydock.testkit.Command;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** An image of one layer in an OCI archive. */
final class OciArchive {
    private final Path layout;

    private OciArchive(Path layout) {
        this.layout = layout;
    }

    /** Writes DIRECTORY/image.tar, whose layer is that tar, and answers its path. */
    static Path write(Path directory, Path layer, String name) throws IOException {
        OciArchive archive = new OciArchive(directory.resolve("layout"));
        Files.createDirectories(archive.layout.resolve("blobs/sha256"));
        byte[] content = Files.readAllBytes(layer);
        String diff = digest(content);
        String config = archive.blob(
                "application/vnd.oci.image.config.v1+json", """
                {"architecture":"amd64","os":"linux","config":{"Env":["PATH=/bin"],"Cmd":["sh"]},\
                "rootfs":{"type":"layers","diff_ids":["%s"]}}""".formatted(diff).getBytes(StandardCharsets.UTF_8));
        String layers = archive.blob("application/vnd.oci.image.layer.v1.tar", content);
        String manifest = archive.blob("application/vnd.oci.image.manifest.v1+json", """
                {"schemaVersion":2,"mediaType":"application/vnd.oci.image.manifest.v1+json",\
                "config":%s,"layers":[%s]}""".formatted(config, layers)
                .getBytes(StandardCharsets.UTF_8));
        Files.writeString(archive.layout.resolve("oci-layout"), "{\"imageLayoutVersion\":\"1.0.0\"}");
        String named = manifest.replaceFirst(
                "}$",
                ",\"annotations\":{\"io.containerd.image.name\":\"" + name
                        + "\"},\"platform\":{\"architecture\":\"amd64\",\"os\":\"linux\"}}");
        Files.writeString(archive.layout.resolve("index.json"), "{\"schemaVersion\":2,\"manifests\":[" + named + "]}");
        Path tar = directory.resolve("image.tar");
        Command.of("tar", "-C", archive.layout.toString(), "-cf", tar.toString())
                .with("oci-layout", "index.json", "blobs")
                .run()
                .ok();
        return tar;
    }

    /** Answers the blob's descriptor. */
    private String blob(String mediaType, byte[] content) throws IOException {
        String digest = digest(content);
        Files.write(layout.resolve("blobs").resolve(digest.replace(':', '/')), content);
        return "{\"mediaType\":\"%s\",\"digest\":\"%s\",\"size\":%d}".formatted(mediaType, digest, content.length);
    }

    private static String digest(byte[] content) {
        try {
            return "sha256:"
                    + HexFormat.of()
                            .formatHex(MessageDigest.getInstance("SHA-256").digest(content));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
