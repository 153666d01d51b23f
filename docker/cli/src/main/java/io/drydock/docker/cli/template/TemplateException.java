package io.drydock.docker.cli.template;

/** A template that does not parse or fails to run; the message is Go's. */
public final class TemplateException extends Exception {
    private static final long serialVersionUID = 1L;

    public TemplateException(String message) {
        super(message, null, false, false);
    }
}
