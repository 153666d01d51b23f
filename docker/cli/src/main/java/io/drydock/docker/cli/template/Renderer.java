package io.drydock.docker.cli.template;

import io.drydock.docker.cli.template.Node.Operand;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Walks the syntax tree once. */
final class Renderer {
    /** What a key that is not there yields: prints as {@code <no value>} and is false. */
    static final Object NO_VALUE = new Object() {
        @Override
        public String toString() {
            return "<no value>";
        }
    };

    private static final int DEEPEST = 1000;

    private final String source;
    private final Map<String, List<Node>> templates;
    private final Template.MissingKey missing;
    private final boolean header;
    private final StringBuilder out = new StringBuilder();
    private List<Variable> variables = new ArrayList<>();
    private int depth;
    private String template = "";

    private static final class Variable {
        final String name;

        @Nullable
        Object value;

        Variable(String name, @Nullable Object value) {
            this.name = name;
            this.value = value;
        }
    }

    private enum Flow {
        ON,
        BREAK,
        CONTINUE
    }

    Renderer(String source, Map<String, List<Node>> templates, Template.MissingKey missing, boolean header) {
        this.source = source;
        this.templates = templates;
        this.missing = missing;
        this.header = header;
    }

    String render(@Nullable Object data) throws TemplateException {
        variables.add(new Variable("$", data));
        List<Node> root = templates.get("");
        if (root != null) {
            walk(root, data);
        }
        return out.toString();
    }

    private Flow walk(List<Node> nodes, @Nullable Object dot) throws TemplateException {
        for (Node node : nodes) {
            Flow flow = walk(node, dot);
            if (flow != Flow.ON) {
                return flow;
            }
        }
        return Flow.ON;
    }

    private Flow walk(Node node, @Nullable Object dot) throws TemplateException {
        // instanceof and not a switch over types: each such switch costs 20 ms when it is first met
        if (node instanceof Node.Text text) {
            out.append(text.text());
        } else if (node instanceof Node.Action action) {
            Object value = pipe(action.pipe(), dot);
            if (action.pipe().variables().isEmpty()) {
                Printing.print(out, value);
            }
        } else if (node instanceof Node.If branch) {
            return scoped(
                    branch.pipe(),
                    dot,
                    value -> Printing.truth(value) ? walk(branch.then(), dot) : walk(branch.otherwise(), dot));
        } else if (node instanceof Node.With branch) {
            return scoped(
                    branch.pipe(),
                    dot,
                    value -> Printing.truth(value) ? walk(branch.then(), value) : walk(branch.otherwise(), dot));
        } else if (node instanceof Node.Range range) {
            range(range, dot);
        } else if (node instanceof Node.Call call) {
            call(call, dot);
        } else {
            return node instanceof Node.Break ? Flow.BREAK : Flow.CONTINUE;
        }
        return Flow.ON;
    }

    private interface Body {
        Flow run(@Nullable Object value) throws TemplateException;
    }

    private Flow scoped(Node.Pipe pipe, @Nullable Object dot, Body body) throws TemplateException {
        int mark = variables.size();
        Flow flow = body.run(pipe(pipe, dot));
        forget(mark);
        return flow;
    }

    private void forget(int mark) {
        while (variables.size() > mark) {
            variables.removeLast();
        }
    }

