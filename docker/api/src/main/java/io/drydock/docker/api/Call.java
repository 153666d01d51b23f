package io.drydock.docker.api;

import io.avaje.json.JsonException;
import io.avaje.jsonb.Jsonb;
import io.drydock.http.Exchange;
import io.drydock.spec.engine.EngineException;
import io.drydock.spec.engine.Filters;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One request of the API, with its version, and the ways to read and answer it that the original's handlers share. */
record Call(Exchange exchange, ApiVersion version) {
    private static final int BODY_LIMIT = 16 << 20;

    /** Answers a call. */
    @FunctionalInterface
    interface Handler {
        void handle(Call call) throws IOException, InterruptedException;
    }

    String path(String name) {
        return exchange.path(name);
    }

    /** A query parameter; empty if it is not there. */
    String query(String name) {
        return exchange.request().query().get(name, "");
    }

    boolean has(String name) {
        return exchange.request().query().has(name);
    }

    /** As the original reads them: everything but nothing, 0, no, false and none is true. */
    boolean flag(String name) {
        return switch (query(name).strip().toLowerCase(java.util.Locale.ROOT)) {
            case "", "0", "no", "false", "none" -> false;
            default -> true;
        };
    }

    boolean flag(String name, boolean otherwise) {
        return has(name) ? flag(name) : otherwise;
    }

    int number(String name, int otherwise) {
        String text = query(name);
        if (text.isEmpty()) {
            return otherwise;
        }
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException e) {
            throw EngineException.invalid("strconv.Atoi: parsing \"" + text + "\": invalid syntax");
        }
    }

    /** The request's filters, in the form of lists or the older one of maps. */
    Filters filters() {
        String text = query("filters");
        if (text.isEmpty()) {
            return Filters.NONE;
        }
        try {
            if (Jsonb.instance().type(Object.class).fromJson(text) instanceof Map<?, ?> map) {
                return filters(map);
            }
        } catch (JsonException | IndexOutOfBoundsException | StackOverflowError e) {
            throw EngineException.invalid("invalid filter: " + problem(e));
        }
        throw EngineException.invalid("invalid filter");
    }

    private static Filters filters(Map<?, ?> map) {
        var values = new LinkedHashMap<String, List<String>>();
        map.forEach((name, value) -> {
            var list = new ArrayList<String>();
            switch (value) {
                case List<?> texts -> texts.forEach(text -> list.add(String.valueOf(text)));
                case Map<?, ?> marks -> marks.keySet().forEach(text -> list.add(String.valueOf(text)));
                case null, default -> throw EngineException.invalid("invalid filter '" + name + "'");
            }
            values.put(String.valueOf(name), list);
        });
        return new Filters(values);
    }

    /** The body as JSON; null if there is none. */
    <T> @Nullable T bodyOrNull(Class<T> type) throws IOException {
        byte[] bytes = exchange.request().body().readNBytes(BODY_LIMIT);
        if (bytes.length == 0
                || new String(bytes, StandardCharsets.UTF_8).strip().equals("null")) {
            return null;
        }
        String contentType = exchange.request().header("Content-Type");
        if (contentType == null || !contentType.split(";")[0].strip().equalsIgnoreCase("application/json")) {
            throw EngineException.invalid("unsupported Content-Type header (" + (contentType == null ? "" : contentType)
                    + "): must be 'application/json'");
        }
        try {
            return Jsonb.instance().type(type).fromJson(bytes);
        } catch (JsonException
                | IllegalStateException
                | IllegalArgumentException
                | ClassCastException
                | IndexOutOfBoundsException
                | StackOverflowError e) {
            throw EngineException.invalid("invalid JSON: " + problem(e));
        }
    }

    /** The parser follows nesting with its stack, and reads behind the end of some names that are cut off. */
    private static String problem(Throwable e) {
        return switch (e) {
            case StackOverflowError _ -> "exceeded max depth";
            case IndexOutOfBoundsException _ -> "unexpected end of JSON input";
            default -> String.valueOf(e.getMessage());
        };
    }

    /** The body as JSON, which must be there. */
    <T> T body(Class<T> type) throws IOException {
        T body = bodyOrNull(type);
        if (body == null) {
            throw EngineException.invalid("invalid JSON: got EOF while reading request body");
        }
        return body;
    }

    /** Answers with JSON, ended by a newline as the original's encoder does. */
    void json(int status, Object value) throws IOException {
        byte[] json = Jsonb.instance().toJsonBytes(value);
        byte[] line = java.util.Arrays.copyOf(json, json.length + 1);
        line[json.length] = '\n';
        exchange.response().status(status).send("application/json", line);
    }

    void json(Object value) throws IOException {
        json(200, value);
    }

    /** Answers members that were put together one by one: null and empty ones are sent, too. */
    void object(Object members) throws IOException {
        exchange.response().status(200).send("application/json", JsonShape.line(members));
    }

    /** Answers a list: elements of a type one after the other. */
    <T> void list(Class<T> type, List<T> values) throws IOException {
        byte[] json = Jsonb.instance().type(type).list().toJsonBytes(values);
        exchange.response().status(200).send("application/json", json);
    }

    void status(int status) throws IOException {
        exchange.response().status(status).send(new byte[0]);
    }
}
