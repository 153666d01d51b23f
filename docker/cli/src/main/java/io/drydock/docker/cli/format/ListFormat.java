package io.drydock.docker.cli.format;

import io.drydock.docker.cli.session.CliException;
import io.drydock.docker.cli.template.Template;
import io.drydock.docker.cli.template.TemplateException;
import java.util.Map;

/** How a list is printed: as a table with headers, or a line for each by the user's template. */
public final class ListFormat {
    private final boolean table;
    private final Template template;

    private ListFormat(boolean table, Template template) {
        this.table = table;
        this.template = template;
    }

    /**
     * Reads {@code --format}.
     *
     * @param format what the user gave: empty or {@code table} for the default, {@code json}, {@code raw}, a template
     * @param defaultTable the template of the default table
     * @param raw the template of {@code raw}, or empty if there is none
     * @throws CliException if it does not parse
     */
    public static ListFormat of(String format, String defaultTable, String raw) throws CliException {
        String text = format.strip();
        boolean table = text.isEmpty()
                || text.equals("table")
                || text.startsWith("table ")
                || text.startsWith("table{")
                || text.startsWith("table\t")
                || text.startsWith("table\\t");
        String template = text.isEmpty() || text.equals("table")
                ? defaultTable
                : text.equals("json")
                        ? "{{json .}}"
                        : text.equals("raw") && !raw.isEmpty() ? raw : table ? text.substring(5) : text;
        try {
            return new ListFormat(
                    table,
                    Template.parse((text.equals("raw") ? template : template.strip())
                            .replace("\\t", "\t")
                            .replace("\\n", "\n")));
        } catch (TemplateException e) {
            throw new CliException("template parsing error: " + e.getMessage());
        }
    }

    public boolean mentions(String field) {
        return template.mentions(field);
    }

    /** Renders one row to see whether the template fits it. */
    public void tryOn(Row row) throws TemplateException {
        template.render(row, Template.MissingKey.NO_VALUE);
    }

    public boolean isTable() {
        return table;
    }

    /** All rows; {@code headers} by field name. */
    public String render(Iterable<Row> rows, Map<String, ?> headers) throws CliException {
        var lines = new StringBuilder();
        try {
            for (Row row : rows) {
                lines.append(template.render(row, Template.MissingKey.NO_VALUE)).append('\n');
            }
            if (!table) {
                return lines.toString();
            }
            var all = Table.ofList();
            all.add(template.renderHeader(headers));
            all.add(lines.toString());
            return all.render();
        } catch (TemplateException e) {
            throw new CliException("template parsing error: " + e.getMessage());
        }
    }
}
