package io.drydock.containerd.server.transfer;

import io.drydock.image.remote.FetchedManifest;
import io.drydock.image.remote.RegistryException;
import io.drydock.image.remote.RemoteRepository;
import io.drydock.spec.containerd.types.transfer.OCIRegistry;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;

/**
 * A repository that has answered, with what it says that the reference stands for.
 *
 * <p>Registries that are insecure are asked over plain HTTP first, since most of them are on this very machine and a TLS
 * handshake that fails costs more than their whole answer; one that answers nothing sensible is asked over TLS.
 */
record ResolvedImage(RemoteRepository repository, FetchedManifest manifest) implements AutoCloseable {

    static ResolvedImage of(OCIRegistry registry, Streams streams, String namespace) throws IOException {
        var name = RegistryAccess.reference(registry).object().orElse("latest");
        var repository = RegistryAccess.open(registry, streams, namespace);
        boolean done = false;
        try {
            var resolved = new ResolvedImage(repository, repository.manifest(name));
            done = true;
            return resolved;
        } catch (IOException e) {
            var tls = worthTls(e) ? RegistryAccess.openInsecureTls(registry, streams, namespace) : null;
            if (tls == null) {
                throw e;
            }
            return new ResolvedImage(tls, manifest(tls, name));
        } finally {
            if (!done) {
                repository.close();
            }
        }
    }

    private static FetchedManifest manifest(RemoteRepository repository, String name) throws IOException {
        boolean done = false;
        try {
            var manifest = repository.manifest(name);
            done = true;
            return manifest;
        } finally {
            if (!done) {
                repository.close();
            }
        }
    }

    /** A repository for a push, known to answer. */
    static RemoteRepository forPush(OCIRegistry registry, Streams streams, String namespace) throws IOException {
        if (!registry.getResolver().getDefaultScheme().equals("http")) {
            return RegistryAccess.open(registry, streams, namespace);
        }
        var repository = RegistryAccess.open(registry, streams, namespace);
        try {
            // asked only to see whether it speaks plain HTTP: that there is no such tag yet is an answer, too
            repository.manifest(RegistryAccess.reference(registry).object().orElse("latest"));
            return repository;
        } catch (IOException e) {
            var tls = worthTls(e) ? RegistryAccess.openInsecureTls(registry, streams, namespace) : null;
            if (tls == null) {
                return repository; // the push itself will tell what is wrong
            }
            repository.close();
            return tls;
        }
    }

    /** Whether the failure looks as if the registry spoke another protocol: it is there, but its answer is no registry's. */
    private static boolean worthTls(IOException e) {
        return switch (e) {
            case RegistryException refused -> refused.kind() == RegistryException.Kind.UNEXPECTED;
            case ConnectException none -> false;
            case InterruptedIOException stopped -> false;
            default -> true;
        };
    }

    @Override
    public void close() {
        repository.close();
    }
}
