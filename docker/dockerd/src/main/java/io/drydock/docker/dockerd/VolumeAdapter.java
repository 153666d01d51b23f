package io.drydock.docker.dockerd;

import io.drydock.docker.api.VolumeBackend;
import io.drydock.docker.engine.container.volume.Volumes;
import io.drydock.spec.engine.Filters;
import io.drydock.spec.engine.PruneVolumesResponse;
import io.drydock.spec.engine.Volume;
import io.drydock.spec.engine.VolumeCreateRequest;
import io.drydock.spec.engine.VolumeListResponse;

/** Lets the volume endpoints reach the engine. */
record VolumeAdapter(Volumes volumes) implements VolumeBackend {
    @Override
    public VolumeListResponse list(Filters filters) {
        return volumes.list(filters);
    }

    @Override
    public Volume create(VolumeCreateRequest request) {
        return volumes.create(request);
    }

    @Override
    public Volume inspect(String name) {
        return volumes.inspect(name);
    }

    @Override
    public void remove(String name, boolean force) {
        volumes.remove(name, force);
    }

    @Override
    public PruneVolumesResponse prune(Filters filters) {
        return volumes.prune(filters);
    }
}
