package io.meshwork.benchmarks;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericRecord;

/**
 * Avro records of one shape.
 *
 * @param name of the shape
 * @param schema of the records
 * @param records all of them
 * @param rules that all of them keep
 * @param few columns of a read of few columns
 * @param compared the values of a row by which {@link SameRows} compares files
 */
record ShapeRecords(
    String name,
    Schema schema,
    List<GenericRecord> records,
    ShapeRules rules,
    List<String> few,
    String compared) {
  /**
   * Returns records of the shape with this name.
   *
   * @param trips the file of trips
   */
  static ShapeRecords named(String name, Path trips, BenchmarkSize size) throws IOException {
    return switch (name) {
      case "trips" -> trips(trips, size.rows());
      case "orders" -> orders(size);
      default -> of(AvroShape.valueOf(name.toUpperCase(Locale.ROOT)), size);
    };
  }

  /** Returns records from a seed. */
  static ShapeRecords of(AvroShape shape, BenchmarkSize size) {
    return new ShapeRecords(
        shape.name().toLowerCase(Locale.ROOT),
        shape.schema(),
        shape.records(size.rows(), size.seed()),
        ShapeRules.of(shape),
        switch (shape) {
          case NESTED -> List.of("id", "customer");
          case WIDE -> List.of("c0", "c1", "c2");
          case LOGICAL -> List.of("amount", "day");
        },
        shape.compared());
  }

  static ShapeRecords orders(BenchmarkSize size) {
    List<GenericRecord> records =
        AvroOrders.records(BenchmarkOrders.rows(size.rows(), size.seed()));
    return new ShapeRecords(
        "orders",
        records.get(0).getSchema(),
        records,
        ShapeRules.orders(),
        List.of("customerId", "amount"),
        SameRows.ALL_COLUMNS);
  }

  /** Returns the trips of a file of parquet-avro's kind, repeated to so many. */
  static ShapeRecords trips(Path file, int rows) throws IOException {
    List<GenericRecord> month = new ArrayList<>();
    AvroFiles.forEach(AvroFiles.reader(file, null), month::add);
    List<GenericRecord> trips = new ArrayList<>(rows);
    while (trips.size() < rows) {
      trips.addAll(month.subList(0, Math.min(month.size(), rows - trips.size())));
    }
    return new ShapeRecords(
        "trips",
        month.get(0).getSchema(),
        trips,
        ShapeRules.trips(),
        List.of("trip_distance", "total_amount"),
        SameRows.ALL_COLUMNS);
  }

  /** Returns the schema as the files of parquet-avro have it, which store a UUID as text. */
  Schema storedByAvro() {
    return new Schema.Parser().parse(schema.toString().replace(",\"logicalType\":\"uuid\"", ""));
  }
}
