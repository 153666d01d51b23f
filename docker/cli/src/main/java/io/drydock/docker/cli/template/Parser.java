package io.drydock.docker.cli.template;

import io.drydock.docker.cli.template.Node.Operand;
import io.drydock.docker.cli.template.Token.Kind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Text to syntax tree. */
final class Parser {
    private final String source;
    private final Set<String> functions;
    private final Map<String, List<Node>> templates = new HashMap<>();
    private int at;
    private boolean trimNext;
    private List<Token> tokens = List.of();
    private int token;
    private int loops;

    Parser(String source, Set<String> functions) {
        this.source = source;
        this.functions = functions;
    }

    /** All templates by name; the whole text is the one without a name. */
    Map<String, List<Node>> parse() throws TemplateException {
        var stop = new String[1];
        List<Node> root = nodes(stop);
        if (stop[0] != null) {
            throw error("unexpected {{" + stop[0] + "}}");
        }
        templates.put("", root);
        return templates;
    }

    private TemplateException error(String message) {
        return Position.error(source, Math.min(at, source.length()), message);
    }

    /** Nodes up to {@code end} or {@code else}, which is left in {@code stop[0]}, or to the end of the text. */
    private List<Node> nodes(@Nullable String[] stop) throws TemplateException {
        var nodes = new ArrayList<Node>();
        while (at < source.length()) {
            int open = source.indexOf("{{", at);
            String text = open < 0 ? source.substring(at) : source.substring(at, open);
            boolean trimLeft = open >= 0 && source.startsWith("- ", open + 2)
                    || open >= 0 && source.startsWith("-\n", open + 2)
                    || open >= 0 && source.startsWith("-\t", open + 2);
            if (trimNext) {
                text = text.stripLeading();
            }
            if (trimLeft) {
                text = text.stripTrailing();
            }
            if (!text.isEmpty()) {
                nodes.add(new Node.Text(text));
            }
            trimNext = false;
            if (open < 0) {
                at = source.length();
                break;
            }
            Node node = action(open + 2 + (trimLeft ? 1 : 0), stop);
            if (stop[0] != null) {
                return nodes;
            }
            if (node != null) {
                nodes.add(node);
            }
        }
        stop[0] = null;
        return nodes;
    }

    private @Nullable Node action(int from, @Nullable String[] stop) throws TemplateException {
        int start = skipBlanks(from);
        if (source.startsWith("/*", start)) {
            int close = source.indexOf("*/", start);
            if (close < 0) {
                throw error("unclosed comment");
            }
            int end = source.indexOf("}}", close);
            if (end < 0) {
                throw error("comment ends before closing delimiter");
            }
            trimNext = source.charAt(end - 1) == '-';
            at = end + 2;
            return null;
        }
        int end = closing(from);
        trimNext = end - 1 >= from && source.charAt(end - 1) == '-' && end - 2 >= from && source.charAt(end - 2) <= ' ';
        tokens = new Lexer(source, from, trimNext ? end - 1 : end).tokens();
        token = 0;
        at = end + 2;
        Token first = peek();
        if (first.is(Kind.WORD)) {
            switch (first.text()) {
                case "end", "else" -> {
                    stop[0] = first.text();
                    token++;
                    if (first.text().equals("end") && !peek().is(Kind.END)) {
                        throw unexpected("end");
                    }
                    return null;
                }
                case "if" -> {
                    return branch("if");
                }
                case "with" -> {
                    return branch("with");
                }
                case "range" -> {
                    return branch("range");
                }
                case "define" -> {
                    define();
                    return null;
                }
                case "block" -> {
                    return block();
                }
                case "template" -> {
                    token++;
                    String name = name("template clause");
                    return new Node.Call(
                            name, peek().is(Kind.END) ? null : pipe("template clause", Kind.END), first.offset());
                }
                case "break" -> {
                    if (loops == 0) {
                        throw error("{{break}} outside {{range}}");
                    }
                    return new Node.Break();
                }
                case "continue" -> {
                    if (loops == 0) {
                        throw error("{{continue}} outside {{range}}");
                    }
                    return new Node.Continue();
                }
                default -> {}
            }
        }
        return new Node.Action(pipe("command", Kind.END));
    }

