package io.meshwork.internal.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshwork.internal.rows.RowNumber;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.util.List;
import org.junit.jupiter.api.Test;

class PartQuarantineTest {
  private static final long FIRST = RowNumber.first(7);

  @Test
  void aRowHasItsRulesAfterItWasSent() throws Exception {
    PartQuarantine rows = new PartQuarantine(7);
    long last = FIRST + (1L << 40) - 1;
    rows.add(last, List.of("unique-id"));
    rows.add(FIRST + 3, List.of());
    rows.add(FIRST, List.of("unique-id", "fare"));
    rows.add(FIRST + 1, List.of("unique-id"));

    PartQuarantine sent = sent(bytes(rows));

    assertThat(sent.size()).isEqualTo(4);
    assertThat(sent.rulesOf(last)).containsExactly("unique-id");
    assertThat(sent.rulesOf(FIRST)).containsExactly("unique-id", "fare");
    assertThat(sent.rulesOf(FIRST + 1)).containsExactly("unique-id");
    assertThat(sent.rulesOf(FIRST + 3)).isEmpty();
    assertThat(sent.rulesOf(FIRST + 2)).isNull();
    assertThat(sent.rulesOf(RowNumber.first(6))).isNull();
    assertThat(sent.rulesOf(RowNumber.first(8))).isNull();
  }

  @Test
  void fiveMillionRowsAreSentAsABitEach() throws Exception {
    PartQuarantine rows = new PartQuarantine(7);
    List<String> rules = List.of("unique-id");
    for (int row = 0; row < 10_000_000; row += 2) {
      rows.add(FIRST + row, rules);
    }

    byte[] bytes = bytes(rows);

    assertThat(bytes).hasSizeBetween(10_000_000 / 8, 10_000_000 / 8 * 11 / 10);
    assertThat(sent(bytes).size()).isEqualTo(5_000_000);
  }

  private static byte[] bytes(PartQuarantine rows) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(rows);
    }
    return bytes.toByteArray();
  }

  private static PartQuarantine sent(byte[] bytes) throws IOException, ClassNotFoundException {
    try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes))) {
      return (PartQuarantine) in.readObject();
    }
  }
}
