package io.drydock.docker.cli.copy;

import io.drydock.docker.cli.http.Answer;
import io.drydock.docker.cli.http.Request;
import io.drydock.docker.cli.session.Api;
import io.drydock.docker.cli.session.Cli;
import io.drydock.docker.cli.session.CliException;
import io.drydock.docker.cli.session.Command;
import io.drydock.docker.cli.session.Download;
import io.drydock.flags.FlagSet;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** {@code docker cp}. */
public final class CopyCommand implements Command {
    private static final End.Plan AS_IT_IS = new End.Plan("", "", "");

    /** A container and a path in it, or a path here if the container is empty. */
    private record Place(String container, String path) {
        static Place of(String argument) {
            int colon = argument.indexOf(':');
            return argument.startsWith("/") || argument.startsWith(".") || colon < 0
                    ? new Place("", argument)
                    : new Place(argument.substring(0, colon), argument.substring(colon + 1));
        }

        boolean isHere() {
            return container.isEmpty();
        }

        boolean isStream() {
            return isHere() && path.equals("-");
        }

        String absolute() {
            return PathText.keepEnd(
                    PathText.clean(Path.of(path).toAbsolutePath().toString()), path);
        }
    }

    @Override
    public Arity arity() {
        return Arity.exactly(2);
    }

    @Override
    public int run(Cli cli, FlagSet flags, List<String> arguments) throws IOException, CliException {
        if (arguments.get(0).isEmpty()) {
            throw new CliException("source can not be empty");
        }
        if (arguments.get(1).isEmpty()) {
            throw new CliException("destination can not be empty");
        }
        Place from = Place.of(arguments.get(0));
        Place to = Place.of(arguments.get(1));
        if (from.isHere() && to.isHere()) {
            throw new CliException("must specify at least one container source");
        }
        if (!from.isHere() && !to.isHere()) {
            throw new CliException("copying between containers is not supported");
        }
        boolean quiet =
                flags.changed("quiet") ? flags.bool("quiet") : !cli.streams().outTerminal();
        boolean follow = flags.bool("follow-link");
        if (to.isHere()) {
            download(cli, from, to, follow, quiet);
        } else {
            upload(cli, from, to, follow, flags.bool("archive"), quiet);
        }
        return 0;
    }

    private static void download(Cli cli, Place from, Place to, boolean follow, boolean quiet)
            throws IOException, CliException {
        String destination = to.isStream() ? "-" : to.absolute();
        if (!to.isStream()) {
            Download.checkOutput(destination);
        }
        String path = from.path();
        var rename = AS_IT_IS;
        String archived = "";
        PathStat stat = follow ? PathStat.ask(cli, from.container(), path) : null;
        if (stat != null && stat.isLink()) {
            String target = PathText.keepEnd(stat.target(path), path);
            if (!PathText.base(path).equals(PathText.base(target))) {
                archived = PathText.base(path);
                rename = new End.Plan("", PathText.entryOf(target), archived);
            }
            path = target;
        }
        Request request =
                Request.get(Api.container(from.container()) + "/archive").query("path", path);
        try (Answer answer = cli.engine().send(request)) {
            if (to.isStream()) {
                Download.copy(answer.body(), cli.streams().out());
                return;
            }
            var source = new End(path, true, PathStat.of(answer).isDirectory(), archived);
            try (var progress = new CopyProgress(cli, quiet, "Copying from container - ")) {
                End.Plan plan = source.to(LocalDestination.end(destination));
                LocalDestination.extract(progress.count(answer.body()), rename, plan);
                progress.done(destination);
            }
        }
    }

    private static void upload(Cli cli, Place from, Place to, boolean follow, boolean owners, boolean quiet)
            throws IOException, CliException {
        String local = from.isStream() ? "-" : from.absolute();
        End destination = containerEnd(cli, to);
        if (from.isStream()) {
            if (!destination.directory()) {
                throw new CliException("destination \"" + to.container() + ":" + to.path() + "\" must be a directory");
            }
            try (var progress = new CopyProgress(cli, quiet, "Copying to container - ")) {
                Request request = put(to, destination.path(), owners);
                var in = cli.streams().in();
                Api.send(cli, request.stream("application/x-tar", out -> Download.copy(in, progress.count(out))));
                progress.done(to.container() + ":" + destination.path());
            }
            return;
        }
        var source = LocalSource.of(local, follow);
        End.Plan plan = source.end().to(destination);
        try (var progress = new CopyProgress(cli, quiet, "Copying to container - ")) {
            Request request = put(to, plan.directory(), owners);
            Api.send(cli, request.stream("application/x-tar", out -> source.writeTo(progress.count(out), plan)));
            progress.done(to.container() + ":" + destination.path());
        }
    }

    private static Request put(Place to, String directory, boolean owners) {
        return Request.put(Api.container(to.container()) + "/archive")
                .queryIf(owners, "copyUIDGID", "true")
                .query("noOverwriteDirNonDir", "true")
                .query("path", directory);
    }

    private static End containerEnd(Cli cli, Place to) throws IOException, CliException {
        String path = to.path();
        PathStat stat = PathStat.ask(cli, to.container(), path);
        if (stat != null && stat.isLink()) {
            path = stat.target(path);
            stat = PathStat.ask(cli, to.container(), path);
        }
        if (stat == null) {
            return new End(path, false, false, "");
        }
        if (!stat.refusal().isEmpty()) {
            throw new CliException("destination \"" + to.container() + ":" + to.path()
                    + "\" must be a directory or a regular file: " + stat.refusal());
        }
        return new End(path, true, stat.isDirectory(), "");
    }
}
