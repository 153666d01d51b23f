package io.drydock.e2e;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.core.DefaultDockerClientConfig;
import com.github.dockerjava.core.DockerClientImpl;
import com.github.dockerjava.zerodep.ZerodepDockerHttpClient;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/** Many containers on one engine, sixteen at a time, while it is killed now and then. */
final class Soak implements AutoCloseable {
    private static final int AT_ONCE = 16;

    private final Engine engine;
    private final Semaphore begun = new Semaphore(0);
    private final Random random = new Random(7);
    /** Held for writing while the engine is away. */
    private final ReentrantReadWriteLock away = new ReentrantReadWriteLock();

    /** The last is in use: with a new one after each kill, no connection is kept from before. */
    private final Deque<DockerClient> clients = new ArrayDeque<>();

    private int kills;

    Soak(Engine engine) {
        this.engine = engine;
        clients.add(connect());
    }

    private DockerClient connect() {
        var config = DefaultDockerClientConfig.createDefaultConfigBuilder()
                .withDockerHost(engine.host())
                .withDockerTlsVerify(false)
                .build();
        return DockerClientImpl.getInstance(
                config,
                new ZerodepDockerHttpClient.Builder()
                        .dockerHost(config.getDockerHost())
                        .maxConnections(4 * AT_ONCE)
                        .build());
    }

    /** How often the engine was killed. Waits while it is away, so what fails afterwards failed for a later kill or an error. */
    int killsSoFar() {
        away.readLock().lock();
        try {
            return kills;
        } finally {
            away.readLock().unlock();
        }
    }

    /** The client to ask with now. */
    DockerClient docker() {
        away.readLock().lock();
        try {
            return clients.getLast();
        } finally {
            away.readLock().unlock();
        }
    }

    /** Runs that many containers, and kills the engine that often in between, at random moments. */
    void run(int containers, int killed) throws InterruptedException, ExecutionException {
        try (var pool = Executors.newFixedThreadPool(AT_ONCE)) {
            List<Future<?>> lives = new ArrayList<>();
            for (int i = 0; i < containers; i++) {
                var container = new SoakContainer(this, i);
                lives.add(pool.submit(() -> {
                    begun.release();
                    container.live();
                }));
            }
            for (int i = 0; i < killed; i++) {
                begun.acquire(containers / (killed + 1));
                LockSupport.parkNanos(random.nextInt(300_000_000));
                kill();
            }
            for (var life : lives) {
                life.get();
            }
        } finally {
            begun.drainPermits();
        }
    }

    private void kill() {
        away.writeLock().lock();
        try {
            kills++;
            engine.kill();
            engine.start();
            clients.add(connect());
        } finally {
            away.writeLock().unlock();
        }
    }

    @Override
    public void close() {
        try {
            for (var client : clients) {
                client.close();
            }
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
