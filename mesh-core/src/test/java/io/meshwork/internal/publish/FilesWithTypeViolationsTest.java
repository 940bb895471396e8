package io.meshwork.internal.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.tuple;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.consume.Rows;
import io.meshwork.contract.Contract;
import io.meshwork.contract.OnViolation;
import io.meshwork.error.ContractViolationException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Finding;
import io.meshwork.error.FindingCode;
import io.meshwork.internal.parquet.read.GroupFile;
import io.meshwork.local.LocalMesh;
import io.meshwork.product.Principal;
import io.meshwork.publish.PublishReceipt;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.io.api.Binary;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Values of a file that the column's type does not allow make rows invalid, not the file. */
class FilesWithTypeViolationsTest {
  private static final String FILE =
      """
      message offered {
        required int32 small (UINT_32);
        required int64 large (UINT_64);
        required int64 at (TIMESTAMP(MICROS,true));
        required int96 old;
        optional int64 daily (TIME(NANOS,false));
        required binary price (DECIMAL(20,2));
        required group sizes (LIST) {
          repeated group list { optional int32 element (UINT_32); }
        }
        required group tags (MAP) {
          repeated group key_value {
            optional binary key (UTF8);
            optional int64 value (TIMESTAMP(MILLIS,true));
          }
        }
      }
      """;
  private static final String CONTRACT =
      """
      {"type":"record","name":"Row","fields":[
        {"name":"small","type":"int"},
        {"name":"large","type":"long"},
        {"name":"at","type":{"type":"long","logicalType":"timestamp-nanos"}},
        {"name":"old","type":{"type":"long","logicalType":"timestamp-micros"}},
        {"name":"daily","type":["null",{"type":"long","logicalType":"time-micros"}],"default":null},
        {"name":"price","type":{"type":"bytes","logicalType":"decimal","precision":20,"scale":2}},
        {"name":"sizes","type":{"type":"array","items":"int"}},
        {"name":"tags","type":{"type":"map","values":
          {"type":"long","logicalType":"timestamp-micros"}}}]}
      """;
  private static final long DAY_NANOS = 86_400_000_000_000L;

  @TempDir private Path folder;

  @Test
  void aValueOutsideItsTypeMakesARowInvalidAndNotTheFile() {
    Path file = folder.resolve("offered.parquet");
    GroupFile.write(
        file,
        FILE,
        row(1, 1, 0, old(2_440_588, 1_000), 5_000L, BigInteger.TEN, "a", 1, 7, 8),
        row(-1, 1, 0, old(2_440_588, 0), null, BigInteger.TEN, "a", 1),
        row(2, -1, 0, old(2_440_588, 0), null, BigInteger.TEN, "a", 1),
        row(3, 1, Long.MAX_VALUE / 5, old(2_440_588, 0), null, BigInteger.TEN, "a", 1),
        row(4, 1, 0, old(2_440_588, 1), null, BigInteger.TEN, "a", 1),
        row(5, 1, 0, old(Integer.MAX_VALUE, 0), null, BigInteger.TEN, "a", 1),
        row(6, 1, 0, old(2_440_588, 0), DAY_NANOS, BigInteger.TEN, "a", 1),
        row(7, 1, 0, old(2_440_588, 0), 1L, BigInteger.TEN, "a", 1),
        row(8, 1, 0, old(2_440_588, 0), null, BigInteger.TEN.pow(20), "a", 1),
        row(9, 1, 0, old(2_440_588, 0), null, BigInteger.TEN, "a", 1, 7, -1, -2),
        row(10, 1, 0, old(2_440_588, 0), null, BigInteger.TEN, null, 1),
        row(11, 1, 0, old(2_440_588, 0), null, BigInteger.TEN, "a", Long.MAX_VALUE),
        row(12, 1, -1, old(2_440_587, 0), DAY_NANOS - 1_000, BigInteger.ONE, "b", 2));
    try (Mesh mesh = LocalMesh.open(folder.resolve("mesh"))) {
      MeshClient owner = mesh.clientAs(Principal.of("types", "etl"));
      owner.registerDomain("types").owner("types@example.org").commit();
      Contract contract = contractOf(CONTRACT);
      owner.defineProduct("types/strict").contract(contract).tableFormat(3).commit();
      owner
          .defineProduct("types/lenient")
          .contract(contract.onViolation(OnViolation.QUARANTINE).maxQuarantineShare(100))
          .tableFormat(3)
          .commit();

      ContractViolationException refused =
          catchThrowableOfType(
              ContractViolationException.class,
              () -> owner.publish("types/strict").files(file).commit());
      PublishReceipt receipt = owner.publish("types/lenient").files(file).commit();

      assertThat(refused.errorCode()).isEqualTo(ErrorCode.CONTRACT_VIOLATED);
      assertThat(refused.findings())
          .extracting(Finding::code, Finding::where, Finding::count)
          .containsExactlyInAnyOrder(
              tuple(FindingCode.TYPE_MISMATCH, "small", 1L),
              tuple(FindingCode.TYPE_MISMATCH, "large", 1L),
              tuple(FindingCode.TIMESTAMP_RANGE, "at", 1L),
              tuple(FindingCode.TIME_PRECISION, "old", 1L),
              tuple(FindingCode.TIMESTAMP_RANGE, "old", 1L),
              tuple(FindingCode.TIMESTAMP_RANGE, "daily", 1L),
              tuple(FindingCode.TIME_PRECISION, "daily", 1L),
              tuple(FindingCode.DECIMAL_PRECISION, "price", 1L),
              tuple(FindingCode.TYPE_MISMATCH, "sizes[]", 1L),
              tuple(FindingCode.MAP_KEY_NULL, "tags", 1L),
              tuple(FindingCode.TIMESTAMP_RANGE, "tags{}", 1L));
      assertThat(receipt.quality().violations()).isEqualTo(refused.findings());
      try (Rows<Map<String, Object>> rows = owner.read("types/lenient").asMaps().rows()) {
        assertThat(rows.stream().map(row -> row.get("small"))).containsExactly(1, 12);
      }
      try (Rows<Map<String, Object>> aside = owner.quarantine("types/lenient").asMaps().rows()) {
        assertThat(aside.stream().map(row -> row.get("row_number")))
            .containsExactly(2L, 3L, 4L, 5L, 6L, 7L, 8L, 9L, 10L, 11L, 12L);
      }
    }
  }

