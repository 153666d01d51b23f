package io.drydock.flags;

import java.util.ArrayList;
import java.util.List;

/** The list of flags in help texts, laid out as pflag does. */
public final class FlagHelp {
    private FlagHelp() {}

    /** One or more lines for each flag that is not hidden, wrapped to the number of columns; 0 wraps nothing. */
    public static String render(Iterable<Flag> flags, int columns) {
        List<String> left = new ArrayList<>();
        List<String> right = new ArrayList<>();
        int widest = 0;
        for (Flag flag : flags) {
            if (flag.hidden()) {
                continue;
            }
            String head = (flag.shorthand() == 0 ? "      --" : "  -" + flag.shorthand() + ", --") + flag.name();
            if (!flag.type().equals("bool")) {
                head += " " + flag.type();
            }
            left.add(head);
            widest = Math.max(widest, head.length());
            right.add(flag.usage() + defaultOf(flag));
        }
        var out = new StringBuilder();
        for (int i = 0; i < left.size(); i++) {
            String head = left.get(i);
            out.append(head).repeat(' ', widest + 3 - head.length());
            wrap(out, widest + 3, columns, right.get(i));
            out.append('\n');
        }
        return out.toString();
    }

    private static String defaultOf(Flag flag) {
        String text = flag.defaultText();
        if (text == null) {
            return "";
        }
        return " (default " + (flag.type().equals("string") ? FlagValues.quote(text) : text) + ")";
    }

    private static void wrap(StringBuilder out, int indent, int columns, String text) {
        int margin = indent;
        int width = columns - margin;
        if (columns == 0) {
            out.append(text.replace("\n", "\n" + " ".repeat(margin)));
            return;
        }
        if (width < 24) {
            margin = 16;
            width = columns - margin;
            out.append('\n').repeat(' ', margin);
        }
        String pad = "\n" + " ".repeat(margin);
        if (width < 24) {
            out.append(text.replace("\n", pad));
            return;
        }
        int slop = 5;
        width -= slop;
        String rest = text;
        boolean first = true;
        while (first || !rest.isEmpty()) {
            int cut = cut(width, slop, rest);
            String line = cut < 0 ? rest : rest.substring(0, cut);
            rest = cut < 0 ? "" : rest.substring(cut + 1);
            if (!first) {
                out.append(pad);
            }
            out.append(line.replace("\n", pad));
            first = false;
        }
    }

    /** Where the line breaks: the index of the blank that ends it, or -1 if all fits. */
    private static int cut(int width, int slop, String text) {
        if (width + slop > text.length()) {
            return -1;
        }
        String head = text.substring(0, width);
        int blank = Math.max(head.lastIndexOf(' '), Math.max(head.lastIndexOf('\t'), head.lastIndexOf('\n')));
        if (blank <= 0) {
            return -1;
        }
        int newline = head.lastIndexOf('\n');
        return newline > 0 && newline < blank ? newline : blank;
    }
}
