package io.drydock.docker.cli.template;

import io.drydock.docker.cli.json.JsonWriter;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The functions a template can call: Go's own and Docker's. */
final class Functions {
    static final Set<String> NAMES = Set.of(
            "and",
            "or",
            "not",
            "len",
            "index",
            "slice",
            "print",
            "printf",
            "println",
            "html",
            "js",
            "urlquery",
            "call",
            "eq",
            "ne",
            "lt",
            "le",
            "gt",
            "ge",
            "json",
            "split",
            "join",
            "title",
            "lower",
            "upper",
            "pad",
            "truncate");

    private Functions() {}

    /** In a header, Docker's functions answer their first argument as it is. */
    static @Nullable Object call(String name, List<@Nullable Object> a, boolean header) throws TemplateException {
        return switch (name) {
            case "not" -> !Printing.truth(one(name, a));
            case "len" -> length(one(name, a));
            case "index" -> index(a);
            case "slice" -> slice(a);
            case "print" -> printAll(a, false);
            case "println" -> printAll(a, true);
            case "printf" -> Printf.format(text(need(name, a, 1).getFirst()), a.subList(1, a.size()));
            case "html" -> html(printAll(a, false));
            case "js" -> js(printAll(a, false));
            case "urlquery" -> URLEncoder.encode(printAll(a, false), StandardCharsets.UTF_8);
            case "call" -> throw new TemplateException("call of non-function");
            case "eq" -> equalToAny(a);
            case "ne" -> !same(need(name, a, 2).get(0), a.get(1));
            case "lt" -> compare(need(name, a, 2)) < 0;
            case "le" -> compare(need(name, a, 2)) <= 0;
            case "gt" -> compare(need(name, a, 2)) > 0;
            case "ge" -> compare(need(name, a, 2)) >= 0;
            default -> header ? need(name, a, 1).getFirst() : docker(name, a);
        };
    }

    private static Object docker(String name, List<@Nullable Object> a) throws TemplateException {
        return switch (name) {
            case "json" -> json(one(name, a));
            case "split" -> split(text(need(name, a, 2).get(0)), text(a.get(1)));
            case "join" -> join(need(name, a, 2).get(0), text(a.get(1)));
            case "title" -> title(text(one(name, a)));
            case "lower" -> text(one(name, a)).toLowerCase();
            case "upper" -> text(one(name, a)).toUpperCase();
            case "pad" -> {
                String s = text(need(name, a, 3).get(0));
                yield s.isEmpty() ? s : " ".repeat(number(a.get(1))) + s + " ".repeat(number(a.get(2)));
            }
            case "truncate" -> {
                String s = text(need(name, a, 2).get(0));
                yield s.length() < number(a.get(1)) ? s : s.substring(0, number(a.get(1)));
            }
            default -> throw new TemplateException("function \"" + name + "\" not defined");
        };
    }

    private static List<@Nullable Object> need(String name, List<@Nullable Object> a, int n) throws TemplateException {
        if (a.size() < n) {
            throw new TemplateException("wrong number of args for " + name + ": want " + n + " got " + a.size());
        }
        return a;
    }

    private static @Nullable Object one(String name, List<@Nullable Object> a) throws TemplateException {
        return need(name, a, 1).getFirst();
    }

    private static String text(@Nullable Object value) throws TemplateException {
        if (value instanceof String s) {
            return s;
        }
        throw new TemplateException(
                "wrong type for value; expected string; got " + (value == null ? "nil" : Printing.typeName(value)));
    }

    private static int number(@Nullable Object value) throws TemplateException {
        if (value instanceof Number n) {
            return n.intValue();
        }
        throw new TemplateException("expected integer; found " + Printing.print(value));
    }

    /** JSON as Go writes it: the members of maps in order, no escapes for markup. */
    static String json(@Nullable Object value) {
        var out = new StringBuilder();
        // rows of a list write themselves, by the encoder that escapes markup
        new JsonWriter(out, value instanceof Fields).write(ordered(value));
        return out.toString();
    }

    private static @Nullable Object ordered(@Nullable Object value) {
        if (value instanceof Fields fields) {
            return ordered(new TreeMap<>(fields.toMap()));
        }
        if (value instanceof List<?> list) {
            var copy = new ArrayList<@Nullable Object>(list.size());
            for (Object element : list) {
                copy.add(ordered(element));
            }
            return copy;
        }
        if (value instanceof Map<?, ?> map) {
            var copy = new java.util.LinkedHashMap<Object, @Nullable Object>();
            map.forEach((k, v) -> copy.put(k, ordered(v)));
            return copy;
        }
        return value == Renderer.NO_VALUE ? null : value;
    }

    private static List<String> split(String text, String separator) {
        var parts = new ArrayList<String>();
        if (separator.isEmpty()) {
            text.codePoints().forEach(c -> parts.add(Character.toString(c)));
            return parts;
        }
        int from = 0;
        for (int at = text.indexOf(separator); at >= 0; at = text.indexOf(separator, from)) {
            parts.add(text.substring(from, at));
            from = at + separator.length();
        }
        parts.add(text.substring(from));
        return parts;
    }

