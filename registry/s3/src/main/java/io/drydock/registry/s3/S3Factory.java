package io.drydock.registry.s3;

import io.drydock.registry.storage.driver.Driver;
import io.drydock.registry.storage.driver.DriverFactory;
import java.util.Map;

/** Opens {@code storage: s3}. */
public final class S3Factory implements DriverFactory {
    @Override
    public String name() {
        return "s3";
    }

    @Override
    public Driver open(Map<String, String> parameters) {
        return new S3Driver(new Bucket(S3Settings.of(parameters)));
    }
}