    private int skipBlanks(int from) {
        int i = from;
        while (i < source.length() && source.charAt(i) <= ' ') {
            i++;
        }
        return i;
    }

    /** Where the braces close that opened before {@code from}: not those within quotes. */
    private int closing(int from) throws TemplateException {
        int i = from;
        while (i < source.length()) {
            char c = source.charAt(i);
            if (c == '}' && source.startsWith("}}", i)) {
                return i;
            }
            if (c == '"' || c == '\'' || c == '`') {
                int start = i++;
                while (i < source.length() && source.charAt(i) != c) {
                    if (source.charAt(i) == '\n' && c != '`') {
                        break;
                    }
                    i += source.charAt(i) == '\\' && c != '`' ? 2 : 1;
                }
                if (i >= source.length() || source.charAt(i) != c) {
                    throw Position.error(
                            source,
                            start,
                            c == '"'
                                    ? "unterminated quoted string"
                                    : c == '`' ? "unterminated raw quoted string" : "unterminated character constant");
                }
            }
            i++;
        }
        throw Position.error(source, from, "unclosed action");
    }

    private Node branch(String kind) throws TemplateException {
        token++;
        Node.Pipe pipe = pipe(kind, Kind.END);
        loops += kind.equals("range") ? 1 : 0;
        var stop = new String[1];
        List<Node> then = nodes(stop);
        loops -= kind.equals("range") ? 1 : 0;
        List<Node> otherwise = List.of();
        if ("else".equals(stop[0])) {
            if (peek().isWord("if") && kind.equals("if") || peek().isWord("with") && kind.equals("with")) {
                otherwise = List.of(branch(kind));
                return node(kind, pipe, then, otherwise);
            }
            if (!peek().is(Kind.END)) {
                throw unexpected("else");
            }
            stop[0] = null;
            otherwise = nodes(stop);
        }
        if (!"end".equals(stop[0])) {
            throw stop[0] == null ? error("unexpected EOF") : error("expected end; found {{" + stop[0] + "}}");
        }
        stop[0] = null;
        return node(kind, pipe, then, otherwise);
    }

    private static Node node(String kind, Node.Pipe pipe, List<Node> then, List<Node> otherwise) {
        return switch (kind) {
            case "if" -> new Node.If(pipe, then, otherwise);
            case "with" -> new Node.With(pipe, then, otherwise);
            default -> new Node.Range(pipe, then, otherwise);
        };
    }

    private void define() throws TemplateException {
        token++;
        String name = name("define clause");
        templates.put(name, upToEnd());
    }

    private Node block() throws TemplateException {
        int offset = peek().offset();
        token++;
        String name = name("block clause");
        Node.Pipe pipe = pipe("block clause", Kind.END);
        templates.put(name, upToEnd());
        return new Node.Call(name, pipe, offset);
    }

    private List<Node> upToEnd() throws TemplateException {
        var stop = new String[1];
        List<Node> body = nodes(stop);
        if (!"end".equals(stop[0])) {
            throw error("unexpected EOF");
        }
        return body;
    }

    private String name(String context) throws TemplateException {
        Token t = next();
        if (!t.is(Kind.STRING)) {
            throw error("unexpected " + describe(t) + " in " + context);
        }
        return Literals.unquote(t.text());
    }

    private Token peek() {
        return tokens.get(token);
    }

    private Token next() {
        return tokens.get(token++);
    }

    private TemplateException unexpected(String context) {
        return error("unexpected " + describe(peek()) + " in " + context);
    }

    private static String describe(Token t) {
        return t.is(Kind.END)
                ? "\"}}\""
                : t.is(Kind.FIELD) || t.is(Kind.WORD) ? "<" + t.text() + ">" : "\"" + t.text() + "\"";
    }

