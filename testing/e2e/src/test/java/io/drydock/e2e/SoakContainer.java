package io.drydock.e2e;

import com.github.dockerjava.api.async.ResultCallback;
import com.github.dockerjava.api.command.WaitContainerResultCallback;
import com.github.dockerjava.api.exception.ConflictException;
import com.github.dockerjava.api.exception.NotFoundException;
import com.github.dockerjava.api.exception.NotModifiedException;
import com.github.dockerjava.api.model.ExposedPort;
import com.github.dockerjava.api.model.Frame;
import com.github.dockerjava.api.model.HostConfig;
import com.github.dockerjava.api.model.PortBinding;
import com.github.dockerjava.api.model.Ports;
import com.github.dockerjava.api.model.StreamType;
import java.io.ByteArrayOutputStream;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;

/**
 * One container's life: created, started, waited for, its output read, removed. The engine may be killed at any moment: what it
 * had said before must hold afterwards, and what it had not answered is asked again.
 */
final class SoakContainer {
    private final Soak soak;
    private final int number;

    SoakContainer(Soak soak, int number) {
        this.soak = soak;
        this.number = number;
    }

    void live() {
        var id = until("create", this::create);
        until("start", () -> start(id));
        int status = until(
                "wait",
                () -> soak.docker()
                        .waitContainerCmd(id)
                        .exec(new WaitContainerResultCallback())
                        .awaitStatusCode(60, TimeUnit.SECONDS));
        expect("exit code", number % 100, status, id);
        expect("state", "exited " + number % 100, until("inspect", () -> state(id)), id);
        expect("standard output", "out " + number + "\n", until("logs", () -> log(id, StreamType.STDOUT)), id);
        expect("standard error", "err " + number + "\n", until("logs", () -> log(id, StreamType.STDERR)), id);
        until("remove", () -> remove(id));
    }

    private String name() {
        return "soak-" + number;
    }

    private String create() {
        try {
            return soak.docker()
                    .createContainerCmd("box")
                    .withName(name())
                    .withCmd("sh", "-c", "echo out " + number + "; echo err " + number + " >&2; exit " + number % 100)
                    .withExposedPorts(ExposedPort.tcp(80))
                    .withHostConfig(host())
                    .exec()
                    .getId();
        } catch (ConflictException e) {
            // created by a request that was not answered
            return soak.docker().inspectContainerCmd(name()).exec().getId();
        }
    }

    /** Some have no network, some the default one, and some publish a port besides. */
    private HostConfig host() {
        var host = HostConfig.newHostConfig().withNetworkMode(number % 4 == 0 ? "bridge" : "none");
        return number % 8 == 0
                ? host.withPortBindings(new PortBinding(Ports.Binding.bindIp("127.0.0.1"), ExposedPort.tcp(80)))
                : host;
    }

    /** Starts it unless a request that was not answered has done it: it must not run twice. */
    private boolean start(String id) {
        if (soak.docker()
                .inspectContainerCmd(id)
                .exec()
                .getState()
                .getStartedAt()
                .startsWith("0001")) {
            try {
                soak.docker().startContainerCmd(id).exec();
            } catch (NotModifiedException e) {
                return true;
            }
        }
        return true;
    }

    private String state(String id) {
        var state = soak.docker().inspectContainerCmd(id).exec().getState();
        return state.getStatus() + " " + state.getExitCodeLong();
    }

    private String log(String id, StreamType type) throws InterruptedException {
        var text = new ByteArrayOutputStream();
        var log = soak.docker()
                .logContainerCmd(id)
                .withStdOut(type == StreamType.STDOUT)
                .withStdErr(type == StreamType.STDERR)
                .exec(new ResultCallback.Adapter<Frame>() {
                    @Override
                    public void onNext(Frame frame) {
                        text.writeBytes(frame.getPayload());
                    }
                });
        if (!log.awaitCompletion(60, TimeUnit.SECONDS)) {
            throw new IllegalStateException("logs do not end");
        }
        return text.toString();
    }

    private boolean remove(String id) {
        try {
            soak.docker().removeContainerCmd(id).exec();
        } catch (NotFoundException e) {
            if (soak.killsSoFar() == 0) {
                throw e;
            }
        }
        return true;
    }

    private void expect(String what, Object expected, Object actual, String id) {
        if (!expected.equals(actual)) {
            throw new AssertionError(what + " of " + name() + ": expected " + expected + ", but was " + actual
                    + "; now "
                    + until(
                            "inspect",
                            () -> soak.docker().inspectContainerCmd(id).exec().getState()));
        }
    }

    /** Asks again if the engine was killed since the request began; anything else that fails is an error. */
    private <T> T until(String what, Callable<T> request) {
        while (true) {
            int before = soak.killsSoFar();
            try {
                return request.call();
            } catch (Exception e) {
                if (soak.killsSoFar() == before) {
                    throw new AssertionError(what + " " + name() + ": " + e, e);
                }
            }
        }
    }
}