    private void range(Node.Range range, @Nullable Object dot) throws TemplateException {
        int mark = variables.size();
        Node.Pipe pipe = range.pipe();
        Object value = commands(pipe, dot);
        var keys = new ArrayList<@Nullable Object>();
        var elements = new ArrayList<@Nullable Object>();
        if (value instanceof List<?> list) {
            for (int i = 0; i < list.size(); i++) {
                keys.add((long) i);
                elements.add(list.get(i));
            }
        } else if (value instanceof Map<?, ?> map) {
            new TreeMap<Object, Object>(map).forEach((k, v) -> {
                keys.add(k);
                elements.add(v);
            });
        } else if (value instanceof Long n) {
            for (long i = 0; i < n; i++) {
                keys.add(i);
                elements.add(i);
            }
        } else if (value != null && value != NO_VALUE) {
            throw failure(pipe.offset(), pipe.source(), "range can't iterate over " + Printing.print(value));
        }
        if (elements.isEmpty()) {
            walk(range.otherwise(), dot);
        }
        for (int i = 0; i < elements.size(); i++) {
            int inner = variables.size();
            List<String> names = pipe.variables();
            if (names.size() == 2) {
                bind(names.get(0), keys.get(i), pipe.assign());
                bind(names.get(1), elements.get(i), pipe.assign());
            } else if (names.size() == 1) {
                bind(names.getFirst(), elements.get(i), pipe.assign());
            }
            Flow flow = walk(range.body(), elements.get(i));
            forget(inner);
            if (flow == Flow.BREAK) {
                break;
            }
        }
        forget(mark);
    }

    private void call(Node.Call call, @Nullable Object dot) throws TemplateException {
        List<Node> body = templates.get(call.name());
        if (body == null) {
            throw failure(
                    call.offset(),
                    "{{template \"" + call.name() + "\"}}",
                    "template \"" + call.name() + "\" not defined");
        }
        if (++depth > DEEPEST) {
            throw failure(call.offset(), call.name(), "exceeded maximum template depth (" + DEEPEST + ")");
        }
        Object data = call.pipe() == null ? null : pipe(call.pipe(), dot);
        List<Variable> outside = variables;
        String outer = template;
        template = call.name();
        variables = new ArrayList<>();
        variables.add(new Variable("$", data));
        walk(body, data);
        variables = outside;
        template = outer;
        depth--;
    }

    private @Nullable Object pipe(Node.Pipe pipe, @Nullable Object dot) throws TemplateException {
        Object value = commands(pipe, dot);
        for (String name : pipe.variables()) {
            bind(name, value, pipe.assign());
        }
        return value;
    }

    private void bind(String name, @Nullable Object value, boolean assign) throws TemplateException {
        if (assign) {
            variable(name).value = value;
        } else {
            variables.add(new Variable(name, value));
        }
    }

    private Variable variable(String name) throws TemplateException {
        for (int i = variables.size() - 1; i >= 0; i--) {
            if (variables.get(i).name.equals(name)) {
                return variables.get(i);
            }
        }
        throw new TemplateException("template: :1: undefined variable \"" + name + "\"");
    }

    private @Nullable Object commands(Node.Pipe pipe, @Nullable Object dot) throws TemplateException {
        Object value = null;
        boolean first = true;
        for (Node.Command command : pipe.commands()) {
            value = command(command, dot, first ? List.of() : java.util.Collections.singletonList(value));
            first = false;
        }
        return value;
    }

    private @Nullable Object command(Node.Command command, @Nullable Object dot, List<@Nullable Object> last)
            throws TemplateException {
        List<Operand> operands = command.operands();
        Operand head = operands.getFirst();
        if (head instanceof Operand.Function function) {
            return function(function, operands, dot, last);
        }
        boolean hasArguments = operands.size() > 1 || !last.isEmpty();
        if (hasArguments) {
            var arguments = arguments(operands, dot, last);
            if (head instanceof Operand.Field f) {
                return fields(dot, f.names(), arguments, f);
            }
            if (head instanceof Operand.Variable v && !v.names().isEmpty()) {
                return fields(variable(v.name()).value, v.names(), arguments, v);
            }
            if (head instanceof Operand.Sub s && !s.names().isEmpty()) {
                return fields(pipe(s.pipe(), dot), s.names(), arguments, s);
            }
            throw failure(head.offset(), command.source(), "can't give argument to non-function " + head.source());
        }
        return value(head, dot);
    }

