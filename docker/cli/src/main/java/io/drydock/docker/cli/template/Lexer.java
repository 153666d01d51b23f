package io.drydock.docker.cli.template;

import io.drydock.docker.cli.template.Token.Kind;
import java.util.ArrayList;
import java.util.List;

/** Cuts one action, without its braces, into tokens. */
final class Lexer {
    private final String source;
    private final int end;
    private final List<Token> tokens = new ArrayList<>();
    private int at;
    private int depth;

    /** The action's inside is {@code source} from {@code from} to {@code end}. */
    Lexer(String source, int from, int end) {
        this.source = source;
        this.at = from;
        this.end = end;
    }

    List<Token> tokens() throws TemplateException {
        boolean spaced = false;
        while (at < end) {
            char c = source.charAt(at);
            if (c == ' ' || c == '\t' || c == '\n' || c == '\r') {
                at++;
                spaced = true;
                continue;
            }
            one(c, spaced);
            spaced = false;
        }
        if (depth > 0) {
            throw Position.error(source, at, "unclosed left paren");
        }
        tokens.add(new Token(Kind.END, "", end, spaced));
        return tokens;
    }

    private void one(char c, boolean spaced) throws TemplateException {
        int start = at;
        Kind kind;
        switch (c) {
            case '|' -> {
                at++;
                kind = Kind.PIPE;
            }
            case '(' -> {
                at++;
                depth++;
                kind = Kind.LEFT;
            }
            case ')' -> {
                at++;
                if (--depth < 0) {
                    throw Position.error(source, start, "unexpected right paren");
                }
                kind = Kind.RIGHT;
            }
            case ',' -> {
                at++;
                kind = Kind.COMMA;
            }
            case '=' -> {
                at++;
                kind = Kind.ASSIGN;
            }
            case ':' -> {
                at++;
                if (at >= end || source.charAt(at) != '=') {
                    throw Position.error(source, start, "expected :=");
                }
                at++;
                kind = Kind.DECLARE;
            }
            case '"' -> {
                quoted('"', "unterminated quoted string");
                kind = Kind.STRING;
            }
            case '\'' -> {
                quoted('\'', "unterminated character constant");
                kind = Kind.CHARACTER;
            }
            case '`' -> {
                at = source.indexOf('`', at + 1) + 1;
                if (at == 0 || at > end) {
                    throw Position.error(source, start, "unterminated raw quoted string");
                }
                kind = Kind.STRING;
            }
            case '.' -> {
                if (at + 1 < end && Character.isDigit(source.charAt(at + 1))) {
                    kind = number();
                } else {
                    at++;
                    word();
                    kind = at == start + 1 ? Kind.DOT : Kind.FIELD;
                }
            }
            case '$' -> {
                at++;
                word();
                kind = Kind.VARIABLE;
            }
            default -> {
                if (Character.isDigit(c) || (c == '-' || c == '+') && at + 1 < end && startsNumber(at + 1)) {
                    kind = number();
                } else if (Character.isLetter(c) || c == '_') {
                    word();
                    kind = Kind.WORD;
                } else {
                    throw Position.error(source, start, unexpected(c));
                }
            }
        }
        tokens.add(new Token(kind, source.substring(start, at), start, spaced));
    }

    private static String unexpected(char c) {
        return c == '\\'
                ? "unexpected \"\\\\\" in operand"
                : "unrecognized character in action: U+" + String.format("%04X", (int) c) + " '" + c + "'";
    }

    private boolean startsNumber(int i) {
        return Character.isDigit(source.charAt(i)) || source.charAt(i) == '.';
    }

    private void word() {
        while (at < end && (Character.isLetterOrDigit(source.charAt(at)) || source.charAt(at) == '_')) {
            at++;
        }
    }

    private Kind number() throws TemplateException {
        int start = at++;
        while (at < end) {
            char c = source.charAt(at);
            boolean sign = (c == '+' || c == '-') && "eE".indexOf(source.charAt(at - 1)) >= 0;
            if (!Character.isLetterOrDigit(c) && c != '.' && c != '_' && !sign) {
                break;
            }
            at++;
        }
        String text = source.substring(start, at);
        try {
            Literals.number(text);
        } catch (NumberFormatException e) {
            throw Position.error(source, start, "bad number syntax: \"" + text + "\"");
        }
        return Kind.NUMBER;
    }

    private void quoted(char quote, String error) throws TemplateException {
        int start = at++;
        while (at < end && source.charAt(at) != quote) {
            if (source.charAt(at) == '\n') {
                throw Position.error(source, start, error);
            }
            at += source.charAt(at) == '\\' ? 2 : 1;
        }
        if (at >= end) {
            throw Position.error(source, start, error);
        }
        at++;
    }
}