    private Node.Pipe pipe(String context, Kind end) throws TemplateException {
        int start = peek().offset();
        var variables = new ArrayList<String>(0);
        boolean assign = declarations(context, variables);
        var commands = new ArrayList<Node.Command>(1);
        while (true) {
            commands.add(command(context));
            if (peek().is(Kind.PIPE)) {
                token++;
                if (peek().is(Kind.END) || peek().is(Kind.RIGHT)) {
                    throw error("missing value for " + context);
                }
                continue;
            }
            if (!peek().is(end)) {
                throw unexpected(context.equals("command") || context.equals("operand") ? "operand" : context);
            }
            break;
        }
        String text = source.substring(start, peek().offset()).strip();
        if (end == Kind.RIGHT) {
            token++;
        }
        return new Node.Pipe(variables, assign, commands, text, start);
    }

    /** Whether variables are assigned; otherwise those found are declared. */
    private boolean declarations(String context, List<String> variables) {
        if (!peek().is(Kind.VARIABLE)) {
            return false;
        }
        Token after = tokens.get(token + 1);
        if (after.is(Kind.DECLARE) || after.is(Kind.ASSIGN)) {
            variables.add(next().text());
            return next().is(Kind.ASSIGN);
        }
        if (after.is(Kind.COMMA) && context.equals("range")) {
            variables.add(next().text());
            token++;
            variables.add(next().text());
            return next().is(Kind.ASSIGN);
        }
        return false;
    }

    private Node.Command command(String context) throws TemplateException {
        int start = peek().offset();
        var operands = new ArrayList<Operand>(2);
        while (!peek().is(Kind.END) && !peek().is(Kind.PIPE) && !peek().is(Kind.RIGHT)) {
            operands.add(operand());
        }
        if (operands.isEmpty()) {
            throw error("missing value for " + context);
        }
        return new Node.Command(
                operands, source.substring(start, peek().offset()).strip());
    }

    private Operand operand() throws TemplateException {
        Operand operand = term();
        if (peek().is(Kind.DOT) && !peek().spaced()) {
            throw error("unexpected <.> in operand");
        }
        return operand;
    }

    private Operand term() throws TemplateException {
        Token t = next();
        return switch (t.kind()) {
            case NUMBER -> new Operand.Literal(Literals.number(t.text()), t.offset(), t.text());
            case STRING -> new Operand.Literal(Literals.unquote(t.text()), t.offset(), t.text());
            case CHARACTER ->
                new Operand.Literal((long) Literals.unquote(t.text()).codePointAt(0), t.offset(), t.text());
            case DOT -> new Operand.Dot(t.offset(), ".");
            case FIELD -> {
                // a chain of fields stands, for messages, where its second begins
                int at = peek().is(Kind.FIELD) && !peek().spaced() ? peek().offset() : t.offset();
                yield new Operand.Field(names(t.text().substring(1)), at, upTo(t.offset()));
            }
            case VARIABLE -> new Operand.Variable(t.text(), names(""), t.offset(), upTo(t.offset()));
            case LEFT ->
                new Operand.Sub(pipe("parenthesized pipeline", Kind.RIGHT), names(""), t.offset(), upTo(t.offset()));
            case WORD ->
                switch (t.text()) {
                    case "true", "false" -> new Operand.Literal(t.text().equals("true"), t.offset(), t.text());
                    case "nil" -> new Operand.Literal(null, t.offset(), "nil");
                    default -> {
                        if (!functions.contains(t.text())) {
                            throw error("function \"" + t.text() + "\" not defined");
                        }
                        var function = new Operand.Function(t.text(), t.offset(), t.text());
                        if (!peek().is(Kind.FIELD) || peek().spaced()) {
                            yield function;
                        }
                        var alone = new Node.Command(List.of(function), t.text());
                        var pipe = new Node.Pipe(List.of(), false, List.of(alone), t.text(), t.offset());
                        yield new Operand.Sub(pipe, names(""), t.offset(), t.text());
                    }
                };
            default -> {
                token--;
                throw unexpected("operand");
            }
        };
    }

    private String upTo(int start) {
        Token last = tokens.get(token - 1);
        return source.substring(start, last.offset() + last.text().length());
    }

    /** Field names that follow without a blank. */
    private List<String> names(String first) {
        var names = new ArrayList<String>(2);
        if (!first.isEmpty()) {
            names.add(first);
        }
        while (peek().is(Kind.FIELD) && !peek().spaced()) {
            names.add(next().text().substring(1));
        }
        return names;
    }
}
