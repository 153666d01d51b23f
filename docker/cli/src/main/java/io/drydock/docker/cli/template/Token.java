package io.drydock.docker.cli.template;

/** A piece of an action. {@code spaced} says whether a blank stands before it. */
record Token(Kind kind, String text, int offset, boolean spaced) {
    enum Kind {
        FIELD,
        VARIABLE,
        WORD,
        STRING,
        CHARACTER,
        NUMBER,
        PIPE,
        LEFT,
        RIGHT,
        DECLARE,
        ASSIGN,
        COMMA,
        DOT,
        END
    }

    boolean is(Kind k) {
        return kind == k;
    }

    boolean isWord(String word) {
        return kind == Kind.WORD && text.equals(word);
    }
}
