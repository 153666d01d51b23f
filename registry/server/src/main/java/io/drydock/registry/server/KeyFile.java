package io.drydock.registry.server;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;

/** PEM files of a key of curve P-256, which only its owner may read: with its public half, or with certificates for it. */
record KeyFile(Path path) {
    private static final Pattern BLOCK = Pattern.compile("-----BEGIN ([A-Z ]+)-----([^-]*)-----END \\1-----");

    static KeyPair generate() throws GeneralSecurityException {
        var generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"));
        return generator.generateKeyPair();
    }

    /** The pair in the file; it is made if there is none. */
    KeyPair pair() throws IOException, GeneralSecurityException {
        try {
            var text = Files.readString(path);
            var publicHalf =
                    KeyFactory.getInstance("EC").generatePublic(new X509EncodedKeySpec(block(text, "PUBLIC KEY")));
            return new KeyPair(publicHalf, privateKey(text));
        } catch (NoSuchFileException e) {
            var made = generate();
            write(pem(made.getPrivate()) + pem(made.getPublic()));
            return made;
        }
    }

    /** The key and its certificates; empty if there is no such file. */
    Optional<AcmeKeys.Entry> entry() throws IOException, GeneralSecurityException {
        try {
            var text = Files.readString(path);
            var chain = new ArrayList<X509Certificate>();
            var certificates = text.substring(text.indexOf("-----BEGIN CERTIFICATE-----"));
            for (var certificate : CertificateFactory.getInstance("X.509")
                    .generateCertificates(new ByteArrayInputStream(certificates.getBytes(StandardCharsets.US_ASCII)))) {
                chain.add((X509Certificate) certificate);
            }
            return Optional.of(new AcmeKeys.Entry(privateKey(text), List.copyOf(chain)));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    void write(AcmeKeys.Entry entry) throws IOException, GeneralSecurityException {
        var text = new StringBuilder(pem(entry.key()));
        for (var certificate : entry.chain()) {
            text.append(pem("CERTIFICATE", certificate.getEncoded()));
        }
        write(text.toString());
    }

    private static PrivateKey privateKey(String text) throws IOException, GeneralSecurityException {
        return KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(block(text, "PRIVATE KEY")));
    }

    private static byte[] block(String text, String label) throws IOException {
        var blocks = BLOCK.matcher(text);
        while (blocks.find()) {
            if (blocks.group(1).equals(label)) {
                return Base64.getMimeDecoder().decode(blocks.group(2));
            }
        }
        throw new IOException("no " + label);
    }

    private static String pem(PrivateKey key) {
        return pem("PRIVATE KEY", key.getEncoded());
    }

    private static String pem(PublicKey key) {
        return pem("PUBLIC KEY", key.getEncoded());
    }

    private static String pem(String label, byte[] bytes) {
        var lines = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(bytes);
        return "-----BEGIN " + label + "-----\n" + lines + "\n-----END " + label + "-----\n";
    }

    private void write(String text) throws IOException {
        var aside = path.resolveSibling("." + UUID.randomUUID());
        try (var out = Files.newByteChannel(
                aside,
                Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
            out.write(StandardCharsets.US_ASCII.encode(text));
        }
        Files.move(aside, path, StandardCopyOption.ATOMIC_MOVE);
    }
}
