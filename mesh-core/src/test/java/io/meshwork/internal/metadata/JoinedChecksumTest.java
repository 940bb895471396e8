package io.meshwork.internal.metadata;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;

class JoinedChecksumTest {
  @Test
  void theChecksumOfJoinedTextsIsThatOfTheWholeText() {
    Random random = new Random(18);
    for (int i = 0; i < 500; i++) {
      byte[] first = bytes(random);
      byte[] second = bytes(random);
      CRC32 whole = new CRC32();
      whole.update(first);
      whole.update(second);

      assertThat(
              JoinedChecksum.of(JoinedChecksum.of(first), JoinedChecksum.of(second), second.length))
          .as("%d and %d bytes", first.length, second.length)
          .isEqualTo((int) whole.getValue());
    }
  }

  @Test
  void aTextWithoutBytesChangesNoChecksum() {
    int some = JoinedChecksum.of(new byte[] {1, 2, 3});

    assertThat(JoinedChecksum.of(some, JoinedChecksum.of(new byte[0]), 0)).isEqualTo(some);
    assertThat(JoinedChecksum.of(JoinedChecksum.of(new byte[0]), some, 3)).isEqualTo(some);
  }

  /** Mostly short, and sometimes more than 64 KiB. */
  private static byte[] bytes(Random random) {
    byte[] bytes = new byte[random.nextInt(1 << random.nextInt(18))];
    random.nextBytes(bytes);
    return bytes;
  }
}
