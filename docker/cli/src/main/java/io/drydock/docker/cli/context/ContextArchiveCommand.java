package io.drydock.docker.cli.context;

import io.drydock.docker.cli.json.Json;
import io.drydock.docker.cli.session.Cli;
import io.drydock.docker.cli.session.CliException;
import io.drydock.docker.cli.session.Command;
import io.drydock.flags.FlagSet;
import io.drydock.image.archive.tar.ByteSource;
import io.drydock.image.archive.tar.TarEntry;
import io.drydock.image.archive.tar.TarReader;
import io.drydock.image.archive.tar.TarType;
import io.drydock.image.archive.tar.TarWriter;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/** {@code docker context export} and {@code import}: {@code meta.json} and {@code tls/docker/*.pem} in a tar. */
public record ContextArchiveCommand(boolean export) implements Command {
    private static final String META = "meta.json";
    private static final String TLS = "tls/docker/";
    private static final int MOST = 10 << 20;

    @Override
    public Arity arity() {
        return export ? Arity.between(1, 2) : Arity.exactly(2);
    }

    @Override
    public int run(Cli cli, FlagSet flags, List<String> arguments) throws IOException, CliException {
        var store = new ContextStore(cli.config().directory());
        String name = arguments.getFirst();
        if (export) {
            write(cli, store, name, arguments.size() > 1 ? arguments.get(1) : name + ".dockercontext");
        } else {
            read(cli, store, name, arguments.get(1));
        }
        return 0;
    }

    private static void write(Cli cli, ContextStore store, String name, String file) throws IOException, CliException {
        StoredContext context;
        if (name.equals("default")) {
            context = ContextEditCommand.byDefault(cli).described("");
        } else {
            ContextStore.checkName(name);
            context = store.load(name);
        }
        byte[] archive = archive(context);
        if (file.equals("-")) {
            if (cli.streams().outTerminal()) {
                throw new CliException("cowardly refusing to export to a terminal, specify a file path");
            }
            cli.streams().out().write(archive);
            return;
        }
        Path path = Path.of(file);
        if (Files.exists(path)) {
            throw new CliException("open " + file + ": file exists");
        }
        Files.createFile(path, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.write(path, archive);
        cli.error("Written file \"" + file + "\"");
    }

    private static byte[] archive(StoredContext context) throws IOException {
        var out = new ByteArrayOutputStream();
        try (var tar = new TarWriter(out)) {
            byte[] document = Json.write(context.document()).getBytes(StandardCharsets.UTF_8);
            tar.put(TarEntry.file(META, 0644, document.length, 0), document);
            tar.put(TarEntry.directory("tls", 0700, 0));
            if (!context.tls().isEmpty()) {
                tar.put(TarEntry.directory("tls/docker", 0700, 0));
            }
            for (Map.Entry<String, byte[]> file : context.tls().entrySet()) {
                tar.put(TarEntry.file(TLS + file.getKey(), 0600, file.getValue().length, 0), file.getValue());
            }
            tar.finish();
        }
        return out.toByteArray();
    }

    private static void read(Cli cli, ContextStore store, String name, String file) throws IOException, CliException {
        ContextStore.checkName(name);
        if (store.exists(name)) {
            throw new CliException("context \"" + name + "\" already exists");
        }
        byte[] content;
        try {
            content = file.equals("-") ? cli.streams().in().readNBytes(MOST + 1) : Files.readAllBytes(Path.of(file));
        } catch (NoSuchFileException e) {
            throw new CliException("open " + file + ": no such file or directory");
        }
        if (content.length > MOST) {
            throw new CliException("context archive is larger than " + MOST + " bytes");
        }
        boolean zip = content.length > 3 && content[0] == 'P' && content[1] == 'K' && content[2] == 3;
        Map<String, byte[]> files = zip ? ofZip(content) : ofTar(content);
        byte[] document = files.remove(META);
        if (document == null) {
            throw new CliException("invalid context: no metadata found");
        }
        var tls = new TreeMap<String, byte[]>();
        for (Map.Entry<String, byte[]> entry : files.entrySet()) {
            String inner = entry.getKey().startsWith(TLS) ? entry.getKey().substring(TLS.length()) : "";
            if (inner.isEmpty() || inner.contains("/") || inner.equals("..")) {
                throw new CliException("\"" + entry.getKey() + "\": unexpected context file");
            }
            tls.put(inner, entry.getValue());
        }
        var json = Json.map(Json.parse(new String(document, StandardCharsets.UTF_8)));
        store.save(StoredContext.of(json, tls).named(name));
        cli.println(name);
        cli.error("Successfully imported context \"" + name + "\"");
    }

    private static Map<String, byte[]> ofTar(byte[] content) throws IOException {
        var files = new TreeMap<String, byte[]>();
        var tar = new TarReader(ByteSource.of(new ByteArrayInputStream(content)));
        for (TarEntry entry = tar.next(); entry != null; entry = tar.next()) {
            if (entry.type() == TarType.FILE) {
                files.put(entry.name(), tar.content().readAllBytes());
            }
        }
        return files;
    }

    private static Map<String, byte[]> ofZip(byte[] content) throws IOException, CliException {
        var files = new TreeMap<String, byte[]>();
        int total = 0;
        try (var zip = new ZipInputStream(new ByteArrayInputStream(content))) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                if (!entry.isDirectory()) {
                    byte[] file = zip.readNBytes(MOST - total + 1);
                    total += file.length;
                    if (total > MOST) {
                        throw new CliException("context archive is larger than " + MOST + " bytes");
                    }
                    files.put(entry.getName(), file);
                }
            }
        }
        return files;
    }
}
