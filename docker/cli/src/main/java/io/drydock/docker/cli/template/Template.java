package io.drydock.docker.cli.template;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A parsed template of Go's {@code text/template} with Docker's functions. Immutable.
 *
 * <pre>{@code
 * Template.parse("{{.Name}}: {{len .Args}}").render(Map.of("Name", "web", "Args", List.of()), MissingKey.NO_VALUE)
 * }</pre>
 */
public final class Template {
    private final String source;
    private final Map<String, List<Node>> templates;

    private Template(String source, Map<String, List<Node>> templates) {
        this.source = source;
        this.templates = templates;
    }

    /** What naming a key that a map does not have does. */
    public enum MissingKey {
        NO_VALUE,
        ERROR
    }

    public static Template parse(String source) throws TemplateException {
        return new Template(source, new Parser(source, Functions.NAMES).parse());
    }

    public String render(@Nullable Object data, MissingKey missing) throws TemplateException {
        return new Renderer(source, templates, missing, false).render(data);
    }

    /** Renders with Docker's functions answering their argument, as for the line of headers. */
    public String renderHeader(Object headers) throws TemplateException {
        return new Renderer(source, templates, MissingKey.NO_VALUE, true).render(headers);
    }

    /** Whether the source names the field, for deciding what to ask the engine for. */
    public boolean mentions(String field) {
        return source.contains(field);
    }
}
