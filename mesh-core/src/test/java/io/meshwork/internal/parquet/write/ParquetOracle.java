package io.meshwork.internal.parquet.write;

import io.meshwork.internal.parquet.write.ParquetWriter.EncodingProfile;
import io.meshwork.internal.parquet.write.ParquetWriter.WrittenFile;
import io.meshwork.internal.vector.BooleanVector;
import io.meshwork.internal.vector.BytesVector;
import io.meshwork.internal.vector.DictionaryVector;
import io.meshwork.internal.vector.DoubleVector;
import io.meshwork.internal.vector.FloatVector;
import io.meshwork.internal.vector.IntVector;
import io.meshwork.internal.vector.ListVector;
import io.meshwork.internal.vector.LongVector;
import io.meshwork.internal.vector.MapVector;
import io.meshwork.internal.vector.StructVector;
import io.meshwork.internal.vector.Vector;
import io.meshwork.internal.vector.VectorBatch;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.iceberg.Files;
import org.apache.iceberg.Schema;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.ParquetReader;
import org.apache.parquet.hadoop.example.GroupReadSupport;
import org.apache.parquet.hadoop.metadata.ParquetMetadata;
import org.apache.parquet.io.LocalInputFile;

/**
 * Rows that parquet-java reads from a file, in comparable form: floats and doubles as their bits,
 * decimals as BigDecimal, byte strings as ByteBuffer, structs as a list of their fields, lists as a
 * list, maps as a list of lists of key and value, everything else as Integer, Long, or Boolean.
 */
public final class ParquetOracle {
  private ParquetOracle() {}

  /** Returns all rows, with page checksums verified. */
  public static List<List<Object>> rows(Path file, Schema schema) throws IOException {
    Configuration configuration = new Configuration(false);
    configuration.setBoolean("parquet.page.verify-checksum.enabled", true);
    List<List<Object>> rows = new ArrayList<>();
    try (ParquetReader<Group> reader =
        ParquetReader.builder(
                new GroupReadSupport(), new org.apache.hadoop.fs.Path(file.toUri().toString()))
            .withConf(configuration)
            .build()) {
      for (Group group = reader.read(); group != null; group = reader.read()) {
        List<Object> row = new ArrayList<>();
        for (int column = 0; column < schema.columns().size(); column++) {
          row.add(field(group, column, schema.columns().get(column).type()));
        }
        rows.add(row);
      }
    }
    return rows;
  }

  /** Returns the footer as parquet-java reads it. */
  public static ParquetMetadata footer(Path file) throws IOException {
    try (ParquetFileReader reader = ParquetFileReader.open(new LocalInputFile(file))) {
      return reader.getFooter();
    }
  }

  /** Returns a row of a batch in the same form. */
  public static List<Object> row(VectorBatch batch, int row) {
    List<Object> values = new ArrayList<>();
    for (int column = 0; column < batch.vectors().size(); column++) {
      values.add(value(batch.vector(column), row, batch.schema().columns().get(column).type()));
    }
    return values;
  }

  /** Returns all rows of a batch in the same form. */
  public static List<List<Object>> rows(VectorBatch batch) {
    List<List<Object>> rows = new ArrayList<>();
    for (int row = 0; row < batch.rows(); row++) {
      rows.add(row(batch, row));
    }
    return rows;
  }

