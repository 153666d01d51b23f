package io.drydock.spec.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.avaje.jsonb.Jsonb;
import java.util.List;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;

@NullUnmarked // a member that is wrongly absent fails the test in any case
class RecordsTest {
    private final Jsonb json = Jsonb.instance();

    @Test
    void createRequestReadsAllThreeParts() {
        var request = json.type(ContainerCreateRequest.class).fromJson("""
                {"Image":"busybox","Cmd":["sh"],"Tty":true,"ExposedPorts":{"80/tcp":{}},"Labels":{"a":"b"},"Unknown":[{}],
                 "HostConfig":{"PortBindings":{"80/tcp":[{"HostIp":"","HostPort":"8080"}],"81/tcp":null},"Memory":64,
                   "PidsLimit":null,"Ulimits":[{"Name":"nofile","Hard":2,"Soft":1}],"Binds":["/a:/b"],"NanoCpus":5,
                   "DeviceRequests":[{"Capabilities":[["gpu"]]}],"IOMaximumIOps":0,"UTSMode":"host","ConsoleSize":[1,2]},
                 "NetworkingConfig":{"EndpointsConfig":{"default":{"IPAMConfig":{"IPv4Address":"1.2.3.4"}}}}}""");

        assertThat(request.config().image()).isEqualTo("busybox");
        assertThat(request.config().cmd()).containsExactly("sh");
        assertThat(request.config().entrypoint()).isNull();
        assertThat(request.config().tty()).isTrue();
        assertThat(request.exposedPorts()).containsKey("80/tcp");
        assertThat(request.hostConfig().portBindings().get("80/tcp")).containsExactly(new PortBinding("", "8080"));
        assertThat(request.hostConfig().portBindings()).containsKey("81/tcp");
        assertThat(request.hostConfig().utsMode()).isEqualTo("host");
        assertThat(request.hostConfig().pidsLimit()).isNull();
        assertThat(request.hostConfig().deviceRequests().getFirst().capabilities())
                .containsExactly(List.of("gpu"));
        assertThat(request.hostConfig().networkMode()).isEmpty();
        assertThat(request.networkingConfig()
                        .endpointsConfig()
                        .get("default")
                        .ipamConfig()
                        .ipv4Address())
                .isEqualTo("1.2.3.4");
    }

    @Test
    void namesAreTheOriginals() {
        String summary = json.toJson(new ContainerSummary(
                "1",
                List.of("/x"),
                "i",
                "sha256:1",
                null,
                "sh",
                5,
                List.of(new PortSummary("0.0.0.0", 80, 8080, "tcp")),
                null,
                null,
                null,
                "running",
                "Up",
                null,
                null,
                null,
                null));

        assertThat(summary).startsWith("""
                {"Id":"1","Names":["/x"],"Image":"i","ImageID":"sha256:1","Command":"sh","Created":5,\
                "Ports":[{"IP":"0.0.0.0","PrivatePort":80,"PublicPort":8080,"Type":"tcp"}],"Labels":{}""");
    }

    @Test
    void progressCarriesARawAux() {
        var message = new ProgressMessage(null, null, null, null, null, "{\"Tag\":\"x\"}", null, null);

        assertThat(json.toJson(message)).isEqualTo("{\"aux\":{\"Tag\":\"x\"}}");
        assertThat(json.type(ProgressMessage.class)
                        .fromJson("{\"aux\":{\"Tag\":\"x\"},\"status\":\"s\"}")
                        .status())
                .isEqualTo("s");
    }
}
