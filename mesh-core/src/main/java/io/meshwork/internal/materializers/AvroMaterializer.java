package io.meshwork.internal.materializers;

import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.rows.ColumnGroup;
import io.meshwork.internal.rows.SchemaMismatches;
import io.meshwork.internal.vector.VectorBatch;
import java.util.Iterator;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;

/** Creates generic Avro records with raw values, without conversions. */
final class AvroMaterializer implements RowMaterializer<GenericRecord> {
  private final AvroRecordReader reader;
  private long rowNumber;

  private AvroMaterializer(AvroRecordReader reader) {
    this.reader = reader;
  }

  /** Creates records of a reader's schema, resolved against the columns. */
  static AvroMaterializer of(ColumnGroup columns, Schema reader) {
    SchemaMismatches mismatches = mismatches(reader);
    return of(AvroColumnResolution.ofReader(columns, reader, mismatches), mismatches);
  }

  /** Creates records of the contract's own schema, from rows that may violate it. */
  static AvroMaterializer ofContract(ColumnGroup columns, Schema contract) {
    SchemaMismatches mismatches = mismatches(contract);
    return of(AvroColumnResolution.ofContract(columns, contract, mismatches), mismatches);
  }

  private static SchemaMismatches mismatches(Schema schema) {
    return new SchemaMismatches(
        MeshAction.of(Verb.READ, "rows into Avro records of schema " + schema.getFullName()));
  }

  private static AvroMaterializer of(AvroRecordReader reader, SchemaMismatches mismatches) {
    mismatches.refuseReader();
    return new AvroMaterializer(reader);
  }

  @Override
  public GenericRecord row(VectorBatch batch, int row) {
    GenericRecord record = reader.read(batch.vectors(), row, rowNumber);
    rowNumber++;
    return record;
  }

  @Override
  public Iterator<GenericRecord> rows(VectorBatch batch) {
    return new BlockIterator<GenericData.Record[], GenericRecord>(batch) {
      @Override
      GenericData.Record[] read(int from, int to) {
        return reader.readAll(batch.vectors(), from, to, rowNumber);
      }

      @Override
      GenericRecord row(GenericData.Record[] block, int index) {
        rowNumber++;
        return block[index];
      }
    };
  }
}
