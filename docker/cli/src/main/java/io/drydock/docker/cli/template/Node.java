package io.drydock.docker.cli.template;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** The syntax tree. Operands know where they stand, for messages. */
sealed interface Node {
    record Text(String text) implements Node {}

    record Action(Pipe pipe) implements Node {}

    record If(Pipe pipe, List<Node> then, List<Node> otherwise) implements Node {}

    record With(Pipe pipe, List<Node> then, List<Node> otherwise) implements Node {}

    record Range(Pipe pipe, List<Node> body, List<Node> otherwise) implements Node {}

    record Call(String name, @Nullable Pipe pipe, int offset) implements Node {}

    record Break() implements Node {}

    record Continue() implements Node {}

    /** Variables to declare or assign, then commands of which each gets the one before as its last argument. */
    record Pipe(List<String> variables, boolean assign, List<Command> commands, String source, int offset) {}

    record Command(List<Operand> operands, String source) {}

    sealed interface Operand {
        int offset();

        String source();

        record Literal(@Nullable Object value, int offset, String source) implements Operand {}

        record Dot(int offset, String source) implements Operand {}

        record Field(List<String> names, int offset, String source) implements Operand {}

        record Variable(String name, List<String> names, int offset, String source) implements Operand {}

        record Function(String name, int offset, String source) implements Operand {}

        record Sub(Pipe pipe, List<String> names, int offset, String source) implements Operand {}
    }
}
