package io.drydock.containerd.shim;

import com.google.protobuf.InvalidProtocolBufferException;
import io.drydock.spec.containerd.runtime.bootstrap.v1.BootstrapParams;
import io.drydock.spec.containerd.runtime.bootstrap.v1.BootstrapResult;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * How {@code start} tells containerd the shim's address. Each generation of containerd reads another form, and the shim
 * recognises the generation by what it was given:
 * <pre>
 *  containerd      stdin                          stdout
 *  up to 1.6       options, or nothing            unix:///run/containerd/s/…
 *  1.7 to 2.2      options; env MAX_SHIM_VERSION  {"version":3,"address":"unix:///…","protocol":"ttrpc"}
 *  2.3 and later   BootstrapParams                BootstrapResult
 * </pre>
 */
sealed interface Dialect {
    /** What to write to stdout for a shim that listens at an address. */
    byte[] answer(String address);

    /**
     * Recognises the dialect.
     *
     * @param stdin all of it; an options message may look like parameters, so the id and namespace in it must agree
     *     with those on the command line
     */
    static Dialect of(byte[] stdin, Arguments arguments, Map<String, String> environment) {
        if (stdin.length > 0) {
            try {
                BootstrapParams params = BootstrapParams.parseFrom(stdin);
                if (params.getInstanceId().equals(arguments.id())
                        && params.getNamespace().equals(arguments.namespace())) {
                    return new Protobuf(params);
                }
            } catch (InvalidProtocolBufferException e) {
                // Not parameters: it is an older containerd's options, which the task's creation repeats.
            }
        }
        String version = environment.getOrDefault("MAX_SHIM_VERSION", "");
        return version.isEmpty() ? new Plain() : new Json(version.equals("2") ? 2 : 3);
    }

    /** containerd up to 1.6. */
    record Plain() implements Dialect {
        @Override
        public byte[] answer(String address) {
            return address.getBytes(StandardCharsets.UTF_8);
        }
    }

    /** containerd 1.7 to 2.2. */
    record Json(int version) implements Dialect {
        @Override
        public byte[] answer(String address) {
            return ("{\"version\":" + version + ",\"address\":\"" + address + "\",\"protocol\":\"ttrpc\"}")
                    .getBytes(StandardCharsets.UTF_8);
        }
    }

    /** containerd 2.3 and later. */
    record Protobuf(BootstrapParams params) implements Dialect {
        @Override
        public byte[] answer(String address) {
            return BootstrapResult.newBuilder()
                    .setVersion(3)
                    .setAddress(address)
                    .setProtocol("ttrpc")
                    .build()
                    .toByteArray();
        }
    }
}
