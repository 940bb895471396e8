package io.meshwork.internal.parquet.read;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshwork.internal.parquet.footer.FooterRowGroup;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.iceberg.Files;
import org.apache.iceberg.types.Types;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.io.api.Binary;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Reads bounds of files by other writers, which store values in other units and widths. */
class FileFooterBoundsTest {
  @TempDir Path folder;

  @Test
  void boundsAreInTheUnitsOfTheIcebergType() {
    Map<String, FooterRowGroup.FooterColumnChunk> columns =
        columns(
            """
            message m {
              required int32 narrow (INTEGER(8,true));
              required int32 unsigned (INTEGER(32,false));
              required int64 huge (INTEGER(64,false));
              required int64 millis (TIMESTAMP(MILLIS,true));
              required int64 micros (TIMESTAMP(MICROS,false));
              required int64 nanos (TIMESTAMP(NANOS,true));
              required int64 nano_time (TIME(NANOS,true));
              required int32 small (DECIMAL(9,2));
              required binary wide (DECIMAL(30,3));
              required int96 old;
              required double number;
              required float nan;
              required binary text (STRING);
              optional boolean none;
              required boolean flag;
            }
            """,
            List.of(
                row ->
                    row.append("narrow", -5)
                        .append("unsigned", -1)
                        .append("huge", -1L)
                        .append("millis", -1L)
                        .append("micros", 7L)
                        .append("nanos", 9L)
                        .append("nano_time", 11L)
                        .append("small", -125)
                        .append("wide", Binary.fromConstantByteArray(new byte[] {-1}))
                        .append("old", Binary.fromConstantByteArray(new byte[12]))
                        .append("number", 1.5)
                        .append("nan", Float.NaN)
                        .append("text", "é")
                        .append("flag", true)));

    assertThat(columns.get("narrow").lowest()).isEqualTo(-5L);
    assertThat(columns.get("unsigned").highest()).isEqualTo(4_294_967_295L);
    assertThat(columns.get("huge").highest()).isEqualTo(new BigDecimal("18446744073709551615"));
    assertThat(columns.get("millis").lowest()).isEqualTo(-1_000L);
    assertThat(columns.get("millis").type()).isEqualTo(Types.TimestampType.withZone());
    assertThat(columns.get("micros").lowest()).isEqualTo(7L);
    assertThat(columns.get("nanos").lowest()).isEqualTo(9L);
    assertThat(columns.get("nano_time").lowest()).isNull();
    assertThat(columns.get("small").highest()).isEqualTo(new BigDecimal("-1.25"));
    assertThat(columns.get("wide").lowest()).isEqualTo(new BigDecimal("-0.001"));
    assertThat(columns.get("old").lowest()).isNull();
    assertThat(columns.get("number").lowest()).isEqualTo(1.5);
    assertThat(columns.get("nan").lowest()).isNull();
    assertThat((byte[]) columns.get("text").highest()).containsExactly(0xC3, 0xA9);
    assertThat(columns.get("none").lowest()).isNull();
    assertThat(columns.get("none").nullCount()).isEqualTo(1);
    assertThat(columns.get("flag").lowest()).isEqualTo(true);
  }

  private Map<String, FooterRowGroup.FooterColumnChunk> columns(
      String schema, List<Consumer<Group>> rows) {
    Path file = folder.resolve("foreign.parquet");
    GroupFile.write(file, schema, rows);
    Map<String, FooterRowGroup.FooterColumnChunk> columns = new HashMap<>();
    try (ParquetReader reader = ParquetReader.open(Files.localInput(file.toFile()))) {
      reader.rowGroups().get(0).columns().forEach(column -> columns.put(column.path(), column));
    }
    return columns;
  }
}
