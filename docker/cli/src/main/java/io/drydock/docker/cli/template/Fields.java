package io.drydock.docker.cli.template;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** An object whose fields and methods a template can name. */
public interface Fields {
    /** Whether it has such a field or method. */
    boolean has(String name);

    /** The field's value, or what the method answers to the arguments. */
    @Nullable
    Object get(String name, List<@Nullable Object> arguments) throws TemplateException;

    /** What Go calls its type, for messages. */
    String typeName();

    /** What {@code json} prints. */
    Map<String, @Nullable Object> toMap();
}
