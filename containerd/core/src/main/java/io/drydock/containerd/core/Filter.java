package io.drydock.containerd.core;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * containerd's filter language: {@code name==x,labels."a.b"~=^c}: terms joined by commas must all hold; of several filters
 * one must hold; a field alone asks whether it is there. Source: containerd's pkg/filters documentation.
 */
public final class Filter {
    /** Looks up a field by its path, such as {@code [labels, a.b]}. */
    @FunctionalInterface
    public interface Fields {
        Optional<String> get(List<String> path);
    }

    private record Term(List<String> path, Predicate<String> value) {}

    private final List<String> texts;
    private final List<List<Term>> alternatives;

    private Filter(List<String> texts, List<List<Term>> alternatives) {
        this.texts = List.copyOf(texts);
        this.alternatives = alternatives;
    }

    /** Reads filters of which one must hold; without any, everything does. Throws INVALID_ARGUMENT for a malformed one. */
    public static Filter parse(List<String> filters) {
        var alternatives = new ArrayList<List<Term>>();
        for (var text : filters) {
            alternatives.add(new Parser(text).terms());
        }
        return new Filter(filters, alternatives);
    }

    /** What it was read from. */
    public List<String> texts() {
        return texts;
    }

    public boolean matches(Fields fields) {
        return alternatives.isEmpty()
                || alternatives.stream()
                        .anyMatch(terms -> terms.stream()
                                .allMatch(term -> fields.get(term.path())
                                        .filter(term.value())
                                        .isPresent()));
    }

    private static final class Parser {
        private final String text;
        private int at;

        Parser(String text) {
            this.text = text;
        }

        List<Term> terms() {
            var terms = new ArrayList<Term>();
            while (at < text.length()) {
                terms.add(term());
                if (at < text.length() && text.charAt(at++) != ',') {
                    throw error("expected a comma");
                }
            }
            return terms;
        }

        private Term term() {
            var path = new ArrayList<String>();
            path.add(word(".=~!,"));
            while (at < text.length() && text.charAt(at) == '.') {
                at++;
                path.add(word(".=~!,"));
            }
            if (at == text.length() || text.charAt(at) == ',') {
                return new Term(path, value -> !value.isEmpty());
            }
            var operator = at + 2 <= text.length() ? text.substring(at, at + 2) : "";
            at += 2;
            return switch (operator) {
                case "==" -> {
                    var wanted = word(",");
                    yield new Term(path, wanted::equals);
                }
                case "!=" -> {
                    var wanted = word(",");
                    yield new Term(path, value -> !wanted.equals(value));
                }
                case "~=" -> {
                    var pattern = pattern(word(","));
                    yield new Term(path, value -> pattern.matcher(value).find());
                }
                default -> throw error("unsupported operator \"" + operator + "\"");
            };
        }

        private Pattern pattern(String expression) {
            try {
                return Pattern.compile(expression);
            } catch (PatternSyntaxException e) {
                throw error(e.getDescription());
            }
        }

        private String word(String ends) {
            if (at < text.length() && (text.charAt(at) == '"' || text.charAt(at) == '|' || text.charAt(at) == '/')) {
                return quoted(text.charAt(at++));
            }
            int begin = at;
            while (at < text.length() && ends.indexOf(text.charAt(at)) < 0) {
                at++;
            }
            if (at == begin) {
                throw error("expected a name or a value");
            }
            return text.substring(begin, at);
        }

        private String quoted(char quote) {
            var word = new StringBuilder();
            while (at < text.length() && text.charAt(at) != quote) {
                if (text.charAt(at) == '\\' && at + 1 < text.length() && quote == '"') {
                    at++;
                }
                word.append(text.charAt(at++));
            }
            if (at == text.length()) {
                throw error("a quote is not closed");
            }
            at++;
            return word.toString();
        }

        private ContainerdError error(String why) {
            return ContainerdError.invalid("filters: parse error at " + at + " of \"" + text + "\": " + why);
        }
    }
}
