package io.meshwork.internal.materializers;

import io.meshwork.internal.rows.ContractColumn;
import io.meshwork.internal.vector.Vector;
import java.util.ArrayList;
import java.util.List;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;

/** Reads rows, or nested records, as Avro records of a reader's schema. */
final class AvroRecordReader {
  private final Schema schema;
  private final List<Cell> cells = new ArrayList<>();
  private final List<Filler> fillers = new ArrayList<>();

  AvroRecordReader(Schema schema) {
    this.schema = schema;
  }

  /** A field that receives a column's values. */
  private record Cell(int field, int vector, AvroValueReader reader) {}

  /** A field that has its default in every row. */
  private record Filler(int field, AvroDefault value) {}

  void take(Schema.Field field, ContractColumn column, AvroValueReader reader) {
    cells.add(new Cell(field.pos(), column.position(), reader));
  }

  void fill(Schema.Field field) {
    fillers.add(new Filler(field.pos(), AvroDefault.of(field)));
  }

  GenericRecord read(List<Vector> vectors, int row, long rowNumber) {
    GenericRecord record = new GenericData.Record(schema);
    for (Cell cell : cells) {
      record.put(cell.field(), cell.reader().read(vectors.get(cell.vector()), row, rowNumber));
    }
    for (Filler filler : fillers) {
      record.put(filler.field(), filler.value().create());
    }
    return record;
  }

  /**
   * Reads some rows.
   *
   * @param rowNumber the number of the first top-level row for messages, after a failure, the rows
   *     are read one by one to find it
   */
  GenericData.Record[] readAll(List<Vector> vectors, int from, int to, long rowNumber) {
    GenericData.Record[] records = new GenericData.Record[to - from];
    for (int i = 0; i < records.length; i++) {
      records[i] = new GenericData.Record(schema);
    }
    for (Cell cell : cells) {
      cell.reader().readAll(vectors.get(cell.vector()), from, rowNumber, records, cell.field());
    }
    for (Filler filler : fillers) {
      for (GenericData.Record record : records) {
        record.put(filler.field(), filler.value().create());
      }
    }
    return records;
  }
}
