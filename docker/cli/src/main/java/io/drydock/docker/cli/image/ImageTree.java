package io.drydock.docker.cli.image;

import io.drydock.docker.cli.format.Text;
import io.drydock.docker.cli.format.Units;
import io.drydock.docker.cli.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/** {@code docker images --tree}: images with the platforms they hold, in columns that fit the terminal. */
final class ImageTree {
    private static final String WARNING =
            "WARNING: This is an experimental feature. The output may change and shouldn't be depended on.";
    private static final String RESET = "\u001b[0m";
    private static final String PLAIN = "\u001b[39m";
    private static final String BOLD = PLAIN + "\u001b[1m";
    private static final String FAINT = PLAIN + "\u001b[2m";
    private static final String NAME = "\u001b[34m\u001b[1m";
    private static final String CHIP = "\u001b[38;5;0m\u001b[48;5;14m U " + RESET;
    private static final int SPACING = 3;
    private static final int NARROWEST_NAME = 12;
    private static final String[] TITLES = {"ID", "DISK USAGE", "CONTENT SIZE", "EXTRA"};
    private static final int[] WIDTHS = {12, 10, 12, 5};

    private final boolean terminal;
    private final int width;
    private final StringBuilder out = new StringBuilder();
    /** How many columns follow the name. */
    private int columns;

    private int nameWidth;

    private record Details(String id, String diskUsage, String contentSize, boolean used) {
        String column(int i) {
            return switch (i) {
                case 0 -> id;
                case 1 -> diskUsage;
                default -> contentSize;
            };
        }
    }

    /** One platform of an image. */
    private record Child(String platform, boolean available, Details details) {}

    private record Top(List<String> names, Details details, List<Child> children) {}

    /** {@code width} is that of the terminal, or 0 if there is none. */
    ImageTree(boolean terminal, int width) {
        this.terminal = terminal;
        this.width = width == 0 ? 80 : Math.max(20, width);
    }

    /** The text; images come in the order of their creation, newest first. Those without a name are shown if all are. */
    String render(List<Object> images, boolean all) {
        var tops = new ArrayList<Top>();
        for (Object image : images) {
            Top top = top(image);
            if (all || !top.names.isEmpty()) {
                tops.add(top);
            }
        }
        layOut(tops);
        out.append(colored("\u001b[93m", WARNING)).append('\n');
        legend();
        cell(nameWidth, BOLD + "IMAGE" + RESET, 5, false);
        for (int i = 0; i < columns; i++) {
            // in bold also where there is no terminal, as the original has it
            out.repeat(' ', SPACING);
            cell(WIDTHS[i], BOLD + TITLES[i] + RESET, TITLES[i].length(), i > 0);
        }
        out.append('\n');
        tops.forEach(this::image);
        return out.toString();
    }

    private static Top top(Object image) {
        var children = new ArrayList<Child>();
        long content = 0;
        boolean used = Json.number(image, "Containers") > 0;
        for (Object manifest : Json.list(Json.at(image, "Manifests"))) {
            if (!Json.text(manifest, "Kind").equals("image")) {
                continue;
            }
            boolean here =
                    !Json.list(Json.at(manifest, "ImageData", "Containers")).isEmpty();
            used |= here;
            content += Json.number(manifest, "Size", "Content");
            children.add(new Child(
                    platform(Json.map(Json.at(manifest, "ImageData", "Platform"))),
                    Json.bool(manifest, "Available"),
                    details(
                            Json.text(manifest, "ID"),
                            Json.number(manifest, "Size", "Total"),
                            Json.number(manifest, "Size", "Content"),
                            here)));
        }
        var names = new ArrayList<String>();
        Json.list(Json.at(image, "RepoTags")).forEach(name -> names.add(String.valueOf(name)));
        names.sort(Comparator.comparingInt(String::length).reversed());
        return new Top(names, details(Json.text(image, "Id"), Json.number(image, "Size"), content, used), children);
    }

    private static Details details(String id, long disk, long content, boolean used) {
        return new Details(Text.shortId(id), Units.size(disk), Units.size(content), used);
    }

    private static String platform(Map<String, Object> platform) {
        String os = Json.text(platform, "os");
        String variant = Json.text(platform, "variant");
        return (os.isEmpty() ? "unknown" : os) + "/" + Json.text(platform, "architecture")
                + (variant.isEmpty() ? "" : "/" + variant);
    }

    /** Columns are left out until 12 characters are left for the name. */
    private void layOut(List<Top> tops) {
        nameWidth = width;
        for (int column : WIDTHS) {
            if (nameWidth - column - SPACING < NARROWEST_NAME) {
                break;
            }
            nameWidth -= column + SPACING;
            columns++;
        }
        int widest = "Image".length();
        for (Top top : tops) {
            for (String name : top.names) {
                widest = Math.max(widest, bytes(name));
            }
            for (Child child : top.children) {
                widest = Math.max(widest, bytes("└─ " + child.platform));
            }
        }
        nameWidth = Math.min(nameWidth, widest);
    }

    /** The original counts bytes here, and so must who wants its columns. */
    private static int bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }

    private void legend() {
        String text = terminal
                ? "\u001b[1m\u001b[106m\u001b[30mi" + RESET + RESET + " \u001b[96mInfo → " + RESET + RESET + " " + CHIP
                        + " In Use "
                : "Info ->  U In Use ";
        out.repeat(' ', Math.max(0, width - (terminal ? 21 : 18))).append(text).append("\n\n");
    }

    private void image(Top top) {
        List<String> names = top.names;
        for (int i = 0; i < names.size() - 1; i++) {
            // a line of its own may be as long as the terminal is wide
            out.append(colored(NAME, cut(names.get(i), width))).append('\n');
        }
        String last = names.isEmpty() ? "<untagged>" : cut(names.getLast(), nameWidth);
        cell(nameWidth, colored(names.isEmpty() ? FAINT : NAME, last), last.length(), false);
        details(top.details, PLAIN);
        for (int i = 0; i < top.children.size(); i++) {
            Child child = top.children.get(i);
            String color = child.available ? PLAIN : FAINT;
            String text = cut((i + 1 < top.children.size() ? "├─ " : "└─ ") + child.platform, nameWidth);
            cell(nameWidth, colored(color, text), text.length(), false);
            details(child.details, color);
        }
        out.append('\n');
    }

    private void details(Details details, String color) {
        for (int i = 0; i < columns; i++) {
            out.repeat(' ', SPACING);
            if (i == 3) {
                chips(details.used);
            } else {
                String text = cut(details.column(i), WIDTHS[i]);
                cell(WIDTHS[i], colored(color, text), text.length(), i > 0);
            }
        }
        out.append('\n');
    }

    private void chips(boolean used) {
        if (!used) {
            out.repeat(' ', WIDTHS[3]);
        } else if (terminal) {
            cell(WIDTHS[3], CHIP, 3, false);
        } else {
            cell(WIDTHS[3], "U", 1, false);
        }
    }

    private void cell(int columnWidth, String text, int visible, boolean right) {
        int fill = Math.max(0, columnWidth - visible);
        if (right) {
            out.repeat(' ', fill).append(text);
        } else {
            out.append(text).repeat(' ', fill);
        }
    }

    private static String cut(String text, int to) {
        return text.length() > to ? text.substring(0, to - 1) + "…" : text;
    }

    private String colored(String color, String text) {
        return terminal ? color + text + RESET : text;
    }
}
