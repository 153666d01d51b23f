package io.drydock.docker.cli.template;

/** Where in a template something stands, as Go's messages say it. */
final class Position {
    private Position() {}

    static int line(String source, int offset) {
        int line = 1;
        for (int i = 0; i < offset && i < source.length(); i++) {
            if (source.charAt(i) == '\n') {
                line++;
            }
        }
        return line;
    }

    static int column(String source, int offset) {
        return offset - (source.lastIndexOf('\n', offset - 1) + 1);
    }

    static TemplateException error(String source, int offset, String message) {
        return new TemplateException("template: :" + line(source, offset) + ": " + message);
    }
}
