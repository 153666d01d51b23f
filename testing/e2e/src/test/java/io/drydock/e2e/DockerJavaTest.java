package io.drydock.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.async.ResultCallback;
import com.github.dockerjava.api.command.PullImageResultCallback;
import com.github.dockerjava.api.command.WaitContainerResultCallback;
import com.github.dockerjava.api.exception.ConflictException;
import com.github.dockerjava.api.exception.NotFoundException;
import com.github.dockerjava.api.exception.NotModifiedException;
import com.github.dockerjava.api.model.Bind;
import com.github.dockerjava.api.model.Event;
import com.github.dockerjava.api.model.Frame;
import com.github.dockerjava.api.model.HostConfig;
import com.github.dockerjava.api.model.RestartPolicy;
import com.github.dockerjava.api.model.Statistics;
import com.github.dockerjava.api.model.StreamType;
import com.github.dockerjava.api.model.Volume;
import com.github.dockerjava.core.DefaultDockerClientConfig;
import com.github.dockerjava.core.DockerClientImpl;
import com.github.dockerjava.zerodep.ZerodepDockerHttpClient;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Programs written on docker-java work with this engine: their JSON is read and their streams are framed as they expect. */
@ExtendWith(Stage.Extension.class)
class DockerJavaTest {
    private static final Map<String, String> OURS = Map.of("docker-java", "test");

    private final DockerClient docker;

    DockerJavaTest(Stage stage) {
        var config = DefaultDockerClientConfig.createDefaultConfigBuilder()
                .withDockerHost(stage.engine.host())
                .withDockerTlsVerify(false)
                .build();
        docker = DockerClientImpl.getInstance(
                config,
                new ZerodepDockerHttpClient.Builder()
                        .dockerHost(config.getDockerHost())
                        .build());
    }

    @AfterEach
    void removeEverything() throws IOException {
        for (var container : docker.listContainersCmd()
                .withShowAll(true)
                .withLabelFilter(OURS)
                .exec()) {
            docker.removeContainerCmd(container.getId()).withForce(true).exec();
        }
        docker.close();
    }

    private String create(HostConfig host, String... command) {
        return docker.createContainerCmd(Stage.IMAGE)
                .withLabels(OURS)
                .withCmd(command)
                .withHostConfig(host)
                .exec()
                .getId();
    }

    private String started(String... command) {
        var id = create(HostConfig.newHostConfig().withNetworkMode("none"), command);
        docker.startContainerCmd(id).exec();
        return id;
    }

    /** Collects a stream's frames by what they came from. */
    private static final class Frames extends ResultCallback.Adapter<Frame> {
        final ByteArrayOutputStream out = new ByteArrayOutputStream();
        final ByteArrayOutputStream err = new ByteArrayOutputStream();

        @Override
        public void onNext(Frame frame) {
            (frame.getStreamType() == StreamType.STDERR ? err : out).writeBytes(frame.getPayload());
        }

        Frames done() throws InterruptedException {
            assertThat(awaitCompletion(30, TimeUnit.SECONDS)).isTrue();
            return this;
        }
    }

    private int status(String id) {
        return docker.waitContainerCmd(id)
                .exec(new WaitContainerResultCallback())
                .awaitStatusCode(30, TimeUnit.SECONDS);
    }

    @Test
    void asksTheEngine() {
        docker.pingCmd().exec();
        assertThat(docker.versionCmd().exec().getApiVersion()).startsWith("1.");
        assertThat(docker.infoCmd().exec().getDriver()).isEqualTo("overlay2");
    }

