package io.drydock.startup;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * Initialises the classes that a daemon will need for its first request, before that comes. The JVM compiles a method that
 * its start-up cache has a profile of as soon as the classes it depends on are initialised, so most of the work of getting
 * warm is done by the compiler's thread while the daemon still waits for others.
 *
 * <p>The list is {@code aot/PROGRAM.classes} below the installation, in the order in which a training run initialised them.
 * It is called on the main thread before the daemon serves, so that no other thread is in the middle of an initialiser.
 */
public final class WarmUp {
    private WarmUp() {}

    /**
     * Initialises the classes of a program's list; does nothing where there is no list.
     *
     * @return how many there were
     */
    public static int run(Path home, String program) {
        try {
            return initialise(Path.of(home.toString(), "aot", program + ".classes"));
        } catch (NoSuchFileException e) {
            return 0; // installed without start-up caches
        } catch (IOException e) {
            throw new IllegalStateException("read the list of classes: " + e.getMessage(), e);
        }
    }

    private static int initialise(Path list) throws IOException {
        var names = Files.readAllLines(list);
        int count = 0;
        for (String name : names) {
            try {
                Class.forName(name, true, WarmUp.class.getClassLoader());
                count++;
            } catch (ClassNotFoundException | LinkageError e) {
                continue; // whoever needs it will say so
            }
        }
        return count;
    }
}
