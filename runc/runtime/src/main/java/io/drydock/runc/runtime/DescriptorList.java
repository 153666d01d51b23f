package io.drydock.runc.runtime;

import io.avaje.jsonb.Jsonb;
import java.util.List;

/** {@code descriptors.json} of a checkpoint: what init's first descriptors were, by number. */
final class DescriptorList {
    private DescriptorList() {}

    static String toJson(List<String> targets) {
        return Jsonb.instance().type(String.class).list().toJson(targets);
    }

    static List<String> parse(byte[] json) {
        return Jsonb.instance().type(String.class).list().fromJson(json);
    }
}
