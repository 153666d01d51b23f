package io.drydock.containerd.client;

/** Descriptors to and from the wire. */
final class Descriptors {
    private Descriptors() {}

    static io.drydock.spec.containerd.types.Descriptor toProto(Descriptor descriptor) {
        return io.drydock.spec.containerd.types.Descriptor.newBuilder()
                .setMediaType(descriptor.mediaType())
                .setDigest(descriptor.digest())
                .setSize(descriptor.size())
                .putAllAnnotations(descriptor.annotations())
                .build();
    }

    static Descriptor fromProto(io.drydock.spec.containerd.types.Descriptor descriptor) {
        return new Descriptor(
                descriptor.getMediaType(),
                descriptor.getDigest(),
                descriptor.getSize(),
                descriptor.getAnnotationsMap());
    }
}
