package io.drydock.docker.cli.copy;

import io.drydock.docker.cli.session.CliException;

/**
 * One end of a copy.
 *
 * @param path as the user wrote it, absolute where it is ours; links before its last element are followed
 * @param rename what its entry is called in the archive instead, because a followed link has another name; or empty
 */
record End(String path, boolean exists, boolean directory, String rename) {
    /** Where an archive is extracted, and what its first element is called there. */
    record Plan(String directory, String from, String to) {
        /** The name of an entry at the destination. */
        String name(String entry) {
            if (from.equals(to) || !entry.startsWith(from)) {
                return entry;
            }
            String rest = entry.substring(from.length());
            return rest.isEmpty() || rest.startsWith("/") ? to + rest : entry;
        }
    }

    /** The name of its first element in an archive. */
    private String archived() {
        return rename.isEmpty() ? PathText.entryOf(path) : rename;
    }

    /** How an archive of this must be extracted to end up as that destination. */
    Plan to(End destination) throws CliException {
        if (destination.exists && destination.directory) {
            return new Plan(destination.path, "", "");
        }
        if (destination.exists && directory) {
            throw new CliException("cannot copy directory");
        }
        if (!destination.exists && !directory && PathText.insistsOnDirectory(destination.path)) {
            throw new CliException("no such directory");
        }
        return new Plan(PathText.directoryOf(destination.path), archived(), PathText.entryOf(destination.path));
    }
}
