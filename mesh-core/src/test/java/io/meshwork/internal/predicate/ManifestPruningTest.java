package io.meshwork.internal.predicate;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshwork.internal.vector.VectorBatch;
import java.io.IOException;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.DataFiles;
import org.apache.iceberg.ManifestFile;
import org.apache.iceberg.ManifestFiles;
import org.apache.iceberg.ManifestWriter;
import org.apache.iceberg.PartitionKey;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Schema;
import org.apache.iceberg.data.GenericRecord;
import org.apache.iceberg.inmemory.InMemoryOutputFile;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types;
import org.junit.jupiter.api.Test;

/** Checks that pruned manifests contain no matching row, up to the limits of every type. */
class ManifestPruningTest {
  private static final List<Type> TYPES =
      List.of(
          Types.BooleanType.get(),
          Types.IntegerType.get(),
          Types.LongType.get(),
          Types.FloatType.get(),
          Types.DoubleType.get(),
          Types.DateType.get(),
          Types.TimeType.get(),
          Types.TimestampType.withoutZone(),
          Types.TimestampType.withZone(),
          Types.TimestampNanoType.withoutZone(),
          Types.DecimalType.of(9, 2),
          Types.DecimalType.of(18, 0),
          Types.DecimalType.of(38, 10),
          Types.StringType.get(),
          Types.UUIDType.get());
  private static final int[] WIDTHS = {1, 3, 10, 16, Integer.MAX_VALUE};

  @Test
  void everyTransformKeepsMatchingRowsUpToTheLimitsOfItsType() throws IOException {
    int kept = 0;
    int leftOut = 0;
    for (Type type : TYPES) {
      Schema schema = new Schema(Types.NestedField.optional(1, "v", type));
      List<Object> values = values(type);
      VectorBatch batch =
          SampleValues.batch(schema, values.stream().map(each -> new Object[] {each}).toList());
      List<RowPredicate> filters =
          filters(type, values).stream().map(text -> RowPredicate.parse(text, schema)).toList();
      for (PartitionSpec spec : specs(schema, type)) {
        List<ManifestFile> manifests = new ArrayList<>();
        for (Object value : values) {
          manifests.add(manifest(spec, schema, List.of(value)));
        }
        ManifestFile all = manifest(spec, schema, values);
        for (RowPredicate filter : filters) {
          var matching = filter.matches(batch);
          boolean any = false;
          for (int i = 0; i < values.size(); i++) {
            if (manifests.get(i).addedFilesCount() == 0) {
              continue;
            }
            any |= matching.get(i);
            // For rows that do not match, a sample is counted.
            if (!matching.get(i) && i % 4 != 0) {
              continue;
            }
            boolean may = filter.mayMatch(manifests.get(i), spec);
            assertThat(may || !matching.get(i))
                .as("%s by %s: %s with %s", type, spec.fields(), filter.text(), values.get(i))
                .isTrue();
            kept += may ? 1 : 0;
            leftOut += may ? 0 : 1;
          }
          assertThat(!any || filter.mayMatch(all, spec))
              .as("%s by %s: %s in all", type, spec.fields(), filter.text())
              .isTrue();
        }
      }
    }
    assertThat(leftOut).as("manifests left out, %d kept", kept).isGreaterThan(kept / 8);
  }

  @Test
  void partitionAwayFromTheLimitsIsPruned() throws IOException {
    Schema schema = new Schema(Types.NestedField.optional(1, "v", Types.IntegerType.get()));
    PartitionSpec spec = PartitionSpec.builderFor(schema).truncate("v", 10).build();
    ManifestFile twenties = manifest(spec, schema, List.of(20, 29));

    assertThat(RowPredicate.parse("v < 20", schema).mayMatch(twenties, spec)).isFalse();
    assertThat(RowPredicate.parse("v > 29", schema).mayMatch(twenties, spec)).isFalse();
    assertThat(RowPredicate.parse("v = 31", schema).mayMatch(twenties, spec)).isFalse();
    assertThat(RowPredicate.parse("v >= 25", schema).mayMatch(twenties, spec)).isTrue();
  }

