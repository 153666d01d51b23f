package io.drydock.random;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.SecureRandom;
import org.junit.jupiter.api.Test;

class KernelRandomTest {
    @Test
    void isWhatTheJdkAsksForAndGivesDifferentNumbersEachTime() throws Exception {
        var random = SecureRandom.getInstance("NativePRNGNonBlocking", new KernelRandom());
        byte[] one = new byte[32];
        byte[] other = new byte[32];
        random.nextBytes(one);
        random.nextBytes(other);
        assertThat(one).isNotEqualTo(other);
        assertThat(random.generateSeed(32)).isNotEqualTo(new byte[32]);
        assertThat(random.getProvider().getName()).isEqualTo("KernelRandom");
    }
}
