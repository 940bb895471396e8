package io.meshwork.benchmarks;

import java.io.IOException;
import java.nio.file.Path;
import java.time.temporal.ChronoUnit;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.apache.parquet.filter2.compat.FilterCompat;
import org.apache.parquet.filter2.predicate.FilterApi;
import org.apache.parquet.filter2.predicate.FilterPredicate;
import org.apache.parquet.hadoop.ParquetReader;
import org.apache.parquet.hadoop.ParquetWriter;

/** What people write today: AvroParquetWriter, with or without the same rules record by record. */
final class AvroOrders {
  private static final Pattern UUID_TEXT =
      Pattern.compile("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}");
  private static final Pattern COUNTRY = Pattern.compile("[A-Z]{2}");
  private static final Set<String> STATUS = Set.of(BenchmarkOrders.STATUS);
  private static final Set<String> CURRENCY = Set.of(BenchmarkOrders.CURRENCY);
  private static final long FIRST =
      ChronoUnit.MICROS.between(java.time.Instant.EPOCH, BenchmarkOrders.FIRST);
  private static final long LAST =
      ChronoUnit.MICROS.between(java.time.Instant.EPOCH, BenchmarkOrders.LAST);

  private static final Schema SCHEMA =
      SchemaBuilder.record("Order")
          .fields()
          .requiredString("orderId")
          .requiredLong("customerId")
          .requiredString("status")
          .requiredDouble("amount")
          .requiredString("currency")
          .name("createdAt")
          .type(LogicalTypes.timestampMicros().addToSchema(Schema.create(Schema.Type.LONG)))
          .noDefault()
          .requiredString("country")
          .optionalString("note")
          .endRecord();

  private static final Schema TWO_COLUMNS =
      SchemaBuilder.record("Order")
          .fields()
          .requiredLong("customerId")
          .requiredDouble("amount")
          .endRecord();

  private AvroOrders() {}

  static void write(List<BenchmarkOrder> orders, Path file, boolean checked) throws IOException {
    Set<String> seen = new HashSet<>();
    try (ParquetWriter<GenericRecord> writer = AvroFiles.writer(SCHEMA, file)) {
      for (BenchmarkOrder order : orders) {
        GenericRecord record = record(order);
        if (checked && !keeps(record, seen)) {
          throw new IllegalStateException("a row breaks a rule");
        }
        writer.write(record);
      }
    }
  }

  /** Creates the records of orders, and checks each with the same rules or with none. */
  static void check(List<BenchmarkOrder> orders, boolean rules) {
    Set<String> seen = new HashSet<>();
    long sum = 0;
    for (BenchmarkOrder order : orders) {
      GenericRecord record = record(order);
      if (rules && !keeps(record, seen)) {
        throw new IllegalStateException("a row breaks a rule");
      }
      sum += (Long) record.get("customerId");
    }
    if (sum < 0) {
      throw new IllegalStateException("customers are not negative");
    }
  }

  /** Returns the sum of the customers of all orders, whose records have all columns. */
  static long read(Path file) throws IOException {
    return sum(AvroFiles.reader(file, SCHEMA));
  }

  /** Returns the sum of the customers of all orders, whose records have two columns. */
  static long readTwoColumns(Path file) throws IOException {
    return sum(AvroFiles.reader(file, TWO_COLUMNS));
  }

  /** Returns the sum of the customers of the orders of a time, in microseconds. */
  static long readBetween(Path file, long from, long to) throws IOException {
    return sum(between(file, from, to));
  }

  /** Returns a reader of the orders of a time, in microseconds. */
  static ParquetReader.Builder<GenericRecord> between(Path file, long from, long to) {
    FilterPredicate range =
        FilterApi.and(
            FilterApi.gtEq(FilterApi.longColumn("createdAt"), from),
            FilterApi.lt(FilterApi.longColumn("createdAt"), to));
    return AvroFiles.reader(file, SCHEMA).withFilter(FilterCompat.get(range));
  }

  static List<GenericRecord> records(List<BenchmarkOrder> orders) {
    return orders.stream().map(AvroOrders::record).toList();
  }

  private static long sum(ParquetReader.Builder<GenericRecord> builder) throws IOException {
    long sum = 0;
    try (ParquetReader<GenericRecord> reader = builder.build()) {
      for (GenericRecord order = reader.read(); order != null; order = reader.read()) {
        sum += (Long) order.get("customerId");
      }
    }
    return sum;
  }

  /** Returns an order as the record that is written. */
  static GenericRecord record(BenchmarkOrder order) {
    GenericRecord record = new GenericData.Record(SCHEMA);
    record.put(0, order.orderId());
    record.put(1, order.customerId());
    record.put(2, order.status());
    record.put(3, order.amount());
    record.put(4, order.currency());
    record.put(
        5, order.createdAt().getEpochSecond() * 1_000_000 + order.createdAt().getNano() / 1_000);
    record.put(6, order.country());
    record.put(7, order.note().orElse(null));
    return record;
  }

  /** Returns a new check of the records of one file. */
  static Predicate<GenericRecord> rules() {
    Set<String> seen = new HashSet<>();
    return record -> keeps(record, seen);
  }

  private static boolean keeps(GenericRecord record, Set<String> seen) {
    String id = (String) record.get("orderId");
    String note = (String) record.get("note");
    double amount = (Double) record.get("amount");
    long at = (Long) record.get("createdAt");
    return seen.add(id)
        && id.length() == 36
        && UUID_TEXT.matcher(id).matches()
        && (Long) record.get("customerId") >= 0
        && STATUS.contains((String) record.get("status"))
        && amount >= 0
        && amount <= 100_000
        && CURRENCY.contains((String) record.get("currency"))
        && at >= FIRST
        && at <= LAST
        && COUNTRY.matcher((String) record.get("country")).matches()
        && (note == null || note.length() <= 40);
  }
}
