package io.drydock.registry.storage.driver;

class MemoryDriverTest extends DriverContract {
    @Override
    protected Driver open() {
        return new MemoryDriver();
    }

    @Override
    protected boolean shares() {
        return false;
    }
}
