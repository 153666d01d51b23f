package io.drydock.docker.dockerd;

import io.drydock.docker.api.ContainerBackend;
import io.drydock.docker.api.ExecBackend;
import io.drydock.docker.engine.container.ContainerStreams;
import io.drydock.spec.engine.ExecCreateRequest;
import io.drydock.spec.engine.ExecInspect;
import io.drydock.spec.engine.ExecStartRequest;
import io.drydock.spec.oci.runtime.Box;

/** Lets the exec endpoints reach the engine. */
final class ExecAdapter implements ExecBackend {
    private final ContainerStreams streams;

    ExecAdapter(ContainerStreams streams) {
        this.streams = streams;
    }

    @Override
    public String create(String container, ExecCreateRequest request) {
        return streams.createExec(container, request);
    }

    @Override
    public ExecInspect inspect(String exec) {
        return streams.inspectExec(exec);
    }

    @Override
    public void startDetached(String exec) {
        streams.startExecDetached(exec);
    }

    @Override
    public ContainerBackend.Attachment start(String exec, ExecStartRequest request) {
        var size = request.consoleSize();
        Box box = size == null || size.size() != 2 || size.getFirst() == 0 ? null : new Box(size.get(0), size.get(1));
        return ContainerAdapter.attachment(streams.startExec(exec, box));
    }

    @Override
    public void resize(String exec, int height, int width) throws InterruptedException {
        streams.resizeExec(exec, height, width);
    }
}
