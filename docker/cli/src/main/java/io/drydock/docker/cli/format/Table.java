package io.drydock.docker.cli.format;

import java.util.ArrayList;
import java.util.List;

/**
 * Go's {@code text/tabwriter} as Docker sets it up: cells end with a tab, columns are padded with blanks to the widest
 * cell and a gap; a column is a run of adjacent lines that have a cell there.
 */
public final class Table {
    private final List<String[]> lines = new ArrayList<>();
    private final int minimum;
    private final int gap;

    /** At least {@code minimum} columns for each cell, {@code gap} blanks behind the widest. */
    public Table(int minimum, int gap) {
        this.minimum = minimum;
        this.gap = gap;
    }

    /** As of the lists: 10 columns, or more by three blanks. */
    public static Table ofList() {
        return new Table(10, 3);
    }

    /** One or more lines whose cells are separated by tabs. */
    public void add(String text) {
        int from = 0;
        for (int end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', from)) {
            lines.add(text.substring(from, end).split("\t", -1));
            from = end + 1;
        }
        if (from < text.length()) {
            lines.add(text.substring(from).split("\t", -1));
        }
    }

    public String render() {
        int[][] widths = new int[lines.size()][];
        for (int i = 0; i < lines.size(); i++) {
            widths[i] = new int[lines.get(i).length - 1];
        }
        for (int i = 0; i < lines.size(); i++) {
            for (int column = 0; column < widths[i].length; column++) {
                if (widths[i][column] == 0) {
                    measure(widths, i, column);
                }
            }
        }
        var out = new StringBuilder();
        for (int i = 0; i < lines.size(); i++) {
            String[] cells = lines.get(i);
            for (int column = 0; column < cells.length; column++) {
                out.append(cells[column]);
                if (column < cells.length - 1) {
                    out.repeat(' ', Math.max(0, widths[i][column] - width(cells[column])));
                }
            }
            out.append('\n');
        }
        return out.toString();
    }

    /** The width of the column's run of lines that begins at this line. */
    private void measure(int[][] widths, int first, int column) {
        int widest = 0;
        int end = first;
        while (end < lines.size() && column < widths[end].length) {
            int w = width(lines.get(end)[column]);
            widest = Math.max(widest, w + gap);
            end++;
        }
        widest = Math.max(widest, minimum);
        for (int i = first; i < end; i++) {
            widths[i][column] = widest;
        }
    }

    private static int width(String text) {
        return text.codePointCount(0, text.length());
    }
}
