package io.meshwork.benchmarks;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.function.BiFunction;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;

/** Kinds of records other than flat orders, from a seed. */
enum AvroShape {
  /** Orders with a customer, lines, and attributes. */
  NESTED(
      """
      {"type":"record","name":"order","fields":[
        {"name":"id","type":"long"},
        {"name":"customer","type":{"type":"record","name":"customer","fields":[
          {"name":"name","type":"string"},{"name":"city","type":["null","string"],"default":null}]}},
        {"name":"lines","type":{"type":"array","items":{"type":"record","name":"line","fields":[
          {"name":"sku","type":"string"},{"name":"quantity","type":"int"},
          {"name":"price","type":"double"}]}}},
        {"name":"attributes","type":{"type":"map","values":"string"}}]}
      """,
      SameRows.ALL_COLUMNS,
      AvroShape::nested),
  /** Two hundred columns, of which a row has a tenth. */
  WIDE(wideSchema(), SameRows.ALL_COLUMNS, AvroShape::wide),
  /** Decimals, UUIDs, dates, times, and timestamps. */
  LOGICAL(
      """
      {"type":"record","name":"payment","fields":[
        {"name":"id","type":{"type":"string","logicalType":"uuid"}},
        {"name":"amount","type":{"type":"bytes","logicalType":"decimal","precision":12,"scale":2}},
        {"name":"tax","type":{"type":"bytes","logicalType":"decimal","precision":30,"scale":6}},
        {"name":"day","type":{"type":"int","logicalType":"date"}},
        {"name":"clock","type":{"type":"long","logicalType":"time-micros"}},
        {"name":"at","type":{"type":"long","logicalType":"timestamp-micros"}},
        {"name":"settled","type":["null",{"type":"long","logicalType":"timestamp-micros"}],
          "default":null}]}
      """,
      "id::VARCHAR, amount, tax, day, clock::TIME, one.\"at\", settled",
      AvroShape::logical);

  private static final int WIDTH = 200;
  private static final long MICROS_PER_DAY = 86_400_000_000L;

  private final Schema schema;
  private final String compared;
  private final BiFunction<Schema, Random, GenericRecord> record;

  AvroShape(String schema, String compared, BiFunction<Schema, Random, GenericRecord> record) {
    this.schema = new Schema.Parser().parse(schema);
    this.compared = compared;
    this.record = record;
  }

  Schema schema() {
    return schema;
  }

  /**
   * Returns the values of a row by which {@link SameRows} compares files. AvroParquetWriter stores
   * a UUID as text, and a time as one of UTC.
   */
  String compared() {
    return compared;
  }

  List<GenericRecord> records(int count, long seed) {
    Random random = new Random(seed);
    List<GenericRecord> records = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      records.add(record.apply(schema, random));
    }
    return records;
  }

  private static GenericRecord nested(Schema schema, Random random) {
    GenericRecord order = new GenericData.Record(schema);
    order.put("id", random.nextLong());
    GenericRecord customer = new GenericData.Record(schema.getField("customer").schema());
    customer.put("name", "customer " + random.nextInt(100_000));
    customer.put("city", random.nextInt(10) == 0 ? null : "city " + random.nextInt(300));
    order.put("customer", customer);
    Schema lineSchema = schema.getField("lines").schema().getElementType();
    List<GenericRecord> lines = new ArrayList<>();
    for (int i = random.nextInt(6); i > 0; i--) {
      GenericRecord line = new GenericData.Record(lineSchema);
      line.put("sku", "sku-" + random.nextInt(20_000));
      line.put("quantity", 1 + random.nextInt(9));
      line.put("price", random.nextInt(100_000) / 100.0);
      lines.add(line);
    }
    order.put("lines", lines);
    Map<String, String> attributes = new HashMap<>();
    for (int i = random.nextInt(4); i > 0; i--) {
      attributes.put("key" + random.nextInt(20), "value " + random.nextInt(1_000));
    }
    order.put("attributes", attributes);
    return order;
  }

  private static String wideSchema() {
    StringBuilder fields = new StringBuilder();
    for (int i = 0; i < WIDTH; i++) {
      String type = i % 3 == 0 ? "long" : i % 3 == 1 ? "double" : "string";
      fields
          .append(i == 0 ? "" : ",")
          .append("{\"name\":\"c")
          .append(i)
          .append("\",\"type\":[\"null\",\"")
          .append(type)
          .append("\"],\"default\":null}");
    }
    return "{\"type\":\"record\",\"name\":\"wide\",\"fields\":[" + fields + "]}";
  }

  private static GenericRecord wide(Schema schema, Random random) {
    GenericRecord row = new GenericData.Record(schema);
    for (int i = random.nextInt(10); i < WIDTH; i += 1 + random.nextInt(19)) {
      Object value =
          i % 3 == 0
              ? (Object) random.nextLong()
              : i % 3 == 1 ? (Object) random.nextDouble() : "text " + random.nextInt(5_000);
      row.put(i, value);
    }
    return row;
  }

  private static GenericRecord logical(Schema schema, Random random) {
    GenericRecord payment = new GenericData.Record(schema);
    long at = 20_000 * MICROS_PER_DAY + (random.nextLong() & 0xFF_FFFF_FFFFL);
    payment.put(0, new UUID(random.nextLong(), random.nextLong()).toString());
    payment.put(1, decimal(random.nextInt(1_000_000_000)));
    payment.put(2, decimal(random.nextLong()));
    payment.put(3, 20_000 + random.nextInt(365));
    payment.put(4, (long) (random.nextDouble() * MICROS_PER_DAY));
    payment.put(5, at);
    payment.put(6, random.nextInt(4) == 0 ? null : at + random.nextInt(1_000_000_000));
    return payment;
  }

  private static ByteBuffer decimal(long unscaled) {
    return ByteBuffer.wrap(java.math.BigInteger.valueOf(unscaled).toByteArray());
  }
}
