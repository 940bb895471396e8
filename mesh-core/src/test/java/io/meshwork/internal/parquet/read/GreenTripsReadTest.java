package io.meshwork.internal.parquet.read;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshwork.internal.parquet.footer.FooterRowGroup;
import io.meshwork.internal.parquet.read.ParquetReader.ColumnMatch;
import io.meshwork.internal.vector.DictionaryVector;
import io.meshwork.internal.vector.VectorBatch;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.List;
import java.util.Objects;
import org.apache.iceberg.Schema;
import org.apache.iceberg.types.Types;
import org.junit.jupiter.api.Test;

/** Reads New York's green taxi trips of January 2024, as published: written by parquet-cpp. */
class GreenTripsReadTest {
  static Path file() {
    try {
      return Path.of(
          Objects.requireNonNull(
                  GreenTripsReadTest.class.getResource("/green_tripdata_2024-01.parquet"))
              .toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void everyValueMatchesTheOracle() {
    ReadRows.assertSame("green trips", ReadRows.all(file()), OracleFile.read(file()));
  }

  @Test
  void schemaMatchesThePublishedOneWithNewIds() {
    try (ParquetReader reader = ReadRows.open(file())) {
      assertThat(reader.rows()).isEqualTo(56_551);
      assertThat(reader.hasFieldIds()).isFalse();
      assertThat(reader.properties()).containsKey("pandas");
      Schema schema = reader.schema();
      assertThat(schema.columns()).hasSize(20).allMatch(Types.NestedField::isOptional);
      assertThat(schema.columns().get(0).fieldId()).isEqualTo(1);
      assertThat(schema.findField("VendorID").type()).isEqualTo(Types.IntegerType.get());
      assertThat(schema.findField("lpep_pickup_datetime").type())
          .isEqualTo(Types.TimestampType.withoutZone());
      assertThat(schema.findField("store_and_fwd_flag").type()).isEqualTo(Types.StringType.get());
      assertThat(schema.findField("RatecodeID").type()).isEqualTo(Types.DoubleType.get());
    }
  }

  @Test
  void threeOfTwentyColumnsGiveThePublishedFigures() {
    try (ParquetReader reader = ReadRows.open(file())) {
      Schema wanted =
          reader.schema().select("total_amount", "lpep_pickup_datetime", "store_and_fwd_flag");
      List<List<Object>> rows = ReadRows.all(reader, wanted);
      double total = 0;
      LocalDateTime first = LocalDateTime.MAX;
      long nulls = 0;
      for (List<Object> row : rows) {
        first = first.isBefore((LocalDateTime) row.get(0)) ? first : (LocalDateTime) row.get(0);
        nulls += row.get(1) == null ? 1 : 0;
        total += (Double) row.get(2);
      }
      assertThat(BigDecimal.valueOf(total).setScale(2, RoundingMode.HALF_EVEN))
          .isEqualByComparingTo("1266922.59");
      assertThat(first).isEqualTo(LocalDateTime.parse("2023-12-31T14:38:47"));
      assertThat(nulls).isEqualTo(3_415);
    }
  }

  @Test
  void dictionaryEncodedColumnIsReturnedWithItsDictionary() {
    try (ParquetReader reader = ReadRows.open(file());
        BatchReader batches =
            reader.read(reader.schema().select("store_and_fwd_flag"), ColumnMatch.BY_NAME)) {
      VectorBatch batch = batches.next();
      assertThat(batch.rows()).isEqualTo(VectorBatch.ROWS);
      assertThat(batch.vector(0)).isInstanceOf(DictionaryVector.class);
      assertThat(((DictionaryVector) batch.vector(0)).dictionary().size()).isEqualTo(2);
    }
  }

  @Test
  void footerDescribesRowGroupsWithoutAnotherRead() {
    try (ParquetReader reader = ReadRows.open(file())) {
      assertThat(reader.rowGroups()).hasSize(1);
      FooterRowGroup group = reader.rowGroups().get(0);
      assertThat(group.rows()).isEqualTo(56_551);
      assertThat(group.columns()).hasSize(20);
      FooterRowGroup.FooterColumnChunk flag = group.columns().get(3);
      assertThat(flag.path()).isEqualTo("store_and_fwd_flag");
      assertThat(flag.nullCount()).isEqualTo(3_415);
      assertThat(flag.least()).containsExactly('N');
      assertThat(flag.most()).containsExactly('Y');
    }
  }
}