    @Test
    void pullsAndNamesImages() throws InterruptedException {
        assertThat(docker.pullImageCmd("busybox")
                        .withTag("latest")
                        .exec(new PullImageResultCallback())
                        .awaitCompletion(60, TimeUnit.SECONDS))
                .isTrue();
        docker.tagImageCmd(Stage.IMAGE, "docker-java/copy", "1").exec();
        assertThat(docker.inspectImageCmd("docker-java/copy:1")
                        .exec()
                        .getConfig()
                        .getCmd())
                .containsExactly("/bin/sh");
        assertThat(docker.listImagesCmd()
                        .withImageNameFilter("docker-java/copy")
                        .exec())
                .singleElement()
                .satisfies(image -> assertThat(image.getRepoTags()).contains("docker-java/copy:1"));
        docker.removeImageCmd("docker-java/copy:1").exec();
        assertThatThrownBy(() -> docker.inspectImageCmd("docker-java/copy:1").exec())
                .isInstanceOf(NotFoundException.class);
    }

    @Test
    void runsAndReadsLogs() throws InterruptedException {
        var id = started("sh", "-c", "echo out; echo err >&2; exit 7");
        assertThat(status(id)).isEqualTo(7);
        var frames = docker.logContainerCmd(id)
                .withStdOut(true)
                .withStdErr(true)
                .withFollowStream(true)
                .exec(new Frames())
                .done();
        assertThat(frames.out).hasToString("out\n");
        assertThat(frames.err).hasToString("err\n");
        var state = docker.inspectContainerCmd(id).exec().getState();
        assertThat(state.getExitCodeLong()).isEqualTo(7);
        assertThat(state.getStatus()).isEqualTo("exited");
        assertThatThrownBy(() -> docker.killContainerCmd(id).exec()).isInstanceOf(ConflictException.class);
        assertThatThrownBy(() -> docker.stopContainerCmd(id).exec()).isInstanceOf(NotModifiedException.class);
    }

    @Test
    void talksToAnAttachedProcess() throws InterruptedException {
        var id = docker.createContainerCmd(Stage.IMAGE)
                .withLabels(OURS)
                .withCmd("sh", "-c", "read line; echo got $line")
                .withStdinOpen(true)
                .withStdInOnce(true)
                .withHostConfig(HostConfig.newHostConfig().withNetworkMode("none"))
                .exec()
                .getId();
        var frames = docker.attachContainerCmd(id)
                .withStdOut(true)
                .withStdErr(true)
                .withFollowStream(true)
                .withStdIn(new ByteArrayInputStream("words\n".getBytes(StandardCharsets.UTF_8)))
                .exec(new Frames());
        assertThat(frames.awaitStarted(30, TimeUnit.SECONDS)).isTrue();
        docker.startContainerCmd(id).exec();
        assertThat(frames.done().out).hasToString("got words\n");
    }

    @Test
    void runsCommandsInContainers() throws InterruptedException {
        var id = started("sleep", "1000");
        var exec = docker.execCreateCmd(id)
                .withCmd("sh", "-c", "echo $A; read line; echo $line; exit 3")
                .withEnv(List.of("A=b"))
                .withAttachStdin(true)
                .withAttachStdout(true)
                .withAttachStderr(true)
                .exec()
                .getId();
        var frames = docker.execStartCmd(exec)
                .withStdIn(new ByteArrayInputStream("in\n".getBytes(StandardCharsets.UTF_8)))
                .exec(new Frames())
                .done();
        assertThat(frames.out).hasToString("b\nin\n");
        assertThat(docker.inspectExecCmd(exec).exec().getExitCodeLong()).isEqualTo(3);
        assertThat(docker.topContainerCmd(id).exec().getProcesses().length).isEqualTo(1);
    }

    @Test
    void copiesBothWays(@TempDir Path directory) throws IOException {
        var id = started("sleep", "1000");
        var file = Files.writeString(directory.resolve("a.txt"), "content");
        docker.copyArchiveToContainerCmd(id)
                .withHostResource(file.toString())
                .withRemotePath("/tmp")
                .exec();
        try (var tar = docker.copyArchiveFromContainerCmd(id, "/tmp/a.txt").exec()) {
            assertThat(new String(tar.readAllBytes(), StandardCharsets.ISO_8859_1))
                    .contains("a.txt", "content");
        }
        assertThat(docker.containerDiffCmd(id).exec()).extracting("path").contains("/tmp", "/tmp/a.txt");
    }

