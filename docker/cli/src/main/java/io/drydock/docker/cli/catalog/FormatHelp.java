package io.drydock.docker.cli.catalog;

/** What the many flags named {@code --format} say in help. */
final class FormatHelp {
    static final String FORMAT = "Format output using a custom template:¶"
            + "'table':            Print output in table format with column headers (default)¶"
            + "'table TEMPLATE':   Print output in table format using the given Go template¶"
            + "'json':             Print in JSON format¶"
            + "'TEMPLATE':         Print output using the given Go template.¶"
            + "Refer to https://docs.docker.com/go/formatting/ for more information about formatting output with templates";
    static final String INSPECT = "Format output using a custom template:¶"
            + "'json':             Print in JSON format¶"
            + "'TEMPLATE':         Print output using the given Go template.¶"
            + "Refer to https://docs.docker.com/go/formatting/ for more information about formatting output with templates";

    private FormatHelp() {}
}
