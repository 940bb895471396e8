package io.meshwork.internal.rows;

import io.meshwork.internal.columnar.BytesVector;
import io.meshwork.internal.columnar.DictionaryVector;
import io.meshwork.internal.columnar.IntVector;
import io.meshwork.internal.columnar.LongVector;
import io.meshwork.internal.columnar.Vector;
import io.meshwork.internal.columnar.VectorBatch;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.apache.iceberg.types.Types;
import org.jspecify.annotations.Nullable;

/** Makes generic Avro records with raw values, as without conversions. */
final class AvroMaterializer implements Materializer<GenericRecord> {
  private final Schema schema;
  private final List<ContractColumn> columns;

  private AvroMaterializer(Schema schema, List<ContractColumn> columns) {
    this.schema = schema;
    this.columns = columns;
  }

  static AvroMaterializer of(org.apache.iceberg.Schema stored, Schema reader) {
    Gaps gaps = new Gaps("Cannot read rows into Avro records of schema " + reader.getFullName());
    List<String> names = stored.columns().stream().map(Types.NestedField::name).toList();
    List<Types.NestedField> wanted = new ArrayList<>();
    List<Integer> positions = new ArrayList<>();
    for (Schema.Field field : reader.getFields()) {
      int position = names.indexOf(field.name());
      if (position < 0) {
        gaps.add(
            "UNKNOWN_COLUMN",
            field.name(),
            "field '" + field.name() + "' is no column here",
            "leave the field out; " + Gaps.candidates(field.name(), names));
      } else {
        wanted.add(stored.columns().get(position));
        positions.add(position);
      }
    }
    gaps.refuseReader();
    List<ContractColumn> columns = new ArrayList<>();
    for (ContractColumn column :
        ContractColumn.all(reader, new org.apache.iceberg.Schema(wanted))) {
      columns.add(column.at(positions.get(column.position())));
    }
    return new AvroMaterializer(reader, columns);
  }

  @Override
  public GenericRecord row(VectorBatch batch, int row) {
    GenericRecord record = new GenericData.Record(schema);
    for (int i = 0; i < columns.size(); i++) {
      ContractColumn column = columns.get(i);
      record.put(i, value(column, batch.vector(column.position()), row));
    }
    return record;
  }

  private static @Nullable Object value(ContractColumn column, Vector vector, int row) {
    if (vector.isNull(row)) {
      return null;
    }
    if (vector instanceof DictionaryVector coded) {
      return value(column, coded.dictionary(), coded.code(row));
    }
    return switch (column.kind()) {
      case BOOLEAN, INT, LONG, FLOAT, DOUBLE, STRING, BYTES ->
          VectorBatch.value(column.stored(), vector, row);
      case DATE -> ((IntVector) vector).get(row);
      case ENUM ->
          new GenericData.EnumSymbol(
              column.promised(), String.valueOf(VectorBatch.value(column.stored(), vector, row)));
      case FIXED -> new GenericData.Fixed(column.promised(), ((BytesVector) vector).get(row));
      case UUID -> uuid(column, vector, row);
      case DECIMAL -> decimal(column, vector, row);
      case TIME -> time(column, ((LongVector) vector).get(row));
      case INSTANT, LOCAL_TIMESTAMP -> inUnit(column, ((LongVector) vector).get(row));
    };
  }

  private static Object uuid(ContractColumn column, Vector vector, int row) {
    return column.promised().getType() == Schema.Type.FIXED
        ? new GenericData.Fixed(column.promised(), ((BytesVector) vector).get(row))
        : String.valueOf(VectorBatch.value(column.stored(), vector, row));
  }

  private static Object time(ContractColumn column, long ticks) {
    long value = inUnit(column, ticks);
    return column.promised().getType() == Schema.Type.INT ? (Object) (int) value : (Object) value;
  }

  private static long inUnit(ContractColumn column, long ticks) {
    long unit = column.unitNanos();
    long tick = column.tickNanos();
    return unit >= tick
        ? Math.floorDiv(ticks, unit / tick)
        : Math.multiplyExact(ticks, tick / unit);
  }

  private static Object decimal(ContractColumn column, Vector vector, int row) {
    BigInteger unscaled =
        vector instanceof LongVector longs
            ? BigInteger.valueOf(longs.get(row))
            : new BigInteger(((BytesVector) vector).get(row));
    byte[] bytes = unscaled.toByteArray();
    if (column.promised().getType() == Schema.Type.BYTES) {
      return ByteBuffer.wrap(bytes);
    }
    byte[] padded = new byte[column.promised().getFixedSize()];
    int sign = padded.length - bytes.length;
    Arrays.fill(padded, 0, sign, (byte) (unscaled.signum() < 0 ? -1 : 0));
    System.arraycopy(bytes, 0, padded, sign, bytes.length);
    return new GenericData.Fixed(column.promised(), padded);
  }
}