    private static String join(@Nullable Object list, String separator) throws TemplateException {
        if (list == null) {
            return "";
        }
        if (!(list instanceof List<?> elements)) {
            throw new TemplateException("wrong type for value; expected []string; got " + Printing.typeName(list));
        }
        var out = new StringBuilder();
        for (int i = 0; i < elements.size(); i++) {
            out.append(i == 0 ? "" : separator).append(Printing.print(elements.get(i)));
        }
        return out.toString();
    }

    private static String title(String text) {
        var out = new StringBuilder(text);
        boolean start = true;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (start) {
                out.setCharAt(i, Character.toTitleCase(c));
            }
            start = !Character.isLetterOrDigit(c) && c != '_' && c != '\'';
        }
        return out.toString();
    }

    private static long length(@Nullable Object value) throws TemplateException {
        if (value == null) {
            throw new TemplateException("len of nil pointer");
        }
        if (value instanceof String s) {
            return s.getBytes(StandardCharsets.UTF_8).length;
        }
        if (value instanceof List<?> l) {
            return l.size();
        }
        if (value instanceof Map<?, ?> m) {
            return m.size();
        }
        throw new TemplateException("len of type " + Printing.typeName(value));
    }

    private static @Nullable Object index(List<@Nullable Object> a) throws TemplateException {
        Object here = need("index", a, 1).getFirst();
        for (Object key : a.subList(1, a.size())) {
            if (here == null) {
                throw new TemplateException("index of untyped nil");
            }
            if (here instanceof List<?> list) {
                int i = number(key);
                if (i < 0 || i >= list.size()) {
                    throw new TemplateException(
                            i == list.size() ? "reflect: slice index out of range" : "index out of range: " + i);
                }
                here = list.get(i);
            } else if (here instanceof Map<?, ?> map) {
                here = map.containsKey(key) ? map.get(key) : Renderer.NO_VALUE;
            } else if (here instanceof String s) {
                here = (long) (s.getBytes(StandardCharsets.UTF_8)[number(key)] & 255);
            } else {
                throw new TemplateException("can't index item of type " + Printing.typeName(here));
            }
        }
        return here;
    }

    private static Object slice(List<@Nullable Object> a) throws TemplateException {
        Object item = need("slice", a, 1).getFirst();
        int size = (int) length(item);
        int from = a.size() > 1 ? number(a.get(1)) : 0;
        int to = a.size() > 2 ? number(a.get(2)) : size;
        if (from < 0 || to > size || from > to) {
            throw new TemplateException("index out of range: " + (to > size ? to : from));
        }
        if (item instanceof String s) {
            return new String(s.getBytes(StandardCharsets.UTF_8), from, to - from, StandardCharsets.UTF_8);
        }
        if (item instanceof List<?> l) {
            return l.subList(from, to);
        }
        throw new TemplateException("can't slice item of type " + (item == null ? "nil" : Printing.typeName(item)));
    }

    /** Blanks stand between operands if neither is a text; {@code println} has them everywhere and ends the line. */
    private static String printAll(List<@Nullable Object> a, boolean line) {
        var out = new StringBuilder();
        for (int i = 0; i < a.size(); i++) {
            if (i > 0 && (line || !(a.get(i) instanceof String) && !(a.get(i - 1) instanceof String))) {
                out.append(' ');
            }
            Printing.print(out, a.get(i));
        }
        return line ? out.append('\n').toString() : out.toString();
    }

    private static boolean equalToAny(List<@Nullable Object> a) throws TemplateException {
        need("eq", a, 2);
        for (Object other : a.subList(1, a.size())) {
            if (same(a.getFirst(), other)) {
                return true;
            }
        }
        return false;
    }

    private static boolean same(@Nullable Object a, @Nullable Object b) throws TemplateException {
        if (a instanceof List || a instanceof Map) {
            throw new TemplateException("non-comparable type " + Printing.typeName(a));
        }
        if (a instanceof Long && b instanceof Double
                || a instanceof Double && b instanceof Long
                || a instanceof Boolean && !(b instanceof Boolean)
                || a instanceof String && b != null && !(b instanceof String)
                || b instanceof String && a != null && !(a instanceof String)) {
            throw new TemplateException("incompatible types for comparison");
        }
        return java.util.Objects.equals(a, b);
    }

    private static int compare(List<@Nullable Object> pair) throws TemplateException {
        Object a = pair.get(0);
        Object b = pair.get(1);
        if (a instanceof Long x && b instanceof Long y) {
            return x.compareTo(y);
        }
        if (a instanceof Double x && b instanceof Double y) {
            return x.compareTo(y);
        }
        if (a instanceof String x && b instanceof String y) {
            return x.compareTo(y);
        }
        throw new TemplateException("incompatible types for comparison");
    }

    private static String html(String text) {
        return text.replace("&", "&amp;")
                .replace("'", "&#39;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&#34;")
                .replace("\0", "\uFFFD");
    }

    private static String js(String text) {
        var out = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '\\' -> out.append("\\\\");
                case '\'' -> out.append("\\'");
                case '"' -> out.append("\\\"");
                case '<', '>', '&', '=' ->
                    out.append("\\u00").append(Integer.toHexString(c).toUpperCase());
                default -> {
                    if (c < ' ') {
                        out.append("\\u00")
                                .append(c < 16 ? "0" : "")
                                .append(Integer.toHexString(c).toUpperCase());
                    } else {
                        out.append(c);
                    }
                }
            }
        }
        return out.toString();
    }
}
