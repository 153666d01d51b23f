package io.drydock.runc.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.avaje.jsonb.Jsonb;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FeaturesTest {
    @Test
    void whatRuntimeSpec13HasIsAnnounced() {
        Map<String, Object> features = Jsonb.instance().type(Object.class).map().fromJson(Features.json());
        assertThat(features).containsEntry("ociVersionMax", "1.3.0").containsKey("potentiallyUnsafeConfigAnnotations");
        assertThat((List<?>) features.get("mountOptions")).asList().contains("rro", "tmpcopyup", "idmap");
        assertThat(features.get("linux"))
                .asInstanceOf(org.assertj.core.api.InstanceOfAssertFactories.MAP)
                .containsEntry("netDevices", Map.of("enabled", true))
                .containsEntry("intelRdt", Map.of("enabled", true, "schemata", true, "monitoring", true))
                .containsKey("memoryPolicy");
    }
}
