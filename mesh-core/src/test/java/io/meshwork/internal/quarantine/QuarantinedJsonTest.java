package io.meshwork.internal.quarantine;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshwork.internal.rows.JsonRow;
import io.meshwork.internal.table.QuarantineTable;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.apache.iceberg.Schema;
import org.apache.iceberg.types.Types;
import org.junit.jupiter.api.Test;

class QuarantinedJsonTest {
  private static final String MALFORMED = QuarantineTable.MALFORMED + "id";

  private static final Schema COLUMNS =
      new Schema(
          Types.NestedField.required(1, "id", Types.LongType.get()),
          Types.NestedField.optional(2, "content", Types.BinaryType.get()),
          Types.NestedField.optional(
              3, "parts", Types.ListType.ofOptional(4, Types.BinaryType.get())),
          Types.NestedField.optional(
              5,
              "page",
              Types.StructType.of(
                  Types.NestedField.optional(6, "image", Types.FixedType.ofLength(1_000)))));

  private static Optional<Map<String, Object>> offered(Map<String, ?> row) {
    return QuarantinedJson.row(JsonRow.of(row), MALFORMED, COLUMNS);
  }

  private static byte[] bytes(int length) {
    byte[] bytes = new byte[length];
    for (int i = 0; i < length; i++) {
      bytes[i] = (byte) i;
    }
    return bytes;
  }

  @Test
  void shortBytesOfAMalformedRowAreComplete() {
    assertThat(offered(Map.of("id", "x", "content", bytes(999))))
        .contains(Map.of("id", "x", "content", ByteBuffer.wrap(bytes(999))));
  }

  @Test
  void aRowWithCutBytesIsNotOffered() {
    ByteBuffer cut = ByteBuffer.wrap(bytes(1_001));

    assertThat(JsonRow.of(Map.of("content", cut))).endsWith("...\"}");
    assertThat(offered(Map.of("id", "x", "content", cut))).isEmpty();
    assertThat(offered(Map.of("id", "x", "parts", List.of(cut)))).isEmpty();
    assertThat(offered(Map.of("id", "x", "page", Map.of("image", cut)))).isEmpty();
    assertThat(offered(Map.of("id", "x", "other", Map.of("any", cut)))).isEmpty();
  }

  @Test
  void valuesThatAreLeftOutOfALargeRowAreNotOffered() {
    assertThat(QuarantinedJson.row("{\"id\":\"x\",\"note\":\"...\"}", MALFORMED, COLUMNS))
        .isEmpty();
  }

  @Test
  void anMalformedRowOfManyColumnsIsOffered() {
    Map<String, Object> row = new LinkedHashMap<>();
    IntStream.range(0, 150).forEach(i -> row.put("column" + i, "value"));

    assertThat(offered(row)).contains(row);
    assertThat(offered(Map.of("other", row))).as("may be cut after 100 values").isEmpty();
  }
}
