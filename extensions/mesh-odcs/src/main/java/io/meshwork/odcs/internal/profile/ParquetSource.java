package io.meshwork.odcs.internal.profile;

import io.meshwork.internal.parquet.read.BatchReader;
import io.meshwork.internal.parquet.read.ParquetReader;
import io.meshwork.internal.parquet.read.ParquetReader.ColumnMatch;
import io.meshwork.internal.parquet.schema.ColumnMismatchException;
import io.meshwork.internal.parquet.schema.UnreadableFileException;
import io.meshwork.internal.vector.VectorBatch;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.iceberg.Files;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types;
import org.jspecify.annotations.Nullable;

/** Profiles the rows of a Parquet file. */
public final class ParquetSource {
  private ParquetSource() {}

  public static SourceProfile read(Path file, String source) {
    try (ParquetReader reader = ParquetReader.open(Files.localInput(file.toFile()));
        BatchReader batches = reader.read(reader.schema(), ColumnMatch.BY_NAME)) {
      SourceProfile observed = new SourceProfile();
      List<Types.NestedField> fields = reader.schema().columns();
      List<ValueProfile> columns =
          fields.stream().map(field -> observed.column(field.name())).toList();
      for (VectorBatch batch = batches.next(); batch != null; batch = batches.next()) {
        for (int row = 0; row < batch.rows(); row++) {
          observed.beginRow();
          for (int i = 0; i < fields.size(); i++) {
            Type type = fields.get(i).type();
            add(columns.get(i), type, VectorBatch.value(type, batch.vectors().get(i), row));
          }
          observed.endRow();
        }
      }
      return observed;
    } catch (UnreadableFileException e) {
      throw SourceErrors.malformed(
          source, e.whatAndWhere(), e.remedy() == null ? "Write the file again." : e.remedy());
    } catch (ColumnMismatchException e) {
      throw SourceErrors.malformed(
          source, String.valueOf(e.getMessage()), "Write the column with another type.");
    } catch (UncheckedIOException e) {
      throw SourceErrors.unreadable(source, "reading stopped");
    }
  }

  private static void add(ValueProfile profile, Type type, @Nullable Object value) {
    if (value == null) {
      profile.addNull();
      return;
    }
    switch (type.typeId()) {
      case STRUCT -> {
        RecordProfile record = profile.addRecord();
        for (Types.NestedField field : type.asStructType().fields()) {
          add(record.field(field.name()), field.type(), ((Map<?, ?>) value).get(field.name()));
        }
      }
      case LIST -> {
        ValueProfile elements = profile.addList();
        for (Object element : (List<?>) value) {
          add(elements, type.asListType().elementType(), element);
        }
      }
      case MAP -> {
        ValueProfile values = profile.addRecord().asMap();
        for (Object each : ((Map<?, ?>) value).values()) {
          add(values, type.asMapType().valueType(), each);
        }
      }
      default -> profile.add(kind(type), value);
    }
  }

  private static ValueKind kind(Type type) {
    return switch (type.typeId()) {
      case BOOLEAN -> ValueKind.BOOLEAN;
      case INTEGER, LONG -> ValueKind.WHOLE;
      case FLOAT, DOUBLE -> ValueKind.FLOATING;
      case DECIMAL -> ValueKind.DECIMAL;
      case DATE -> ValueKind.DATE;
      case TIME -> ValueKind.TIME;
      case TIMESTAMP ->
          ((Types.TimestampType) type).shouldAdjustToUTC()
              ? ValueKind.INSTANT
              : ValueKind.LOCAL_TIMESTAMP;
      case TIMESTAMP_NANO ->
          ((Types.TimestampNanoType) type).shouldAdjustToUTC()
              ? ValueKind.INSTANT
              : ValueKind.LOCAL_TIMESTAMP;
      case UUID -> ValueKind.UUID;
      case STRING -> ValueKind.TEXT;
      default -> ValueKind.BYTES;
    };
  }
}
