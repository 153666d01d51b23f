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
import io.drydock.docker.cli.container.StatsCommand;
import io.drydock.docker.cli.container.TopCommand;
import io.drydock.docker.cli.container.UpdateCommand;
import io.drydock.docker.cli.container.WaitCommand;
import io.drydock.docker.cli.context.ContextArchiveCommand;
import io.drydock.docker.cli.context.ContextCommand;
import io.drydock.docker.cli.context.ContextEditCommand;
import io.drydock.docker.cli.context.ContextInspectCommand;
import io.drydock.docker.cli.context.ContextRemoveCommand;
import io.drydock.docker.cli.copy.CopyCommand;
import io.drydock.docker.cli.engine.BuildCachePruneCommand;
import io.drydock.docker.cli.engine.CheckpointCommand;
import io.drydock.docker.cli.engine.DialStdioCommand;
import io.drydock.docker.cli.engine.DiskUsageCommand;
import io.drydock.docker.cli.engine.EventsCommand;
import io.drydock.docker.cli.engine.InfoCommand;
import io.drydock.docker.cli.engine.LoginCommand;
import io.drydock.docker.cli.engine.LogoutCommand;
import io.drydock.docker.cli.engine.NotBuilt;
import io.drydock.docker.cli.engine.SystemPruneCommand;
import io.drydock.docker.cli.engine.TrustCommand;
import io.drydock.docker.cli.engine.VersionCommand;
import io.drydock.docker.cli.engineplugin.EnginePluginCommand;
import io.drydock.docker.cli.engineplugin.EnginePluginInstallCommand;
import io.drydock.docker.cli.engineplugin.EnginePluginListCommand;
import io.drydock.docker.cli.engineplugin.EnginePluginPushCommand;
import io.drydock.docker.cli.image.HistoryCommand;
import io.drydock.docker.cli.image.ImagesCommand;
import io.drydock.docker.cli.image.ImportCommand;
import io.drydock.docker.cli.image.LoadCommand;
import io.drydock.docker.cli.image.PullCommand;
import io.drydock.docker.cli.image.PushCommand;
import io.drydock.docker.cli.image.RemoveImagesCommand;
import io.drydock.docker.cli.image.SaveCommand;
import io.drydock.docker.cli.image.SearchCommand;
import io.drydock.docker.cli.image.TagCommand;
import io.drydock.docker.cli.manifest.ManifestAnnotateCommand;
import io.drydock.docker.cli.manifest.ManifestCreateCommand;
import io.drydock.docker.cli.manifest.ManifestInspectCommand;
import io.drydock.docker.cli.manifest.ManifestPushCommand;
import io.drydock.docker.cli.manifest.ManifestRemoveCommand;
import io.drydock.docker.cli.resource.InspectCommand;
import io.drydock.docker.cli.resource.NetworkConnectCommand;
import io.drydock.docker.cli.resource.NetworkCreateCommand;
import io.drydock.docker.cli.resource.NetworkListCommand;
import io.drydock.docker.cli.resource.PruneCommand;
import io.drydock.docker.cli.resource.RemoveCommand;
import io.drydock.docker.cli.resource.VolumeCreateCommand;
import io.drydock.docker.cli.resource.VolumeListCommand;
import io.drydock.docker.cli.resource.VolumeUpdateCommand;
import io.drydock.docker.cli.session.Command;

/** What each path of the table does. Only the chosen command's classes are loaded. */
final class Commands {
    private Commands() {}

    static Command of(String path) {
        return switch (path) {
            case "container attach" -> new AttachCommand();
            case "container commit" -> new CommitCommand();
            case "container cp" -> new CopyCommand();
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
            case "container stats" -> new StatsCommand();
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
            case "builder prune" -> new BuildCachePruneCommand();
            case "checkpoint create", "checkpoint ls", "checkpoint rm" -> new CheckpointCommand(path);
            case "manifest annotate" -> new ManifestAnnotateCommand();
            case "manifest create" -> new ManifestCreateCommand();
            case "manifest inspect" -> new ManifestInspectCommand();
            case "manifest push" -> new ManifestPushCommand();
            case "manifest rm" -> new ManifestRemoveCommand();
            case "plugin disable", "plugin enable", "plugin rm", "plugin set" -> new EnginePluginCommand(path);
            case "plugin inspect" -> new InspectCommand("plugin");
            case "plugin install" -> new EnginePluginInstallCommand(false);
            case "plugin ls" -> new EnginePluginListCommand();
            case "plugin push" -> new EnginePluginPushCommand();
            case "plugin upgrade" -> new EnginePluginInstallCommand(true);
            case "trust inspect",
                    "trust key generate",
                    "trust key load",
                    "trust revoke",
                    "trust sign",
                    "trust signer add",
                    "trust signer remove" -> new TrustCommand();
            case "system dial-stdio" -> new DialStdioCommand();
            case "volume update" -> new VolumeUpdateCommand();
            case "context create" -> new ContextEditCommand(true);
            case "context export" -> new ContextArchiveCommand(true);
            case "context import" -> new ContextArchiveCommand(false);
            case "context inspect" -> new ContextInspectCommand();
            case "context ls" -> new ContextCommand("ls");
            case "context show" -> new ContextCommand("show");
            case "context rm" -> new ContextRemoveCommand();
            case "context update" -> new ContextEditCommand(false);
            case "context use" -> new ContextCommand("use");
            case "inspect" -> new InspectCommand("");
            case "login" -> new LoginCommand();
            case "logout" -> new LogoutCommand();
            case "network connect" -> new NetworkConnectCommand(true);
            case "network create" -> new NetworkCreateCommand();
            case "network disconnect" -> new NetworkConnectCommand(false);
            case "network inspect" -> new InspectCommand("network");
            case "network ls" -> new NetworkListCommand();
            case "network prune" -> new PruneCommand("networks");
            case "network rm" -> new RemoveCommand("networks");
            case "search" -> new SearchCommand();
            case "system df" -> new DiskUsageCommand();
            case "system events" -> new EventsCommand();
            case "system info" -> new InfoCommand();
            case "system prune" -> new SystemPruneCommand();
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
