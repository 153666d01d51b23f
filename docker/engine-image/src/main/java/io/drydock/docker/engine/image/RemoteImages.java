package io.drydock.docker.engine.image;

import io.drydock.image.remote.Credentials;
import io.drydock.image.remote.Endpoint;
import io.drydock.image.remote.Login;
import io.drydock.image.remote.RegistryException;
import io.drydock.image.remote.RemoteRepository;
import io.drydock.spec.engine.AuthConfig;
import io.drydock.spec.engine.AuthResponse;
import io.drydock.spec.engine.Descriptor;
import io.drydock.spec.engine.DistributionInspect;
import io.drydock.spec.engine.EngineException;
import io.drydock.spec.engine.Platform;
import io.drydock.spec.oci.OciJson;
import io.drydock.spec.oci.image.ImageConfig;
import io.drydock.spec.oci.image.Index;
import io.drydock.spec.oci.image.Manifest;
import io.drydock.spec.oci.image.MediaTypes;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Asks registries without pulling anything: whether credentials are right, what an image is. */
public final class RemoteImages {
    private static final String HUB = "https://index.docker.io/v1/";

    private final Supplier<RegistrySettings> registries;

    public RemoteImages(Supplier<RegistrySettings> registries) {
        this.registries = registries;
    }

    /**
     * Tries credentials on the registry that they name, Docker Hub if none.
     *
     * @throws EngineException UNAUTHORIZED if they are wrong
     */
    public AuthResponse login(AuthConfig auth) {
        var address = auth.serveraddress() == null || auth.serveraddress().isEmpty() ? HUB : auth.serveraddress();
        try {
            var token = Login.check(endpoint(address), credentials(auth));
            return new AuthResponse("Login Succeeded", token);
        } catch (RegistryException e) {
            throw switch (e.kind()) {
                case UNAUTHORIZED, DENIED ->
                    new EngineException(EngineException.Kind.UNAUTHORIZED, String.valueOf(e.getMessage()), e);
                default -> EngineException.system(String.valueOf(e.getMessage()), e);
            };
        } catch (IOException e) {
            throw EngineException.system(String.valueOf(e.getMessage()), e);
        }
    }

    private Endpoint endpoint(String address) {
        if (address.equals(HUB) || address.equals("docker.io") || address.equals("index.docker.io")) {
            return registries.get().endpoint("registry-1.docker.io");
        }
        try {
            return registries
                    .get()
                    .endpoint(
                            address.contains("://")
                                    ? String.valueOf(URI.create(address).getRawAuthority())
                                    : host(address));
        } catch (IllegalArgumentException e) {
            throw EngineException.invalid("unable to parse registry address \"" + address + "\"");
        }
    }

    private static String host(String address) {
        int slash = address.indexOf('/');
        return slash < 0 ? address : address.substring(0, slash);
    }

    private static Credentials credentials(@Nullable AuthConfig auth) {
        if (auth == null) {
            return Credentials.ANONYMOUS;
        }
        if (auth.identitytoken() != null && !auth.identitytoken().isEmpty()) {
            return new Credentials.IdentityToken(auth.identitytoken());
        }
        if (auth.registrytoken() != null && !auth.registrytoken().isEmpty()) {
            return new Credentials.RegistryToken(auth.registrytoken());
        }
        return auth.username() == null || auth.username().isEmpty()
                ? Credentials.ANONYMOUS
                : new Credentials.UserPassword(auth.username(), Objects.requireNonNullElse(auth.password(), ""));
    }

    /** What a registry has under an image's name. */
    public DistributionInspect inspect(String image, @Nullable AuthConfig auth) {
        var reference = ImageNames.parse(image);
        try (var repository = new RemoteRepository(
                registries.get().endpoints(reference.domain()), reference.path(), credentials(auth))) {
            var fetched = repository.manifest(reference.object().orElse("latest"));
            var descriptor = new Descriptor(fetched.mediaType(), fetched.digest(), fetched.bytes().length, null, null);
            return new DistributionInspect(descriptor, platforms(repository, fetched.mediaType(), fetched.bytes()));
        } catch (RegistryException e) {
            throw switch (e.kind()) {
                case NOT_FOUND -> EngineException.notFound("manifest unknown: " + e.getMessage());
                case UNAUTHORIZED, DENIED ->
                    new EngineException(
                            EngineException.Kind.UNAUTHORIZED,
                            "errors:\ndenied: requested access to the resource is denied\nunauthorized: authentication required\n",
                            e);
                default -> EngineException.system(String.valueOf(e.getMessage()), e);
            };
        } catch (IOException | IllegalArgumentException e) {
            throw EngineException.system(String.valueOf(e.getMessage()), e);
        }
    }

    private static List<Platform> platforms(RemoteRepository repository, String type, byte[] bytes) throws IOException {
        if (MediaTypes.isIndex(type)) {
            return OciJson.read(Index.class, bytes).manifests().stream()
                    .map(member -> member.platform())
                    .filter(Objects::nonNull)
                    .map(platform -> new Platform(platform.architecture(), platform.os(), platform.variant()))
                    .toList();
        }
        var manifest = OciJson.read(Manifest.class, bytes);
        if (manifest.config() == null) {
            return List.of();
        }
        try (var blob =
                repository.blob(manifest.config().digest(), manifest.config().size(), 0)) {
            var config = OciJson.read(ImageConfig.class, blob.readAllBytes());
            return List.of(new Platform(config.architecture(), config.os(), config.variant()));
        }
    }
}
