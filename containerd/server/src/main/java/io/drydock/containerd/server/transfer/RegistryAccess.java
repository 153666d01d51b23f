package io.drydock.containerd.server.transfer;

import com.google.protobuf.InvalidProtocolBufferException;
import io.drydock.containerd.core.ContainerdError;
import io.drydock.containerd.core.EventBus;
import io.drydock.image.remote.Credentials;
import io.drydock.image.remote.Endpoint;
import io.drydock.image.remote.RegistryException;
import io.drydock.image.remote.RemoteRepository;
import io.drydock.spec.containerd.types.transfer.AuthRequest;
import io.drydock.spec.containerd.types.transfer.AuthResponse;
import io.drydock.spec.containerd.types.transfer.OCIRegistry;
import io.drydock.spec.oci.Reference;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Opens the repository that a client's {@code OCIRegistry} message describes, with the credentials the client answers. */
final class RegistryAccess {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private RegistryAccess() {}

    static Reference reference(OCIRegistry registry) {
        try {
            return Reference.parse(registry.getReference());
        } catch (IllegalArgumentException e) {
            throw ContainerdError.invalid("reference \"" + registry.getReference() + "\": " + e.getMessage());
        }
    }

    /** The repository; the caller closes it. */
    static RemoteRepository open(OCIRegistry registry, Streams streams, String namespace) throws IOException {
        var reference = reference(registry);
        var resolver = registry.getResolver();
        var endpoints = RegistryHosts.of(reference.domain(), resolver.getHostDir(), resolver.getDefaultScheme());
        var credentials = resolver.getAuthStream().isEmpty()
                ? Credentials.ANONYMOUS
                : ask(
                        streams.get(namespace, resolver.getAuthStream()),
                        endpoints.getLast().authority(),
                        reference);
        return new RemoteRepository(endpoints, reference.path(), credentials);
    }

    /**
     * The same over TLS with any certificate, for a registry that is insecure and does not speak plain HTTP; null if the
     * registry is not one of those.
     */
    static @Nullable RemoteRepository openInsecureTls(OCIRegistry registry, Streams streams, String namespace)
            throws IOException {
        var reference = reference(registry);
        var resolver = registry.getResolver();
        var endpoints = RegistryHosts.of(reference.domain(), resolver.getHostDir(), resolver.getDefaultScheme());
        var last = endpoints.getLast();
        if (!resolver.getDefaultScheme().equals("http") || !last.skipVerify()) {
            return null;
        }
        var tls = new Endpoint(
                URI.create("https" + last.base().toString().substring(4)), true, last.certificates(), false);
        var credentials = resolver.getAuthStream().isEmpty()
                ? Credentials.ANONYMOUS
                : ask(streams.get(namespace, resolver.getAuthStream()), tls.authority(), reference);
        return new RemoteRepository(List.of(tls), reference.path(), credentials);
    }

    private static Credentials ask(Streams.Open stream, String host, Reference reference) throws IOException {
        stream.send(EventBus.pack(AuthRequest.newBuilder()
                .setHost(host)
                .setReference(reference.toString())
                .build()));
        try {
            var answer = stream.receive(PATIENCE);
            if (answer == null) {
                throw new IOException("the client did not answer who it is to " + host);
            }
            return credentials(AuthResponse.parseFrom(answer.getValue()));
        } catch (InvalidProtocolBufferException e) {
            throw ContainerdError.invalid("malformed answer about credentials");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted");
        }
    }

    private static Credentials credentials(AuthResponse answer) {
        return switch (answer.getAuthType()) {
            case NONE -> Credentials.ANONYMOUS;
            case CREDENTIALS -> new Credentials.UserPassword(answer.getUsername(), answer.getSecret());
            case REFRESH -> new Credentials.IdentityToken(answer.getSecret());
            case HEADER ->
                new Credentials.RegistryToken(
                        answer.getSecret().startsWith("Bearer ")
                                ? answer.getSecret().substring(7)
                                : answer.getSecret());
            case UNRECOGNIZED -> throw ContainerdError.invalid("unknown kind of credentials");
        };
    }

    /** A registry's refusal, in our codes. */
    static ContainerdError failure(String what, RegistryException e) {
        var code =
                switch (e.kind()) {
                    case NOT_FOUND -> ContainerdError.Code.NOT_FOUND;
                    case UNAUTHORIZED -> ContainerdError.Code.UNAUTHENTICATED;
                    case DENIED -> ContainerdError.Code.PERMISSION_DENIED;
                    case TOO_MANY_REQUESTS -> ContainerdError.Code.UNAVAILABLE;
                    case DIGEST_MISMATCH, SIZE_MISMATCH -> ContainerdError.Code.FAILED_PRECONDITION;
                    case UNSUPPORTED -> ContainerdError.Code.UNIMPLEMENTED;
                    case UNEXPECTED -> ContainerdError.Code.INTERNAL;
                };
        return new ContainerdError(code, what + ": " + e.getMessage(), e);
    }
}
