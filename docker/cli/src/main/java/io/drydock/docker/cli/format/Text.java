package io.drydock.docker.cli.format;

/** Cuts texts to the width of a column. */
public final class Text {
    private Text() {}

    /** At most so many characters; what is cut off is shown by an ellipsis. */
    public static String ellipsis(String text, int most) {
        if (text.codePointCount(0, text.length()) <= most) {
            return text;
        }
        if (most <= 0) {
            return "";
        }
        return text.substring(0, text.offsetByCodePoints(0, most - 1)) + "…";
    }

    /** An id without its algorithm, twelve characters of it. */
    public static String shortId(String id) {
        int colon = id.indexOf(':');
        String digits = colon < 0 ? id : id.substring(colon + 1);
        return digits.length() > 12 ? digits.substring(0, 12) : digits;
    }
}
