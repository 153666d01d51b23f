package io.drydock.docker.api;

import io.avaje.jsonb.JsonType;
import io.avaje.jsonb.Jsonb;
import io.drydock.spec.engine.Volume;
import io.drydock.spec.engine.VolumeListResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/** Volumes as clients see them: without labels or options they have null in their place. */
final class VolumeShape {
    private static final JsonType<Object> ANY =
            Jsonb.builder().serializeNulls(true).serializeEmpty(true).build().type(Object.class);
    private static final JsonType<Volume> VOLUME = Jsonb.instance().type(Volume.class);
    private static final JsonType<VolumeListResponse> LIST = Jsonb.instance().type(VolumeListResponse.class);

    private VolumeShape() {}

    static void send(Call call, int status, Volume volume) throws IOException {
        send(call, status, one(ANY.fromJson(VOLUME.toJson(volume))));
    }

    @SuppressWarnings("unchecked")
    static void send(Call call, VolumeListResponse list) throws IOException {
        var all = (Map<String, Object>) ANY.fromJson(LIST.toJson(list));
        if (all.get("Volumes") instanceof List<?> volumes) {
            volumes.forEach(VolumeShape::one);
        }
        if (list.warnings().isEmpty()) {
            all.put("Warnings", null);
        }
        send(call, 200, all);
    }

    private static void send(Call call, int status, Object json) throws IOException {
        byte[] body = (ANY.toJson(json) + "\n").getBytes(StandardCharsets.UTF_8);
        call.exchange().response().status(status).send("application/json", body);
    }

    @SuppressWarnings("unchecked")
    private static Object one(Object volume) {
        var members = (Map<String, Object>) volume;
        for (String name : List.of("Labels", "Options")) {
            if (!(members.get(name) instanceof Map<?, ?> map) || map.isEmpty()) {
                members.put(name, null);
            }
        }
        return members;
    }
}
