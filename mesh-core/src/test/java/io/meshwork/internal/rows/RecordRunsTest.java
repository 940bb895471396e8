package io.meshwork.internal.rows;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshwork.internal.materializers.RowMaterializer;
import io.meshwork.internal.materializers.RowMaterializers;
import io.meshwork.internal.schema.IcebergSchemas;
import io.meshwork.internal.vector.BytesVector;
import io.meshwork.internal.vector.VectorBatch;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.util.Utf8;
import org.junit.jupiter.api.Test;

class RecordRunsTest {
  private static final String HEXADECIMAL = "0123456789abcdefABCDEF-g";

  @Test
  void recordsThatAreAppendedTogetherGiveTheRowsAndViolationsOfRecordsOneByOne() {
    int violations = 0;
    for (long seed = 1; seed <= 200; seed++) {
      Random random = new Random(seed);
      RandomContract contract = new RandomContract(random, 4);
      List<Map<String, Object>> rows = new ArrayList<>();
      for (int i = 0; i < 40; i++) {
        rows.add(contract.row());
      }
      VectorBatch maps = NestedRows.shred(contract.schema(), rows);
      List<GenericRecord> records =
          NestedRows.all(RowMaterializers.asAvro(maps.schema(), contract.schema()), maps);
      if (seed % 2 == 0) {
        records.forEach(record -> damage(record, random));
      }
      VectorBatch together = VectorBatch.empty(maps.schema());
      TypeViolations ofRun = new TypeViolations();
      VectorBatch apart = VectorBatch.empty(maps.schema());
      TypeViolations ofEach = new TypeViolations();
      RecordShredder shredder = RecordShredders.forRecords(contract.schema(), maps.schema());
      shredder.shredAll(records.toArray(), 25, together, ofRun);
      Object[] rest = records.subList(25, 40).toArray();
      shredder.shredAll(rest, rest.length, together, ofRun);
      RecordShredder other = RecordShredders.forRecords(contract.schema(), maps.schema());
      records.forEach(record -> other.shred(record, apart, ofEach));

      String what = "seed " + seed + " " + contract.schema();
      RowMaterializer<Map<String, Object>> asMap = RowMaterializers.asMap(maps.schema());
      assertThat(values(together)).as(what).isEqualTo(values(apart));
      for (int row = 0; row < 40; row++) {
        assertThat(ofRun.at(row)).as(what).containsExactlyInAnyOrderElementsOf(ofEach.at(row));
      }
      if (seed % 2 == 1) {
        assertThat(NestedRows.all(asMap, together)).as(what).isEqualTo(rows);
      }
      violations += ofEach.count();
    }
    assertThat(violations).isGreaterThan(100);
  }

  @Test
  void mapsThatAreAppendedTogetherGiveTheRowsAndViolationsOfMapsOneByOne() {
    int violations = 0;
    for (long seed = 1; seed <= 200; seed++) {
      Random random = new Random(seed);
      RandomContract contract = new RandomContract(random, 4);
      List<Map<String, Object>> maps = new ArrayList<>();
      for (int i = 0; i < 40; i++) {
        Map<String, Object> map = new LinkedHashMap<>(contract.row());
        if (seed % 2 == 0) {
          map.replaceAll((name, value) -> damaged(value, random));
        }
        // Most runs are of complete maps only, which are read column by column.
        if (random.nextInt(60) == 0) {
          map.remove(map.keySet().iterator().next());
        }
        if (random.nextInt(60) == 0) {
          map.put("unknown", 1);
        }
        maps.add(map);
      }
      RecordShredder shredder =
          RecordShredders.forRecords(contract.schema(), IcebergSchemas.fromAvro(contract.schema()));
      VectorBatch together = VectorBatch.empty(IcebergSchemas.fromAvro(contract.schema()));
      TypeViolations ofRun = new TypeViolations();
      for (int from = 0; from < 40; from += 8) {
        Object[] run = maps.subList(from, from + 8).toArray();
        shredder.shredAll(run, run.length, together, ofRun);
      }
      VectorBatch apart = VectorBatch.empty(together.schema());
      TypeViolations ofEach = new TypeViolations();
      RecordShredder other = RecordShredders.forRecords(contract.schema(), together.schema());
      maps.forEach(map -> other.shred(map, apart, ofEach));

      String what = "seed " + seed + " " + contract.schema();
      assertThat(values(together)).as(what).isEqualTo(values(apart));
      for (int row = 0; row < 40; row++) {
        assertThat(ofRun.at(row)).as(what).containsExactlyInAnyOrderElementsOf(ofEach.at(row));
      }
      violations += ofEach.count();
    }
    assertThat(violations).isGreaterThan(100);
  }

  private static List<List<Object>> values(VectorBatch batch) {
    List<List<Object>> rows = new ArrayList<>();
    for (int row = 0; row < batch.rows(); row++) {
      List<Object> values = new ArrayList<>();
      for (int column = 0; column < batch.vectors().size(); column++) {
        values.add(
            VectorBatch.value(
                batch.schema().columns().get(column).type(), batch.vector(column), row));
      }
      rows.add(values);
    }
    return rows;
  }

