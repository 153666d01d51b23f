package io.drydock.docker.api;

import io.avaje.jsonb.JsonType;
import io.avaje.jsonb.Jsonb;
import io.drydock.spec.engine.Volume;
import io.drydock.spec.engine.VolumeListResponse;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/** Volumes as clients see them: without labels or options they have null in their place. */
final class VolumeShape {
    private static final JsonType<Volume> VOLUME = Jsonb.instance().type(Volume.class);
    private static final JsonType<VolumeListResponse> LIST = Jsonb.instance().type(VolumeListResponse.class);

    private VolumeShape() {}

    static void send(Call call, int status, Volume volume) throws IOException {
        send(call, status, one(JsonShape.members(VOLUME.toJson(volume))));
    }

    static void send(Call call, VolumeListResponse list) throws IOException {
        var all = JsonShape.members(LIST.toJson(list));
        if (all.get("Volumes") instanceof List<?> volumes) {
            volumes.forEach(VolumeShape::one);
        }
        if (list.warnings().isEmpty()) {
            all.put("Warnings", null);
        }
        send(call, 200, all);
    }

    private static void send(Call call, int status, Object json) throws IOException {
        call.exchange().response().status(status).send("application/json", JsonShape.line(json));
    }

    private static Object one(Object volume) {
        var members = JsonShape.object(volume);
        for (String name : List.of("Labels", "Options")) {
            if (!(members.get(name) instanceof Map<?, ?> map) || map.isEmpty()) {
                members.put(name, null);
            }
        }
        return members;
    }
}
