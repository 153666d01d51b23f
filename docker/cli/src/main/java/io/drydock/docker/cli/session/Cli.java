package io.drydock.docker.cli.session;

import io.drydock.docker.cli.http.EngineClient;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What a command is given: environment, streams, configuration, and the engine, which is connected when first asked for. */
public final class Cli implements AutoCloseable {
    /** The client's version, that of the original whose behaviour it follows. */
    public static final String VERSION = "28.2.2";

    private final Map<String, String> environment;
    private final Streams streams;
    private final ConfigFile config;
    private final String context;
    private final Supplier<EngineClient> connect;
    private @Nullable EngineClient engine;

    public Cli(
            Map<String, String> environment,
            Streams streams,
            ConfigFile config,
            String context,
            Supplier<EngineClient> connect) {
        this.environment = environment;
        this.streams = streams;
        this.config = config;
        this.context = context;
        this.connect = connect;
    }

    public Map<String, String> environment() {
        return environment;
    }

    public Streams streams() {
        return streams;
    }

    public ConfigFile config() {
        return config;
    }

    /** The name of the context in use. */
    public String context() {
        return context;
    }

    public synchronized EngineClient engine() {
        EngineClient e = engine;
        if (e == null) {
            e = connect.get();
            engine = e;
        }
        return e;
    }

    public void println(String line) {
        streams.out().print(line);
        streams.out().print('\n');
    }

    public void print(String text) {
        streams.out().print(text);
    }

    /** A line on standard error, behind what went to standard output. */
    public void error(String line) {
        streams.out().flush();
        streams.err().print(line);
        streams.err().print('\n');
        streams.err().flush();
    }

    @Override
    public void close() throws java.io.IOException {
        if (engine != null) {
            engine.close();
        }
    }
}
