package io.drydock.docker.engine.network;

import io.drydock.docker.engine.network.NetworkException.Kind;
import io.drydock.docker.engine.plugin.PluginException;
import io.drydock.docker.engine.plugin.Plugins;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Calls of one interface of one plugin, which need not run before the first call.
 *
 * @param plugins finds it
 * @param name its name
 * @param purpose the interface, {@code NetworkDriver} or {@code IpamDriver}
 */
record PluginCalls(Plugins plugins, String name, String purpose) {
    static final String NETWORK = "NetworkDriver";
    static final String IPAM = "IpamDriver";

    private static final Duration LIMIT = Duration.ofSeconds(60);

    /** Fails if there is no such plugin with that interface. */
    void check() throws NetworkException {
        try {
            plugins.find(name, purpose);
        } catch (PluginException e) {
            throw failure(e);
        }
    }

    /** Calls a method; the members of its answer. */
    Map<String, Object> call(String method, Map<String, ?> arguments) throws NetworkException {
        try {
            return ask(method, arguments);
        } catch (PluginException e) {
            throw failure(e);
        }
    }

    /** Calls a method that a plugin need not have. */
    void tell(String method, Map<String, ?> arguments) throws NetworkException {
        try {
            ask(method, arguments);
        } catch (PluginException e) {
            if (e.kind() != PluginException.Kind.NOT_IMPLEMENTED) {
                throw failure(e);
            }
        }
    }

    /** Some plugins tell errors in an answer that is otherwise good. */
    private Map<String, Object> ask(String method, Map<String, ?> arguments) throws NetworkException, PluginException {
        var answer = plugins.find(name, purpose).client().call(purpose + "." + method, arguments, LIMIT);
        var error = text(answer.get("Err"));
        if (!error.isEmpty()) {
            throw new NetworkException(Kind.SYSTEM, "remote: " + error);
        }
        return answer;
    }

    private static NetworkException failure(PluginException e) {
        var kind = e.kind() == PluginException.Kind.NOT_FOUND ? Kind.NOT_FOUND : Kind.SYSTEM;
        return new NetworkException(kind, String.valueOf(e.getMessage()), e);
    }

    /** A member that is a text; empty if it is missing. */
    static String text(@Nullable Object member) {
        return member instanceof String text ? text : "";
    }

    /** The members of a member that is an object; empty if it is missing. */
    @SuppressWarnings("unchecked")
    static Map<String, Object> members(@Nullable Object member) {
        return member instanceof Map<?, ?> map ? (Map<String, Object>) map : Map.of();
    }
}
