package io.drydock.docker.engine.log;

import io.drydock.spec.engine.EngineException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The {@code tag} option: text with the fields of Docker's log tags, {@code {{.Name}}/{{.ID}}} and the like. */
final class LogTag {
    private static final String DEFAULT = "{{.ID}}";
    private static final Pattern ACTION = Pattern.compile("\\{\\{-?\\s*(.*?)\\s*-?}}");
    private static final Pattern INDEXED =
            Pattern.compile("index\\s+\\.(ContainerLabels|Config)\\s+\"((?:[^\"\\\\]|\\\\.)*)\"");

    private LogTag() {}

    /** The tag of a container whose driver wants one in any case. */
    static String of(LogInfo info) {
        return of(info, info.option("tag", DEFAULT));
    }

    /**
     * Fills in a template.
     *
     * @throws EngineException INVALID for what is no such template
     */
    static String of(LogInfo info, String template) {
        var out = new StringBuilder();
        var actions = ACTION.matcher(template);
        while (actions.find()) {
            actions.appendReplacement(out, Matcher.quoteReplacement(action(info, actions.group(1), actions.start(1))));
        }
        actions.appendTail(out);
        if (out.indexOf("{{") >= 0 && template.indexOf("{{", lastEnd(template)) >= 0) {
            throw EngineException.invalid("template: log-tag:1: unclosed action");
        }
        return out.toString();
    }

    private static int lastEnd(String template) {
        return Math.max(0, template.lastIndexOf("}}"));
    }

    private static String action(LogInfo info, String words, int at) {
        var indexed = INDEXED.matcher(words);
        if (indexed.matches()) {
            var map = indexed.group(1).equals("Config") ? info.options() : info.labels();
            return map.getOrDefault(indexed.group(2), "");
        }
        int pipe = words.indexOf('|');
        if (pipe > 0) {
            String value = action(info, words.substring(0, pipe).strip(), at);
            return switch (words.substring(pipe + 1).strip()) {
                case "lower" -> value.toLowerCase(java.util.Locale.ROOT);
                case "upper" -> value.toUpperCase(java.util.Locale.ROOT);
                default ->
                    throw EngineException.notImplemented("the log tag's action \"" + words + "\" is not supported");
            };
        }
        return switch (words) {
            case ".ID" -> info.shortId();
            case ".FullID" -> info.id();
            case ".Name" -> info.name();
            case ".FullName" -> "/" + info.name();
            case ".ImageID" -> info.shortImageId();
            case ".ImageFullID" -> info.imageId();
            case ".ImageName", ".ImageFullName" -> info.imageName();
            case ".DaemonName" -> "docker";
            case ".Command" -> info.commandLine();
            case ".Hostname" -> Hosts.name();
            case ".ContainerID" -> info.id();
            case ".ContainerName" -> "/" + info.name();
            case ".ContainerImageID" -> info.imageId();
            case ".ContainerImageName" -> info.imageName();
            default -> throw unknown(words, at);
        };
    }

    private static EngineException unknown(String words, int at) {
        if (words.matches("\\.\\w+")) {
            return EngineException.invalid("template: log-tag:1:" + at + ": executing \"log-tag\" at <" + words
                    + ">: can't evaluate field " + words.substring(1) + " in type *logger.Info");
        }
        return EngineException.notImplemented("the log tag's action \"" + words + "\" is not supported");
    }
}
