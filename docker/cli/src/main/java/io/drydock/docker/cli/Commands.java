package io.drydock.docker.cli;

import io.drydock.docker.cli.container.AttachCommand;
import io.drydock.docker.cli.container.CommitCommand;
import io.drydock.docker.cli.container.CreateCommand;
import io.drydock.docker.cli.container.DiffCommand;
import io.drydock.docker.cli.container.ExecCommand;
import io.drydock.docker.cli.container.ExportCommand;
import io.drydock.docker.cli.container.LogsCommand;
import io.drydock.docker.cli.container.PortCommand;
import io.drydock.docker.cli.container.PsCommand;
import io.drydock.docker.cli.container.RenameCommand;
import io.drydock.docker.cli.container.RunCommand;
import io.drydock.docker.cli.container.SimpleCommand;
import io.drydock.docker.cli.container.StartCommand;
import io.drydock.docker.cli.container.TopCommand;
import io.drydock.docker.cli.container.UpdateCommand;
import io.drydock.docker.cli.container.WaitCommand;
import io.drydock.docker.cli.engine.NotBuilt;
import io.drydock.docker.cli.engine.VersionCommand;
import io.drydock.docker.cli.image.HistoryCommand;
import io.drydock.docker.cli.image.ImagesCommand;
import io.drydock.docker.cli.image.ImportCommand;
import io.drydock.docker.cli.image.LoadCommand;
import io.drydock.docker.cli.image.PullCommand;
import io.drydock.docker.cli.image.PushCommand;
import io.drydock.docker.cli.image.RemoveImagesCommand;
import io.drydock.docker.cli.image.SaveCommand;
import io.drydock.docker.cli.image.TagCommand;
import io.drydock.docker.cli.resource.InspectCommand;
import io.drydock.docker.cli.resource.NetworkConnectCommand;
import io.drydock.docker.cli.resource.NetworkCreateCommand;
import io.drydock.docker.cli.resource.NetworkListCommand;
import io.drydock.docker.cli.resource.PruneCommand;
import io.drydock.docker.cli.resource.RemoveCommand;
import io.drydock.docker.cli.resource.VolumeCreateCommand;
import io.drydock.docker.cli.resource.VolumeListCommand;
import io.drydock.docker.cli.session.Command;

/** What each path of the table does. Only the chosen command's classes are loaded. */
final class Commands {
    private Commands() {}

    static Command of(String path) {
        return switch (path) {
            case "container attach" -> new AttachCommand();
            case "container commit" -> new CommitCommand();
            case "container create" -> new CreateCommand();
            case "container diff" -> new DiffCommand();
            case "container exec" -> new ExecCommand();
            case "container export" -> new ExportCommand();
            case "container inspect" -> new InspectCommand("container");
            case "container kill" -> new SimpleCommand("kill");
            case "container logs" -> new LogsCommand();
            case "container ls" -> new PsCommand();
            case "container pause" -> new SimpleCommand("pause");
            case "container port" -> new PortCommand();
            case "container prune" -> new PruneCommand("containers");
            case "container rename" -> new RenameCommand();
            case "container restart" -> new SimpleCommand("restart");
            case "container rm" -> new SimpleCommand("rm");
            case "container run" -> new RunCommand();
            case "container start" -> new StartCommand();
            case "container stop" -> new SimpleCommand("stop");
            case "container top" -> new TopCommand();
            case "container unpause" -> new SimpleCommand("unpause");
            case "container update" -> new UpdateCommand();
            case "container wait" -> new WaitCommand();
            case "image history" -> new HistoryCommand();
            case "image import" -> new ImportCommand();
            case "image inspect" -> new InspectCommand("image");
            case "image load" -> new LoadCommand();
            case "image ls" -> new ImagesCommand();
            case "image prune" -> new PruneCommand("images");
            case "image pull" -> new PullCommand();
            case "image push" -> new PushCommand();
            case "image rm" -> new RemoveImagesCommand();
            case "image save" -> new SaveCommand();
            case "image tag" -> new TagCommand();
            case "inspect" -> new InspectCommand("");
            case "network connect" -> new NetworkConnectCommand(true);
            case "network create" -> new NetworkCreateCommand();
            case "network disconnect" -> new NetworkConnectCommand(false);
            case "network inspect" -> new InspectCommand("network");
            case "network ls" -> new NetworkListCommand();
            case "network prune" -> new PruneCommand("networks");
            case "network rm" -> new RemoveCommand("networks");
            case "version" -> new VersionCommand();
            case "volume create" -> new VolumeCreateCommand();
            case "volume inspect" -> new InspectCommand("volume");
            case "volume ls" -> new VolumeListCommand();
            case "volume prune" -> new PruneCommand("volumes");
            case "volume rm" -> new RemoveCommand("volumes");
            default -> new NotBuilt(path);
        };
    }
}
