package io.meshwork.benchmarks;

import io.meshwork.internal.materializers.RowMaterializer;
import io.meshwork.internal.materializers.RowMaterializers;
import io.meshwork.internal.schema.IcebergSchemas;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericRecord;
import org.jspecify.annotations.Nullable;

/** Reads of the same columns of the same files, by AvroParquetReader and by ours. */
final class ShapeReads {
  private final List<Path> files;
  private final Schema schema;
  private final org.apache.iceberg.Schema columns;

  /** Some columns with the types that parquet-avro derives from each file; null for all columns. */
  private final @Nullable Schema projection;

  /** Creates reads of some columns or all, with the types that the files have. */
  ShapeReads(List<Path> files, Schema schema) throws IOException {
    this.files = List.copyOf(files);
    this.schema = schema;
    this.columns = IcebergSchemas.fromAvro(schema);
    Schema all = AvroFiles.schemaOf(files.get(0));
    this.projection =
        all.getFields().size() == schema.getFields().size()
            ? null
            : AvroFiles.select(all, schema.getFields().stream().map(Schema.Field::name).toList());
  }

  /** Reads with AvroParquetReader; returns the number of rows. */
  long readWithAvro(Consumer<GenericRecord> each) throws IOException {
    long rows = 0;
    for (Path file : files) {
      rows += AvroFiles.forEach(AvroFiles.reader(file, projection), each);
    }
    return rows;
  }

  /** Reads batches; returns the number of rows. */
  long batches(@Nullable Executor workers) {
    LongAdder rows = new LongAdder();
    for (Path file : files) {
      FileBatches.forEach(file, columns, workers, batch -> rows.add(batch.rows()));
    }
    return rows.sum();
  }

  /** Reads Avro records; returns the number of rows. */
  long rows(@Nullable Executor workers) {
    return rows(workers, record -> {});
  }

  private long rows(@Nullable Executor workers, Consumer<GenericRecord> each) {
    LongAdder rows = new LongAdder();
    for (Path file : files) {
      RowMaterializer<GenericRecord> records = RowMaterializers.asAvro(columns, schema);
      FileBatches.forEach(
          file,
          columns,
          workers,
          batch -> {
            for (Iterator<GenericRecord> all = records.rows(batch); all.hasNext(); ) {
              each.accept(all.next());
            }
            rows.add(batch.rows());
          });
    }
    return rows.sum();
  }

  /** Throws unless all reads return the values of these records in their order. */
  void requireSame(List<GenericRecord> expected, Executor workers) throws IOException {
    RowHash wanted = new RowHash(schema);
    expected.forEach(wanted::add);
    RowHash theirs = new RowHash(schema);
    readWithAvro(theirs::add);
    wanted.require(theirs, "AvroParquetReader of " + files);
    for (Executor executor : Arrays.asList(workers, null)) {
      RowHash ours = new RowHash(schema);
      rows(executor, ours::add);
      wanted.require(ours, "a read of " + files);
    }
  }
}
