package io.drydock.docker.cli.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.security.GeneralSecurityException;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.RSAPrivateKey;
import org.junit.jupiter.api.Test;

/** Keys as OpenSSL writes them; made for this test. */
class PrivateKeyFileTest {
    private static final String P256 = """
            -----BEGIN EC PARAMETERS-----
            BggqhkjOPQMBBw==
            -----END EC PARAMETERS-----
            -----BEGIN EC PRIVATE KEY-----
            MHcCAQEEIL8AvEHxIyrKThdcMAT9nPf9+ma8FX9q6w8YgSsGNZONoAoGCCqGSM49
            AwEHoUQDQgAE/CT1s3wIvNi+iG3AeA3KHIryZ8vux3B3XWaf2oVwEpissP/jCsBi
            7KZSEyTUjRQ54gPlCgnq6TbStm8Z7sVGUg==
            -----END EC PRIVATE KEY-----
            """;
    private static final String P384 = """
            -----BEGIN EC PRIVATE KEY-----
            MIGkAgEBBDBNxfs8CuaiPc0TQCWPubiBPMqSWMN6E7+9oetuiL9bsR/X1E2SB45l
            xzlHBkJ4C+agBwYFK4EEACKhZANiAARPj056OrHYBorTTyPna/861ezlIKtnP5pp
            sFdm+OKL5BdAfSnbPEdwxJzZhG1WrtgcLYi1jwqj/Do4VcP3dU05sBYzeqWCplw7
            uLEfp1eSghmQST+hpthO0gTraHT7WKI=
            -----END EC PRIVATE KEY-----
            """;
    private static final String PKCS1 = """
            -----BEGIN RSA PRIVATE KEY-----
            MIICXAIBAAKBgQDhXW3heNN6zyTmnGtQExjKFlrPG2eiJyE75cZH6pyW5vgBrHKS
            AqPOioO0xRl3ClzCZXNOZAgSIKb0MsWlmTbi34IJZxk/hPtDGZMC8gfzdRGNjxuc
            Z/x2NuB1tRqSFCykgA/WQBucttdAZ1GDc/uGfamB7fBJ23BOfTM1hB82gQIDAQAB
            AoGBAK6vS8+8ZzhHPhQe5LORyeJDB6qHVIIFEKasCVCPU0dIyq4JbFkvAKfFCCfj
            q0RxXMs19fWqZfMfKioY/MjKhRZLs8ms2pgNgx1c78ZO/weNBTvdyJOIdJ8Amo67
            5TUDHZv+Jvk4pv0bfA4y4WDOHvbz0giW29BwHrekn9ZoeghRAkEA9WsKKsYUDmLi
            FkxUDj6CjUDTH/sY1t4C7AdfRxNWfvD4DRKHlgZfzgw/IaWtOphyTunX37cYdLzp
            UZPa7ezJVQJBAOsVCjAu9i96NpxGES5GCLwCIXiS41yq2QC6zcIkb9sRIopOqZ+n
            vdY05A8FNAvm5VeCC2x26OyCCjI4xS9dSH0CQGg8+qiIUWR644SNDvat3k2YxxPC
            Vx6MVbliuDk8IXTxbKpAwI4cTvz5fqcP86/7qDGUaTiAUEblJkScBFUiSbECQBLE
            azvNg/nmV9XCAj0fejMIOIPXti7/tLNKNoL5RbTHeWpxPTlxusYPEuXgFHeex1Bl
            IWRXWeEHwKihv5w4ZkECQHhHaQvEEtcJFetUAM/7wU40sBvaS/LkTSGZXa/fOtS5
            dKMO8XUUst6duteFAl1vG7AMwTHy7aLdS6Iv/6fJBBM=
            -----END RSA PRIVATE KEY-----
            """;
    private static final String ED25519 = """
            -----BEGIN PRIVATE KEY-----
            MC4CAQAwBQYDK2VwBCIEIEa48ReXTuN1eyFHSBd5yAdKUeAUpQ7tEL2UNHOs8ZAD
            -----END PRIVATE KEY-----
            """;

    @Test
    void readsEllipticCurvesInTheFormOfSec1() throws Exception {
        assertThat(PrivateKeyFile.parse(P256))
                .isInstanceOfSatisfying(
                        ECPrivateKey.class,
                        key -> assertThat(key.getParams().getOrder().bitLength())
                                .isEqualTo(256));
        assertThat(PrivateKeyFile.parse(P384))
                .isInstanceOfSatisfying(
                        ECPrivateKey.class,
                        key -> assertThat(key.getParams().getOrder().bitLength())
                                .isEqualTo(384));
    }

    @Test
    void readsTheOtherForms() throws Exception {
        assertThat(PrivateKeyFile.parse(PKCS1)).isInstanceOf(RSAPrivateKey.class);
        assertThat(PrivateKeyFile.parse(ED25519).getAlgorithm()).isIn("EdDSA", "Ed25519");
    }

    @Test
    void refusesWhatIsNoKey() {
        assertThatThrownBy(() -> PrivateKeyFile.parse("hello")).isInstanceOf(GeneralSecurityException.class);
        String cut = "-----BEGIN EC PRIVATE KEY-----\nMHcC\n-----END EC PRIVATE KEY-----";
        assertThatThrownBy(() -> PrivateKeyFile.parse(cut)).isInstanceOf(GeneralSecurityException.class);
    }
}