  /** Replaces some values by others that do not fit, or by collections of another class. */
  private static void damage(GenericRecord record, Random random) {
    for (Schema.Field field : record.getSchema().getFields()) {
      record.put(field.pos(), damaged(record.get(field.pos()), random));
    }
  }

  private static Object damaged(Object value, Random random) {
    int dice = random.nextInt(40);
    if (dice < 2) {
      return dice == 0 ? null : Thread.State.NEW;
    }
    if (value instanceof GenericRecord record) {
      damage(record, random);
      return record;
    }
    if (value instanceof List<?> list) {
      List<Object> elements = new ArrayList<>();
      list.forEach(element -> elements.add(damaged(element, random)));
      return dice == 3
          ? Collections.unmodifiableCollection(elements)
          : dice == 4 ? elements.toArray() : elements;
    }
    if (value instanceof Map<?, ?> map) {
      Map<Object, Object> entries = new LinkedHashMap<>();
      map.forEach((key, each) -> entries.put(key, damaged(each, random)));
      if (dice == 5) {
        entries.put(null, "x");
      }
      if (dice == 6 && !entries.isEmpty()) {
        entries.put(new StringBuilder(entries.keySet().iterator().next().toString()), null);
      }
      return entries;
    }
    return value;
  }

  @Test
  void textIsAUuidIfItIsTheCanonicalTextOfOneInEitherCase() {
    Random random = new Random(42);
    int valid = 0;
    for (int i = 0; i < 20_000; i++) {
      StringBuilder text =
          new StringBuilder(new UUID(random.nextLong(), random.nextLong()).toString());
      for (int change = random.nextInt(4); change > 0; change--) {
        text.setCharAt(random.nextInt(text.length()), HEXADECIMAL.charAt(random.nextInt(24)));
      }
      if (random.nextInt(20) == 0) {
        text.setCharAt(random.nextInt(text.length()), random.nextBoolean() ? '\uFF11' : '\u00E9');
      }
      String wanted = text.toString();
      boolean isUuid =
          wanted.matches("(?i)[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}");
      BytesVector vector = new BytesVector();
      assertThat(new UuidText().append(wanted, vector)).as(wanted).isEqualTo(isUuid);
      assertThat(new UuidText().append(new Utf8(wanted), vector)).as(wanted).isEqualTo(isUuid);
      assertThat(vector.size()).isEqualTo(isUuid ? 2 : 0);
      if (isUuid) {
        valid++;
        UUID uuid = UUID.fromString(wanted);
        byte[] bytes =
            ByteBuffer.allocate(16)
                .putLong(uuid.getMostSignificantBits())
                .putLong(uuid.getLeastSignificantBits())
                .array();
        assertThat(vector.get(0)).isEqualTo(bytes);
        assertThat(vector.get(1)).isEqualTo(bytes);
      }
    }
    assertThat(valid).isBetween(5_000, 15_000);
  }

  @Test
  void bytesOfADecimalAreTheValueThatTheyHaveAsADecimal() {
    Random random = new Random(7);
    int[][] types = {{1, 0}, {9, 2}, {18, 6}, {19, 3}, {30, 6}, {38, 10}};
    for (int i = 0; i < 20_000; i++) {
      int[] type = types[random.nextInt(types.length)];
      Schema contract =
          FlatTypes.record(
              "{\"name\":\"x\",\"type\":{\"type\":\"bytes\",\"logicalType\":\"decimal\","
                  + "\"precision\":%d,\"scale\":%d}}".formatted(type[0], type[1]));
      BigInteger unscaled = unscaled(random, type[0]);
      byte[] bytes = unscaled.toByteArray();
      byte[] padded = Arrays.copyOf(bytes, bytes.length);
      GenericRecord raw = new GenericData.Record(contract);
      raw.put("x", ByteBuffer.wrap(padded));
      GenericRecord value = new GenericData.Record(contract);
      value.put("x", new BigDecimal(unscaled, type[1]));
      org.apache.iceberg.Schema table =
          io.meshwork.internal.schema.IcebergSchemas.fromAvro(contract);
      VectorBatch batch = VectorBatch.empty(table);
      TypeViolations violations = new TypeViolations();
      RecordShredder shredder = RecordShredders.forRecords(contract, table);
      shredder.shred(raw, batch, violations);
      shredder.shred(value, batch, violations);

      assertThat(batch.valueAt("x", 0)).isEqualTo(batch.valueAt("x", 1));
      assertThat(violations.at(0)).isEqualTo(violations.at(1));
    }
  }

  /** A number with about as many digits as fit. */
  private static BigInteger unscaled(Random random, int precision) {
    BigInteger limit = BigInteger.TEN.pow(precision);
    BigInteger number =
        switch (random.nextInt(4)) {
          case 0 -> limit.subtract(BigInteger.valueOf(random.nextInt(3)));
          case 1 -> new BigInteger(random.nextInt(130), random);
          case 2 -> BigInteger.valueOf(Long.MIN_VALUE);
          default -> BigInteger.valueOf(random.nextInt(100));
        };
    return random.nextBoolean() ? number : number.negate();
  }
}
