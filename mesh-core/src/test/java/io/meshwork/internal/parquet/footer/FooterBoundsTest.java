package io.meshwork.internal.parquet.footer;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshwork.internal.parquet.schema.ParquetColumn;
import org.apache.iceberg.types.Types;
import org.junit.jupiter.api.Test;

class FooterBoundsTest {
  @Test
  void invalidBytesGiveNoBound() {
    for (org.apache.parquet.format.Type physical : org.apache.parquet.format.Type.values()) {
      ParquetColumn.ValueType stored =
          new ParquetColumn.ValueType(
              physical,
              16,
              Types.DecimalType.of(20, 2),
              ParquetColumn.Ticks.NONE,
              false,
              null,
              null);

      assertThat(FooterBounds.value(stored, new byte[0])).as(physical.toString()).isNull();
      assertThat(FooterBounds.value(stored, null)).as(physical.toString()).isNull();
    }
  }
}
