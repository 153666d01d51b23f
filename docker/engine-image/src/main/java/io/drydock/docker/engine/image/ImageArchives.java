package io.drydock.docker.engine.image;

import io.drydock.spec.engine.EngineException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;

/** Images from and to tar archives. */
public final class ImageArchives {
    private final ImageCatalog catalog;

    public ImageArchives(ImageCatalog catalog) {
        this.catalog = catalog;
    }

    public void load(InputStream tar, boolean quiet, Progress progress) throws IOException {
        throw EngineException.notImplemented("loading images is not built into this engine yet");
    }

    public void save(List<String> images, OutputStream tar) throws IOException {
        catalog.find(images.getFirst());
        throw EngineException.notImplemented("saving images is not built into this engine yet");
    }

    public void importTar(InputStream tar, String repository, String tag, String message, List<String> changes,
            Progress progress) throws IOException {
        throw EngineException.notImplemented("importing images is not built into this engine yet");
    }
}
