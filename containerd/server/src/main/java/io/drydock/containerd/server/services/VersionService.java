package io.drydock.containerd.server.services;

import com.google.protobuf.Empty;
import io.drydock.spec.containerd.services.version.v1.VersionGrpc;
import io.drydock.spec.containerd.services.version.v1.VersionResponse;
import io.grpc.stub.StreamObserver;

/** The service {@code containerd.services.version.v1.Version}. */
public final class VersionService extends VersionGrpc.VersionImplBase {
    private final String version;
    private final String revision;

    public VersionService(String version, String revision) {
        this.version = version;
        this.revision = revision;
    }

    @Override
    public void version(Empty request, StreamObserver<VersionResponse> out) {
        out.onNext(VersionResponse.newBuilder()
                .setVersion(version)
                .setRevision(revision)
                .build());
        out.onCompleted();
    }
}