  private static Object value(Vector vector, int row, Type type) {
    if (vector.isNull(row)) {
      return null;
    }
    if (vector instanceof DictionaryVector encoded) {
      return value(encoded.dictionary(), encoded.index(row), type);
    }
    return switch (type.typeId()) {
      case BOOLEAN -> ((BooleanVector) vector).get(row);
      case INTEGER, DATE -> ((IntVector) vector).get(row);
      case LONG, TIME, TIMESTAMP, TIMESTAMP_NANO -> ((LongVector) vector).get(row);
      case FLOAT -> Float.floatToRawIntBits(((FloatVector) vector).get(row));
      case DOUBLE -> Double.doubleToRawLongBits(((DoubleVector) vector).get(row));
      case DECIMAL -> VectorBatch.value(type, vector, row);
      case STRUCT -> {
        List<Object> fields = new ArrayList<>();
        for (int i = 0; i < type.asStructType().fields().size(); i++) {
          Type field = type.asStructType().fields().get(i).type();
          fields.add(value(((StructVector) vector).child(i), row, field));
        }
        yield fields;
      }
      case LIST -> {
        ListVector lists = (ListVector) vector;
        List<Object> elements = new ArrayList<>();
        for (int i = lists.start(row); i < lists.start(row) + lists.length(row); i++) {
          elements.add(value(lists.elements(), i, type.asListType().elementType()));
        }
        yield elements;
      }
      case MAP -> {
        MapVector maps = (MapVector) vector;
        List<Object> entries = new ArrayList<>();
        for (int i = maps.start(row); i < maps.start(row) + maps.length(row); i++) {
          List<Object> entry = new ArrayList<>();
          entry.add(value(maps.keys(), i, type.asMapType().keyType()));
          entry.add(value(maps.values(), i, type.asMapType().valueType()));
          entries.add(entry);
        }
        yield entries;
      }
      default -> ByteBuffer.wrap(((BytesVector) vector).get(row));
    };
  }

  private static Object field(Group group, int column, Type type) {
    return group.getFieldRepetitionCount(column) == 1 ? value(group, column, type) : null;
  }

  private static List<Object> repeated(Group parent, List<Types.NestedField> fields) {
    List<Object> values = new ArrayList<>();
    for (int i = 0; i < parent.getFieldRepetitionCount(0); i++) {
      List<Object> entry = new ArrayList<>();
      for (int field = 0; field < fields.size(); field++) {
        entry.add(field(parent.getGroup(0, i), field, fields.get(field).type()));
      }
      values.add(fields.size() == 1 ? entry.get(0) : entry);
    }
    return values;
  }

  private static Object value(Group group, int column, Type type) {
    return switch (type.typeId()) {
      case STRUCT -> {
        List<Object> fields = new ArrayList<>();
        for (int i = 0; i < type.asStructType().fields().size(); i++) {
          Type field = type.asStructType().fields().get(i).type();
          fields.add(field(group.getGroup(column, 0), i, field));
        }
        yield fields;
      }
      case LIST -> repeated(group.getGroup(column, 0), type.asListType().fields());
      case MAP -> repeated(group.getGroup(column, 0), type.asMapType().fields());
      case BOOLEAN -> group.getBoolean(column, 0);
      case INTEGER, DATE -> group.getInteger(column, 0);
      case LONG, TIME, TIMESTAMP, TIMESTAMP_NANO -> group.getLong(column, 0);
      case FLOAT -> Float.floatToRawIntBits(group.getFloat(column, 0));
      case DOUBLE -> Double.doubleToRawLongBits(group.getDouble(column, 0));
      case DECIMAL -> {
        Types.DecimalType decimal = (Types.DecimalType) type;
        BigInteger unscaled =
            decimal.precision() <= 9
                ? BigInteger.valueOf(group.getInteger(column, 0))
                : decimal.precision() <= 18
                    ? BigInteger.valueOf(group.getLong(column, 0))
                    : new BigInteger(group.getBinary(column, 0).getBytes());
        yield new BigDecimal(unscaled, decimal.scale());
      }
      default -> ByteBuffer.wrap(group.getBinary(column, 0).getBytes());
    };
  }

  /** Writes batches with limits. */
  static WrittenFile write(
      Path file,
      Schema schema,
      EncodingProfile profile,
      ParquetWriterLimits limits,
      List<VectorBatch> batches) {
    try (ParquetWriter writer =
        new ParquetWriter(
            Files.localOutput(file.toFile()).createOrOverwrite(),
            schema,
            profile,
            java.util.Map.of("written.for", "a test"),
            limits)) {
      batches.forEach(writer::write);
      return writer.finish();
    }
  }
}
