package io.meshwork.internal.rows;

import io.meshwork.error.ErrorCode;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.internal.columnar.BytesVector;
import io.meshwork.internal.columnar.DictionaryVector;
import io.meshwork.internal.columnar.IntVector;
import io.meshwork.internal.columnar.ListVector;
import io.meshwork.internal.columnar.LongVector;
import io.meshwork.internal.columnar.MapVector;
import io.meshwork.internal.columnar.StructVector;
import io.meshwork.internal.columnar.Vector;
import io.meshwork.internal.columnar.VectorBatch;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
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
    ColumnGroup columns = ColumnGroup.read(reader, stored, gaps);
    gaps.refuseReader();
    return new AvroMaterializer(reader, columns.columns());
  }

  @Override
  public GenericRecord row(VectorBatch batch, int row) {
    return record(schema, columns, batch.vectors(), row);
  }

  private static GenericRecord record(
      Schema schema, List<ContractColumn> columns, List<Vector> vectors, int row) {
    GenericRecord record = new GenericData.Record(schema);
    for (ContractColumn column : columns) {
      record.put(column.fieldPosition(), value(column, vectors.get(column.position()), row));
    }
    return record;
  }

  private static Object list(ContractColumn column, ListVector lists, int row) {
    int start = lists.start(row);
    int length = lists.length(row);
    GenericData.Array<@Nullable Object> values = new GenericData.Array<>(length, column.promised());
    for (int i = start; i < start + length; i++) {
      values.add(value(column.first(), lists.elements(), i));
    }
    return values;
  }

  private static Object map(ContractColumn column, MapVector maps, int row) {
    Map<String, @Nullable Object> values = new LinkedHashMap<>();
    int start = maps.start(row);
    for (int i = start; i < start + maps.length(row); i++) {
      values.put(
          String.valueOf(value(column.first(), maps.keys(), i)),
          value(column.second(), maps.values(), i));
    }
    return values;
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
      case ENUM -> symbol(column, String.valueOf(VectorBatch.value(column.stored(), vector, row)));
      case FIXED -> new GenericData.Fixed(column.promised(), ((BytesVector) vector).get(row));
      case UUID -> uuid(column, vector, row);
      case DECIMAL -> decimal(column, vector, row);
      case TIME -> time(column, ((LongVector) vector).get(row));
      case INSTANT, LOCAL_TIMESTAMP -> inUnit(column, ((LongVector) vector).get(row));
      case RECORD ->
          record(column.promised(), column.below(), ((StructVector) vector).children(), row);
      case LIST -> list(column, (ListVector) vector, row);
      case MAP -> map(column, (MapVector) vector, row);
    };
  }

  /** A symbol that the reader does not know is its enum's default, as Avro resolves it. */
  private static Object symbol(ContractColumn column, String text) {
    Schema promised = column.promised();
    if (promised.hasEnumSymbol(text)) {
      return new GenericData.EnumSymbol(promised, text);
    }
    String folded = promised.getEnumDefault();
    if (folded == null) {
      throw new InvalidRequestException(
          ErrorCode.READER_INVALID,
          "Cannot read rows into Avro records: column '"
              + column.path()
              + "' holds a symbol that enum "
              + promised.getFullName()
              + " of the reader's schema lacks, and the enum has no default. The rows before were"
              + " read. Add the symbols that are missing, or give the enum a default.");
    }
    return new GenericData.EnumSymbol(promised, folded);
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
