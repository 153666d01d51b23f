package io.drydock.docker.dockerd;

import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import jdk.management.VirtualThreadSchedulerMXBean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sees to it that virtual threads run. They have as many carriers as there are processors, and one that looks at files of a
 * server that has gone keeps its carrier in the kernel for as long as that takes; a few of them would keep everybody from going on.
 * When nobody has run for a while there is one carrier more, for good.
 */
final class Carriers implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Carriers.class);
    private static final Duration LIMIT = Duration.ofSeconds(2);
    private static final Duration PAUSE = Duration.ofSeconds(1);
    private static final int MOST = 256;

    private final Thread thread = Thread.ofPlatform().daemon().name("carriers").unstarted(this::watch);

    private Carriers() {}

    /** Begins to watch. */
    static Carriers watched() {
        var carriers = new Carriers();
        carriers.thread.start();
        return carriers;
    }

    private void watch() {
        try {
            while (true) {
                var ran = new CountDownLatch(1);
                Thread.startVirtualThread(ran::countDown);
                if (ran.await(LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
                    Thread.sleep(PAUSE);
                } else {
                    another();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // closed
        }
    }

    private static void another() {
        var scheduler = ManagementFactory.getPlatformMXBean(VirtualThreadSchedulerMXBean.class);
        int more = scheduler.getParallelism() + 1;
        if (more <= MOST) {
            scheduler.setParallelism(more);
            LOG.info("nothing has run for {} seconds: there are {} carriers now", LIMIT.toSeconds(), more);
        }
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