  @Test
  void datesAreRejectedForTimestampColumns() {
    Path file = folder.resolve("dates.parquet");
    GroupFile.write(
        file, "message offered { required int32 at (DATE); }", group -> group.append("at", 1));
    try (Mesh mesh = LocalMesh.open(folder.resolve("mesh"))) {
      MeshClient owner = mesh.clientAs(Principal.of("types", "etl"));
      owner.registerDomain("types").owner("types@example.org").commit();
      for (String type : List.of("local-timestamp-millis", "local-timestamp-nanos")) {
        owner
            .defineProduct("types/" + type)
            .contract(
                contractOf(
                    "{\"type\":\"record\",\"name\":\"Row\",\"fields\":[{\"name\":\"at\",\"type\":"
                        + "{\"type\":\"long\",\"logicalType\":\""
                        + type
                        + "\"}}]}"))
            .tableFormat(3)
            .commit();

        ContractViolationException refused =
            catchThrowableOfType(
                ContractViolationException.class,
                () -> owner.publish("types/" + type).files(file).commit());

        assertThat(refused.errorCode()).as(type).isEqualTo(ErrorCode.SCHEMA_MISMATCH);
        assertThat(refused).hasMessageContainingAll("column at", "date", "Nothing was published");
      }
    }
  }

  private static Contract contractOf(String avro) {
    return Contract.of(new Schema.Parser().parse(avro));
  }

  private static GroupFile.Row row(
      int small,
      long large,
      long at,
      Binary old,
      Long daily,
      BigInteger price,
      String key,
      long value,
      int... sizes) {
    return group -> {
      group.append("small", small).append("large", large).append("at", at).append("old", old);
      if (daily != null) {
        group.append("daily", daily);
      }
      group.append("price", Binary.fromConstantByteArray(price.toByteArray()));
      Group list = group.addGroup("sizes");
      for (int size : sizes) {
        list.addGroup("list").append("element", size);
      }
      Group entry = group.addGroup("tags").addGroup("key_value");
      if (key != null) {
        entry.append("key", key);
      }
      entry.append("value", value);
    };
  }

  private static Binary old(int julianDay, long nanosOfDay) {
    return Binary.fromConstantByteArray(
        ByteBuffer.allocate(12)
            .order(ByteOrder.LITTLE_ENDIAN)
            .putLong(nanosOfDay)
            .putInt(julianDay)
            .array());
  }
}