    @Test
    void setsLimitsAndReadsThem() throws InterruptedException {
        var volume = docker.createVolumeCmd()
                .withName("docker-java")
                .withLabels(OURS)
                .exec();
        var id = create(
                HostConfig.newHostConfig()
                        .withNetworkMode("none")
                        .withMemory(64L << 20)
                        .withBinds(new Bind(volume.getName(), new Volume("/data")))
                        .withRestartPolicy(RestartPolicy.onFailureRestart(2)),
                "sleep",
                "1000");
        docker.startContainerCmd(id).exec();
        var samples = new LinkedBlockingQueue<Statistics>();
        try (var feed = docker.statsCmd(id).exec(new ResultCallback.Adapter<Statistics>() {
            @Override
            public void onNext(Statistics sample) {
                samples.add(sample);
            }
        })) {
            assertThat(samples.poll(30, TimeUnit.SECONDS))
                    .satisfies(sample ->
                            assertThat(sample.getMemoryStats().getLimit()).isEqualTo(64L << 20));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        var inspected = docker.inspectContainerCmd(id).exec();
        assertThat(inspected.getHostConfig().getRestartPolicy()).isEqualTo(RestartPolicy.onFailureRestart(2));
        assertThat(inspected.getMounts())
                .singleElement()
                .satisfies(mount -> assertThat(mount.getName()).isEqualTo("docker-java"));
        docker.updateContainerCmd(id)
                .withMemory(32L << 20)
                .withMemorySwap(64L << 20)
                .exec();
        assertThat(docker.inspectContainerCmd(id).exec().getHostConfig().getMemory())
                .isEqualTo(32L << 20);
        assertThatThrownBy(() -> docker.removeVolumeCmd("docker-java").exec()).isInstanceOf(ConflictException.class);
        docker.removeContainerCmd(id).withForce(true).exec();
        docker.removeVolumeCmd("docker-java").exec();
    }

    @Test
    void connectsContainersOfANetwork() throws InterruptedException {
        var network = docker.createNetworkCmd()
                .withName("docker-java")
                .withLabels(OURS)
                .exec()
                .getId();
        try {
            var server = docker.createContainerCmd(Stage.IMAGE)
                    .withLabels(OURS)
                    .withCmd("sleep", "1000")
                    .withAliases("server")
                    .withHostConfig(HostConfig.newHostConfig().withNetworkMode("docker-java"))
                    .exec()
                    .getId();
            docker.startContainerCmd(server).exec();
            var client = create(
                    HostConfig.newHostConfig().withNetworkMode("docker-java"), "ping", "-c", "1", "-W", "5", "server");
            docker.startContainerCmd(client).exec();
            assertThat(status(client)).isZero();
            assertThat(docker.inspectNetworkCmd().withNetworkId(network).exec().getContainers())
                    .containsOnlyKeys(server);
            docker.removeContainerCmd(server).withForce(true).exec();
            docker.removeContainerCmd(client).withForce(true).exec();
        } finally {
            docker.removeNetworkCmd(network).exec();
        }
    }

    @Test
    void hearsEvents() throws InterruptedException, IOException {
        var events = new LinkedBlockingQueue<Event>();
        try (var feed = docker.eventsCmd().withLabelFilter(OURS).exec(new ResultCallback.Adapter<Event>() {
            @Override
            public void onNext(Event event) {
                events.add(event);
            }
        })) {
            assertThat(feed.awaitStarted(30, TimeUnit.SECONDS)).isTrue();
            var id = create(HostConfig.newHostConfig().withNetworkMode("none"), "true");
            assertThat(events.poll(30, TimeUnit.SECONDS)).satisfies(event -> {
                assertThat(event.getAction()).isEqualTo("create");
                assertThat(event.getActor().getId()).isEqualTo(id);
            });
        }
    }
}
