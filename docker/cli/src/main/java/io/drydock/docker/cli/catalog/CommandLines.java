package io.drydock.docker.cli.catalog;

/**
 * Every command as a line: its path, other names of its last word, its short name at the top level, what its usage line
 * says behind the name, and its description; a second description behind a {@code ¶} is the one in its own help.
 */
final class CommandLines {
    static final String ALL = """
            container attach¦¦attach¦[OPTIONS] CONTAINER¦Attach local standard input, output, and error\s\
            streams to a running container
            container commit¦¦commit¦[OPTIONS] CONTAINER [REPOSITORY[:TAG]]¦Create a new image from a\s\
            container's changes
            container cp¦¦cp¦[OPTIONS] CONTAINER:SRC_PATH DEST_PATH|-¶\tdocker cp [OPTIONS] SRC_PATH|-\s\
            CONTAINER:DEST_PATH¦Copy files/folders between a container and the local filesystem¶Copy\s\
            files/folders between a container and the local filesystem¶¶Use '-' as the source to read a tar\s\
            archive from stdin¶and extract it to a directory destination in a container.¶Use '-' as the\s\
            destination to stream a tar archive of a¶container source to stdout.
            container create¦¦create¦[OPTIONS] IMAGE [COMMAND] [ARG...]¦Create a new container
            container diff¦¦diff¦CONTAINER¦Inspect changes to files or directories on a container's filesystem
            container exec¦¦exec¦[OPTIONS] CONTAINER COMMAND [ARG...]¦Execute a command in a running container
            container export¦¦export¦[OPTIONS] CONTAINER¦Export a container's filesystem as a tar archive
            container inspect¦¦¦[OPTIONS] CONTAINER [CONTAINER...]¦Display detailed information on one or\s\
            more containers
            container kill¦¦kill¦[OPTIONS] CONTAINER [CONTAINER...]¦Kill one or more running containers
            container logs¦¦logs¦[OPTIONS] CONTAINER¦Fetch the logs of a container
            container ls¦list,ps¦ps¦[OPTIONS]¦List containers
            container pause¦¦pause¦CONTAINER [CONTAINER...]¦Pause all processes within one or more containers
            container port¦¦port¦CONTAINER [PRIVATE_PORT[/PROTO]]¦List port mappings or a specific mapping\s\
            for the container
            container prune¦¦¦[OPTIONS]¦Remove all stopped containers
            container rename¦¦rename¦CONTAINER NEW_NAME¦Rename a container
            container restart¦¦restart¦[OPTIONS] CONTAINER [CONTAINER...]¦Restart one or more containers
            container rm¦remove¦rm¦[OPTIONS] CONTAINER [CONTAINER...]¦Remove one or more containers
            container run¦¦run¦[OPTIONS] IMAGE [COMMAND] [ARG...]¦Create and run a new container from an image
            container start¦¦start¦[OPTIONS] CONTAINER [CONTAINER...]¦Start one or more stopped containers
            container stats¦¦stats¦[OPTIONS] [CONTAINER...]¦Display a live stream of container(s) resource\s\
            usage statistics
            container stop¦¦stop¦[OPTIONS] CONTAINER [CONTAINER...]¦Stop one or more running containers
            container top¦¦top¦CONTAINER [ps OPTIONS]¦Display the running processes of a container
            container unpause¦¦unpause¦CONTAINER [CONTAINER...]¦Unpause all processes within one or more\s\
            containers
            container update¦¦update¦[OPTIONS] CONTAINER [CONTAINER...]¦Update configuration of one or more\s\
            containers
            container wait¦¦wait¦CONTAINER [CONTAINER...]¦Block until one or more containers stop, then print\s\
            their exit codes
            image build¦¦build¦[OPTIONS] PATH | URL | -¦Build an image from a Dockerfile
            image history¦¦history¦[OPTIONS] IMAGE¦Show the history of an image
            image import¦¦import¦[OPTIONS] file|URL|- [REPOSITORY[:TAG]]¦Import the contents from a tarball\s\
            to create a filesystem image
            image inspect¦¦¦[OPTIONS] IMAGE [IMAGE...]¦Display detailed information on one or more images
            image load¦¦load¦[OPTIONS]¦Load an image from a tar archive or STDIN
            image ls¦list¦images¦[OPTIONS] [REPOSITORY[:TAG]]¦List images
            image prune¦¦¦[OPTIONS]¦Remove unused images
            image pull¦¦pull¦[OPTIONS] NAME[:TAG|@DIGEST]¦Download an image from a registry
            image push¦¦push¦[OPTIONS] NAME[:TAG]¦Upload an image to a registry
            image rm¦remove¦rmi¦[OPTIONS] IMAGE [IMAGE...]¦Remove one or more images
            image save¦¦save¦[OPTIONS] IMAGE [IMAGE...]¦Save one or more images to a tar archive (streamed to\s\
            STDOUT by default)
            image tag¦¦tag¦SOURCE_IMAGE[:TAG] TARGET_IMAGE[:TAG]¦Create a tag TARGET_IMAGE that refers to\s\
            SOURCE_IMAGE
            volume create¦¦¦[OPTIONS] [VOLUME]¦Create a volume
            volume inspect¦¦¦[OPTIONS] VOLUME [VOLUME...]¦Display detailed information on one or more volumes
            volume ls¦list¦¦[OPTIONS]¦List volumes
            volume prune¦¦¦[OPTIONS]¦Remove unused local volumes
            volume rm¦remove¦¦[OPTIONS] VOLUME [VOLUME...]¦Remove one or more volumes¶Remove one or more\s\
            volumes. You cannot remove a volume that is in use by a container.
            volume update¦¦¦[OPTIONS] [VOLUME]¦Update a volume (cluster volumes only)
            network connect¦¦¦[OPTIONS] NETWORK CONTAINER¦Connect a container to a network
            network create¦¦¦[OPTIONS] NETWORK¦Create a network
            network disconnect¦¦¦[OPTIONS] NETWORK CONTAINER¦Disconnect a container from a network
            network inspect¦¦¦[OPTIONS] NETWORK [NETWORK...]¦Display detailed information on one or more networks
            network ls¦list¦¦[OPTIONS]¦List networks
            network prune¦¦¦[OPTIONS]¦Remove all unused networks
            network rm¦remove¦¦NETWORK [NETWORK...]¦Remove one or more networks
            system dial-stdio¦¦¦¦Proxy the stdio stream to the daemon connection. Should not be invoked manually.
            system df¦¦¦[OPTIONS]¦Show docker disk usage
            system events¦¦events¦[OPTIONS]¦Get real time events from the server
            system info¦¦info¦[OPTIONS]¦Display system-wide information
            system prune¦¦¦[OPTIONS]¦Remove unused data
            context create¦¦¦[OPTIONS] CONTEXT¦Create a context¶Create a context¶¶Docker endpoint\s\
            config:¶¶NAME                DESCRIPTION¶from                Copy named context's Docker endpoint\s\
            configuration¶host                Docker endpoint on which to connect¶ca                  Trust\s\
            certs signed only by this CA¶cert                Path to TLS certificate file¶key                \s\
            Path to TLS key file¶skip-tls-verify     Skip TLS certificate validation¶¶Example:¶¶$ docker\s\
            context create my-context --description "some description" --docker\s\
            "host=tcp://myserver:2376,ca=~/ca-file,cert=~/cert-file,key=~/key-file"
            context export¦¦¦[OPTIONS] CONTEXT [FILE|-]¦Export a context to a tar archive FILE or a tar\s\
            stream on STDOUT.
            context import¦¦¦CONTEXT FILE|-¦Import a context from a tar or zip file
            context inspect¦¦¦[OPTIONS] [CONTEXT] [CONTEXT...]¦Display detailed information on one or more\s\
            contexts
            context ls¦list¦¦[OPTIONS]¦List contexts
            context rm¦remove¦¦CONTEXT [CONTEXT...]¦Remove one or more contexts
            context show¦¦¦¦Print the name of the current context
            context update¦¦¦[OPTIONS] CONTEXT¦Update a context¶Update a context¶¶Docker endpoint\s\
            config:¶¶NAME                DESCRIPTION¶from                Copy named context's Docker endpoint\s\
            configuration¶host                Docker endpoint on which to connect¶ca                  Trust\s\
            certs signed only by this CA¶cert                Path to TLS certificate file¶key                \s\
            Path to TLS key file¶skip-tls-verify     Skip TLS certificate validation¶¶Example:¶¶$ docker\s\
            context update my-context --description "some description" --docker\s\
            "host=tcp://myserver:2376,ca=~/ca-file,cert=~/cert-file,key=~/key-file"
            context use¦¦¦CONTEXT¦Set the current docker context
            builder build¦¦¦[OPTIONS] PATH | URL | -¦Build an image from a Dockerfile
            builder prune¦¦¦¦Remove build cache
            checkpoint create¦¦¦[OPTIONS] CONTAINER CHECKPOINT¦Create a checkpoint from a running container
            checkpoint ls¦list¦¦[OPTIONS] CONTAINER¦List checkpoints for a container
            checkpoint rm¦remove¦¦[OPTIONS] CONTAINER CHECKPOINT¦Remove a checkpoint
            manifest annotate¦¦¦[OPTIONS] MANIFEST_LIST MANIFEST¦Add additional information to a local image\s\
            manifest
            manifest create¦¦¦MANIFEST_LIST MANIFEST [MANIFEST...]¦Create a local manifest list for annotating\s\
            and pushing to a registry
            manifest inspect¦¦¦[OPTIONS] [MANIFEST_LIST] MANIFEST¦Display an image manifest, or manifest list
            manifest push¦¦¦[OPTIONS] MANIFEST_LIST¦Push a manifest list to a repository
            manifest rm¦¦¦MANIFEST_LIST [MANIFEST_LIST...]¦Delete one or more manifest lists from local storage
            plugin create¦¦¦[OPTIONS] PLUGIN PLUGIN-DATA-DIR¦Create a plugin from a rootfs and configuration.\s\
            Plugin data directory must contain config.json and rootfs directory.
            plugin disable¦¦¦[OPTIONS] PLUGIN¦Disable a plugin
            plugin enable¦¦¦[OPTIONS] PLUGIN¦Enable a plugin
            plugin inspect¦¦¦[OPTIONS] PLUGIN [PLUGIN...]¦Display detailed information on one or more plugins
            plugin install¦¦¦[OPTIONS] PLUGIN [KEY=VALUE...]¦Install a plugin
            plugin ls¦list¦¦[OPTIONS]¦List plugins
            plugin push¦¦¦[OPTIONS] PLUGIN[:TAG]¦Push a plugin to a registry
            plugin rm¦remove¦¦[OPTIONS] PLUGIN [PLUGIN...]¦Remove one or more plugins
            plugin set¦¦¦PLUGIN KEY=VALUE [KEY=VALUE...]¦Change settings for a plugin
            plugin upgrade¦¦¦[OPTIONS] PLUGIN [REMOTE]¦Upgrade an existing plugin
            trust inspect¦¦¦IMAGE[:TAG] [IMAGE[:TAG]...]¦Return low-level information about keys and signatures
            trust key¦¦¦COMMAND¦Manage keys for signing Docker images
            trust key generate¦¦¦NAME¦Generate and load a signing key-pair
            trust key load¦¦¦[OPTIONS] KEYFILE¦Load a private key file for signing
            trust revoke¦¦¦[OPTIONS] IMAGE[:TAG]¦Remove trust for an image
            trust sign¦¦¦IMAGE:TAG¦Sign an image
            trust signer¦¦¦COMMAND¦Manage entities who can sign Docker images
            trust signer add¦¦¦OPTIONS NAME REPOSITORY [REPOSITORY...]¦Add a signer
            trust signer remove¦¦¦[OPTIONS] NAME REPOSITORY [REPOSITORY...]¦Remove a signer
            builder¦¦¦COMMAND¦Manage builds
            checkpoint¦¦¦COMMAND¦Manage checkpoints
            config¦¦¦COMMAND¦Manage Swarm configs
            container¦¦¦COMMAND¦Manage containers
            context¦¦¦COMMAND¦Manage contexts
            image¦¦¦COMMAND¦Manage images
            inspect¦¦¦[OPTIONS] NAME|ID [NAME|ID...]¦Return low-level information on Docker objects
            login¦¦¦[OPTIONS] [SERVER]¦Authenticate to a registry¶Authenticate to a registry.¶Defaults to\s\
            Docker Hub if no server is specified.
            logout¦¦¦[SERVER]¦Log out from a registry¶Log out from a registry.¶If no server is specified, the\s\
            default is defined by the daemon.
            manifest¦¦¦COMMAND¦Manage Docker image manifests and manifest lists¶The **docker manifest**\s\
            command has subcommands for managing image manifests and¶manifest lists. A manifest list allows\s\
            you to use one name to refer to the same image¶built for multiple architectures.¶¶To see help for\s\
            a subcommand, use:¶¶    docker manifest CMD --help¶¶For full details on using docker manifest\s\
            lists, see the registry v2 specification.¶¶EXPERIMENTAL:¶  docker manifest is an experimental\s\
            feature.¶  Experimental features provide early access to product functionality. These¶  features\s\
            may change between releases without warning, or can be removed from a¶  future release. Learn\s\
            more about experimental features in our documentation:¶  https://docs.docker.com/go/experimental/
            network¦¦¦COMMAND¦Manage networks
            node¦¦¦COMMAND¦Manage Swarm nodes
            plugin¦¦¦COMMAND¦Manage plugins
            search¦¦¦[OPTIONS] TERM¦Search Docker Hub for images
            secret¦¦¦COMMAND¦Manage Swarm secrets
            service¦¦¦COMMAND¦Manage Swarm services
            stack¦¦¦COMMAND¦Manage Swarm stacks
            swarm¦¦¦COMMAND¦Manage Swarm
            system¦¦¦COMMAND¦Manage Docker
            trust¦¦¦COMMAND¦Manage trust on Docker images
            version¦¦¦[OPTIONS]¦Show the Docker version information
            volume¦¦¦COMMAND¦Manage volumes
            """;

    private CommandLines() {}
}
