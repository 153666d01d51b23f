package io.drydock.docker.cli.format;

import io.drydock.docker.cli.template.Fields;
import io.drydock.docker.cli.template.TemplateException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** One line of a list: fields that are computed only if the template names them, and methods with one argument. */
public final class Row implements Fields {
    private final String typeName;
    private final Map<String, Supplier<@Nullable Object>> fields = new LinkedHashMap<>();
    private final Map<String, Method> methods = new LinkedHashMap<>(2);

    /** A method of a field object with one text as its argument. */
    public interface Method {
        @Nullable
        Object call(String argument);
    }

    /** {@code typeName} is what Go calls it in messages: {@code *formatter.ContainerContext}. */
    public Row(String typeName) {
        this.typeName = typeName;
    }

    /** A row with the members of an object as its fields. */
    public static Row of(String typeName, Map<String, ? extends @Nullable Object> members) {
        var row = new Row(typeName);
        members.forEach((name, value) -> row.with(name, (@Nullable Object) value));
        return row;
    }

    public Row with(String name, Supplier<@Nullable Object> value) {
        fields.put(name, value);
        return this;
    }

    public Row with(String name, @Nullable Object value) {
        fields.put(name, () -> value);
        return this;
    }

    public Row method(String name, Method method) {
        methods.put(name, method);
        return this;
    }

    @Override
    public boolean has(String name) {
        return fields.containsKey(name) || methods.containsKey(name);
    }

    @Override
    public @Nullable Object get(String name, List<@Nullable Object> arguments) throws TemplateException {
        Method method = methods.get(name);
        if (method != null) {
            if (arguments.size() != 1 || !(arguments.getFirst() instanceof String text)) {
                throw new TemplateException("wrong number of args for " + name + ": want 1 got " + arguments.size());
            }
            return method.call(text);
        }
        if (!arguments.isEmpty()) {
            throw new TemplateException("wrong number of args for " + name + ": want 0 got " + arguments.size());
        }
        Supplier<@Nullable Object> field = fields.get(name);
        return field == null ? null : field.get();
    }

    @Override
    public String typeName() {
        return typeName;
    }

    @Override
    public Map<String, @Nullable Object> toMap() {
        var map = new LinkedHashMap<String, @Nullable Object>();
        fields.forEach((name, value) -> map.put(name, value.get()));
        return map;
    }
}