  private static List<Object> values(Type type) {
    Set<Object> values = new LinkedHashSet<>(SampleValues.of(type));
    switch (type.typeId()) {
      case INTEGER -> {
        for (int near : new int[] {1, 2, 3, 7, 8, 9, 10, 647, 648, 1000}) {
          values.add(Integer.MIN_VALUE + near);
          values.add(Integer.MAX_VALUE - near);
          values.add(-near);
        }
      }
      case LONG -> {
        for (long near : new long[] {1, 2, 3, 7, 8, 9, 10, 807, 808, 1000}) {
          values.add(Long.MIN_VALUE + near);
          values.add(Long.MAX_VALUE - near);
          values.add(-near);
        }
      }
      case DATE -> {
        values.add(Integer.MIN_VALUE);
        values.add(Integer.MAX_VALUE);
        values.add((int) LocalDate.of(-1, 1, 1).toEpochDay());
        values.add((int) LocalDate.of(1969, 12, 31).toEpochDay());
        values.add((int) LocalDate.of(1968, 12, 31).toEpochDay());
      }
      case TIMESTAMP, TIMESTAMP_NANO -> {
        for (long near : new long[] {0, 1, 999, 1_000, 3_600_000_000L, 86_400_000_000_000L}) {
          values.add(Long.MIN_VALUE + near);
          values.add(Long.MAX_VALUE - near);
          values.add(-near);
        }
        // Around the values at which the number of hours overflows an int.
        for (long hours : new long[] {Integer.MAX_VALUE, 1_732_919_508L, 1_732_919_507L}) {
          for (long near : new long[] {-1, 0, 1}) {
            if (type.typeId() == Type.TypeID.TIMESTAMP) {
              values.add(hours * 3_600_000_000L + near);
              values.add(-hours * 3_600_000_000L + near);
            }
          }
        }
      }
      case STRING -> {
        values.add("\uD83D\uDE00\uD83D\uDE01x");
        values.add("a\uD83D\uDE00");
        values.add("ab\uDBFF\uDFFF");
        values.add("\uE000\uFFFF");
        values.add("\uD7FF");
        values.add("ab\uFFFF");
      }
      default -> {
        // The samples include the limits.
      }
    }
    return new ArrayList<>(values);
  }

  private static List<String> filters(Type type, List<Object> values) {
    List<String> literals =
        values.stream()
            .filter(SampleValues::canBeWritten)
            .map(value -> SampleValues.literal(type, value))
            .distinct()
            .toList();
    List<String> filters = new ArrayList<>();
    Random random = new Random(type.toString().hashCode());
    List<String> operators =
        type.typeId() == Type.TypeID.BOOLEAN
            ? List.of("=", "<>")
            : List.of("=", "<>", "<", "<=", ">", ">=");
    for (String literal : literals) {
      for (String operator : operators) {
        filters.add("v " + operator + " " + literal);
        if (random.nextInt(3) == 0) {
          filters.add("NOT v " + operator + " " + literal);
        }
      }
      String other = literals.get(random.nextInt(literals.size()));
      filters.add("v IN (" + literal + ", " + other + ")");
      filters.add("v NOT IN (" + literal + ", " + other + ")");
      if (type.typeId() != Type.TypeID.BOOLEAN) {
        filters.add("v BETWEEN " + literal + " AND " + other);
        filters.add("NOT v BETWEEN " + other + " AND " + literal);
      }
      if (type.typeId() == Type.TypeID.STRING) {
        filters.add("v LIKE " + literal.substring(0, literal.length() - 1) + "%'");
        filters.add("v LIKE " + literal);
      }
    }
    filters.add("v IN (" + String.join(", ", literals.subList(0, literals.size() / 2)) + ")");
    filters.add("v IS NULL");
    filters.add("v IS NOT NULL");
    return filters;
  }

  private static List<PartitionSpec> specs(Schema schema, Type type) {
    List<PartitionSpec> specs = new ArrayList<>();
    specs.add(PartitionSpec.builderFor(schema).identity("v").build());
    switch (type.typeId()) {
      case DATE, TIMESTAMP, TIMESTAMP_NANO -> {
        specs.add(PartitionSpec.builderFor(schema).year("v").build());
        specs.add(PartitionSpec.builderFor(schema).month("v").build());
        specs.add(PartitionSpec.builderFor(schema).day("v").build());
        if (type.typeId() != Type.TypeID.DATE) {
          specs.add(PartitionSpec.builderFor(schema).hour("v").build());
        }
      }
      case INTEGER, LONG, DECIMAL, STRING -> {
        for (int width : WIDTHS) {
          specs.add(PartitionSpec.builderFor(schema).truncate("v", width).build());
        }
      }
      default -> {
        // The identity transform, and buckets below.
      }
    }
    switch (type.typeId()) {
      case BOOLEAN, FLOAT, DOUBLE -> {
        // No hash is defined.
      }
      default -> specs.add(PartitionSpec.builderFor(schema).bucket("v", 5).build());
    }
    return specs;
  }

  private static ManifestFile manifest(PartitionSpec spec, Schema schema, List<Object> values)
      throws IOException {
    ManifestWriter<DataFile> writer =
        ManifestFiles.write(2, spec, new InMemoryOutputFile("manifest.avro"), 1L);
    try (writer) {
      for (Object value : values) {
        GenericRecord row = GenericRecord.create(schema);
        row.set(0, value);
        PartitionKey key = new PartitionKey(spec, schema);
        key.partition(row);
        if (fits(spec, key)) {
          writer.add(
              DataFiles.builder(spec)
                  .withPath("x.parquet")
                  .withFileSizeInBytes(1)
                  .withRecordCount(1)
                  .withPartition(key)
                  .build());
        }
      }
    }
    return writer.toManifestFile();
  }

  /**
   * Returns false for a decimal that has a digit too many after truncation, which no file can
   * store.
   */
  private static boolean fits(PartitionSpec spec, PartitionKey key) {
    Types.NestedField field = spec.partitionType().fields().get(0);
    return !(field.type() instanceof Types.DecimalType decimal)
        || !(key.get(0, Object.class) instanceof BigDecimal cut)
        || cut.precision() <= decimal.precision();
  }
}
