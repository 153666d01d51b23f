package io.drydock.registry.server;

import io.drydock.registry.storage.driver.Driver;
import io.drydock.registry.storage.driver.DriverFactory;
import io.drydock.registry.storage.driver.FilesystemDriver;
import io.drydock.registry.storage.driver.MemoryDriver;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.ServiceLoader;

/** The kinds of storage. What an object store needs is loaded when one is configured, so that others do not pay for it. */
final class Drivers {
    private Drivers() {}

    /** A driver as configured. */
    static Driver open(StorageSettings settings) throws IOException {
        return switch (settings.kind()) {
            case "filesystem" -> new FilesystemDriver(settings.root());
            case "inmemory" -> new MemoryDriver();
            default -> open(settings.kind(), settings.parameters());
        };
    }

    private static Driver open(String kind, Map<String, String> parameters) throws IOException {
        for (var factory : ServiceLoader.load(DriverFactory.class, loader(kind))) {
            if (factory.name().equals(kind)) {
                return factory.open(parameters);
            }
        }
        throw new IllegalArgumentException("StorageDriver not registered: " + kind);
    }

    /** Where the program is installed the driver has a jar that names those it needs. */
    private static ClassLoader loader(String kind) throws IOException {
        var here = Drivers.class.getClassLoader();
        var home = System.getProperty("drydock.home", "");
        try (var jars = Files.newDirectoryStream(Path.of(home, "lib"), "registry-" + kind + "-*.jar")) {
            var jar = jars.iterator();
            return jar.hasNext()
                    ? new URLClassLoader(new URL[] {jar.next().toUri().toURL()}, here)
                    : here;
        } catch (NoSuchFileException e) {
            return here; // run from a class path
        }
    }
}
