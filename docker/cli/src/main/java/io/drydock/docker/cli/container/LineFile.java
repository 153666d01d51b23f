package io.drydock.docker.cli.container;

import io.drydock.docker.cli.session.CliException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Files of environment variables and of labels: a line each, comments behind a hash sign. */
final class LineFile {
    private LineFile() {}

    /** With {@code lookup}, a name alone takes its value from the environment and is left out if that has none. */
    static List<String> read(Path file, Map<String, String> environment, boolean lookup)
            throws CliException, IOException {
        List<String> lines;
        try {
            lines = Files.readAllLines(file);
        } catch (NoSuchFileException e) {
            throw new CliException("open " + file + ": no such file or directory");
        }
        var found = new ArrayList<String>();
        for (String line : lines) {
            String text = line.stripLeading();
            if (text.isEmpty() || text.startsWith("#")) {
                continue;
            }
            int equals = text.indexOf('=');
            String name = equals < 0 ? text : text.substring(0, equals);
            if (name.isEmpty()) {
                throw new CliException("invalid env file (" + file + "): no variable name on line '" + line + "'");
            }
            if (name.indexOf(' ') >= 0 || name.indexOf('\t') >= 0) {
                throw new CliException("invalid env file (" + file + "): variable '" + name + "' contains whitespaces");
            }
            if (equals >= 0 || !lookup) {
                found.add(text);
            } else if (environment.containsKey(name)) {
                found.add(name + "=" + environment.get(name));
            }
        }
        return found;
    }
}