    private List<@Nullable Object> arguments(List<Operand> operands, @Nullable Object dot, List<@Nullable Object> last)
            throws TemplateException {
        var arguments = new ArrayList<@Nullable Object>(operands.size());
        for (int i = 1; i < operands.size(); i++) {
            arguments.add(value(operands.get(i), dot));
        }
        arguments.addAll(last);
        return arguments;
    }

    private @Nullable Object function(
            Operand.Function function, List<Operand> operands, @Nullable Object dot, List<@Nullable Object> last)
            throws TemplateException {
        String name = function.name();
        if (name.equals("and") || name.equals("or")) {
            Object value = null;
            for (int i = 1; i < operands.size() + last.size(); i++) {
                value = i < operands.size() ? value(operands.get(i), dot) : last.getFirst();
                if (Printing.truth(value) == name.equals("or")) {
                    break;
                }
            }
            return value;
        }
        var arguments = arguments(operands, dot, last);
        try {
            return Functions.call(name, arguments, header);
        } catch (TemplateException e) {
            String message = String.valueOf(e.getMessage());
            boolean ours = message.startsWith("wrong number of args");
            throw failure(
                    function.offset(),
                    ours ? name : commandSource(operands),
                    ours ? message : "error calling " + name + ": " + message);
        }
    }

    private String commandSource(List<Operand> operands) {
        Operand last = operands.getLast();
        return source.substring(
                operands.getFirst().offset(), last.offset() + last.source().length());
    }

    private @Nullable Object value(Operand operand, @Nullable Object dot) throws TemplateException {
        if (operand instanceof Operand.Field f) {
            return fields(dot, f.names(), List.of(), f);
        }
        if (operand instanceof Operand.Literal literal) {
            return literal.value();
        }
        if (operand instanceof Operand.Variable v) {
            return fields(variable(v.name()).value, v.names(), List.of(), v);
        }
        if (operand instanceof Operand.Sub s) {
            return fields(pipe(s.pipe(), dot), s.names(), List.of(), s);
        }
        return operand instanceof Operand.Function f ? function(f, List.of(f), dot, List.of()) : dot;
    }

    private @Nullable Object fields(
            @Nullable Object start, List<String> names, List<@Nullable Object> arguments, Operand operand)
            throws TemplateException {
        Object here = start;
        for (int i = 0; i < names.size(); i++) {
            List<@Nullable Object> given = i == names.size() - 1 ? arguments : List.of();
            here = field(here, names.get(i), given, operand);
        }
        return here;
    }

    private @Nullable Object field(
            @Nullable Object object, String name, List<@Nullable Object> arguments, Operand operand)
            throws TemplateException {
        if (object == null) {
            throw failure(operand.offset(), operand.source(), "nil pointer evaluating interface {}." + name);
        }
        if (object instanceof Fields fields) {
            if (!fields.has(name)) {
                throw failure(
                        operand.offset(),
                        operand.source(),
                        "can't evaluate field " + name + " in type " + fields.typeName());
            }
            try {
                return fields.get(name, arguments);
            } catch (TemplateException e) {
                throw failure(operand.offset(), operand.source(), String.valueOf(e.getMessage()));
            }
        }
        if (object instanceof Map<?, ?> map) {
            if (!map.containsKey(name)) {
                if (missing == Template.MissingKey.ERROR) {
                    throw failure(operand.offset(), operand.source(), "map has no entry for key \"" + name + "\"");
                }
                return NO_VALUE;
            }
            return map.get(name);
        }
        if (object == NO_VALUE) {
            return NO_VALUE;
        }
        throw failure(
                operand.offset(),
                operand.source(),
                "can't evaluate field " + name + " in type " + Printing.typeName(object));
    }

    private TemplateException failure(int offset, String node, String message) {
        String shown = node.length() > 20 ? node.substring(0, 20) + "..." : node;
        return new TemplateException("template: :" + Position.line(source, offset) + ":"
                + Position.column(source, offset) + ": executing \"" + template + "\" at <" + shown + ">: " + message);
    }
}
