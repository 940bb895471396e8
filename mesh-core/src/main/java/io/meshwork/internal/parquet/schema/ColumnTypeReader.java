package io.meshwork.internal.parquet.schema;

import io.meshwork.internal.parquet.schema.ParquetColumn.Ticks;
import io.meshwork.internal.parquet.schema.ParquetColumn.ValueType;
import org.apache.iceberg.types.Types;
import org.apache.parquet.format.LogicalType;
import org.apache.parquet.format.SchemaElement;
import org.apache.parquet.format.TimeUnit;
import org.apache.parquet.format.Type;
import org.jspecify.annotations.Nullable;

/**
 * Reads the type of a column's values from the file's schema. The logical type has precedence, then
 * the deprecated converted type, then the physical type.
 *
 * <p>FLOAT16 is read as float. INT96 timestamps have no time zone information; they are read as
 * timestamptz, as Iceberg does (Spark, their main writer, stores instants), and can also be read as
 * timestamp.
 */
final class ColumnTypeReader {
  private ColumnTypeReader() {}

  /** Returns the type of a leaf of the file's schema. */
  static ValueType of(SchemaElement leaf) {
    AnnotatedType annotated = annotated(leaf);
    if (annotated.annotation != null) {
      return annotated.logical(annotated.annotation);
    }
    return leaf.isSetConverted_type()
        ? annotated.unsupported(leaf.getConverted_type().name())
        : annotated.bare();
  }

  /** Returns the stored type of a leaf: the physical type without its annotation. */
  static ValueType stored(SchemaElement leaf) {
    AnnotatedType annotated = annotated(leaf);
    if (annotated.physical == Type.INT96) {
      return annotated.as(Types.FixedType.ofLength(annotated.width));
    }
    return annotated.bare();
  }

  private static AnnotatedType annotated(SchemaElement leaf) {
    Type physical = leaf.getType();
    int width =
        switch (physical) {
          case BOOLEAN, BYTE_ARRAY -> 0;
          case INT32, FLOAT -> 4;
          case INT64, DOUBLE -> 8;
          case INT96 -> 12;
          case FIXED_LEN_BYTE_ARRAY -> leaf.getType_length();
        };
    if (physical == Type.FIXED_LEN_BYTE_ARRAY && width <= 0) {
      throw new UnreadableFileException(
          "column " + leaf.getName() + " has a fixed length of " + width + " bytes");
    }
    return new AnnotatedType(physical, width, LogicalAnnotation.of(leaf));
  }

  private record AnnotatedType(Type physical, int width, @Nullable LogicalType annotation) {

    ValueType bare() {
      return switch (physical) {
        case BOOLEAN -> as(Types.BooleanType.get());
        case INT32 -> as(Types.IntegerType.get());
        case INT64 -> as(Types.LongType.get());
        case INT96 -> ticks(Types.TimestampType.withZone(), Ticks.NANOS);
        case FLOAT -> as(Types.FloatType.get());
        case DOUBLE -> as(Types.DoubleType.get());
        case BYTE_ARRAY -> as(Types.BinaryType.get());
        case FIXED_LEN_BYTE_ARRAY -> as(Types.FixedType.ofLength(width));
      };
    }

    ValueType logical(LogicalType type) {
      if (type.isSetSTRING() || type.isSetENUM() || type.isSetJSON()) {
        return on(Type.BYTE_ARRAY, Types.StringType.get(), "text");
      } else if (type.isSetBSON()) {
        return on(Type.BYTE_ARRAY, Types.BinaryType.get(), "BSON");
      } else if (type.isSetDECIMAL()) {
        return decimal(type.getDECIMAL().getPrecision(), type.getDECIMAL().getScale());
      } else if (type.isSetDATE()) {
        return on(Type.INT32, Types.DateType.get(), "DATE");
      } else if (type.isSetTIME()) {
        return time(unit(type.getTIME().getUnit()));
      } else if (type.isSetTIMESTAMP()) {
        return timestamp(
            unit(type.getTIMESTAMP().getUnit()), type.getTIMESTAMP().isIsAdjustedToUTC());
      } else if (type.isSetINTEGER()) {
        return integer(type.getINTEGER().getBitWidth(), type.getINTEGER().isIsSigned());
      } else if (type.isSetUNKNOWN()) {
        return as(Types.UnknownType.get());
      } else if (type.isSetUUID()) {
        return width == 16
            ? on(Type.FIXED_LEN_BYTE_ARRAY, Types.UUIDType.get(), "UUID")
            : unsupported("UUID");
      } else if (type.isSetFLOAT16()) {
        return width == 2
            ? on(Type.FIXED_LEN_BYTE_ARRAY, Types.FloatType.get(), "FLOAT16")
            : unsupported("FLOAT16");
      }
      return unsupported(type.getSetField().getFieldName());
    }

    private ValueType integer(int bits, boolean signed) {
      Type needed = bits == 64 ? Type.INT64 : Type.INT32;
      boolean isSupported = bits == 8 || bits == 16 || bits == 32 || bits == 64;
      if (physical != needed || !isSupported) {
        return unsupported("INTEGER(" + bits + ")");
      }
      if (signed || bits < 32) {
        return bits == 64 ? as(Types.LongType.get()) : as(Types.IntegerType.get());
      }
      org.apache.iceberg.types.Type type =
          bits == 64 ? Types.DecimalType.of(20, 0) : Types.LongType.get();
      return new ValueType(physical, width, type, Ticks.NONE, true, null, annotation);
    }

    private ValueType decimal(int precision, int scale) {
      boolean stored =
          switch (physical) {
            case INT32, INT64, FIXED_LEN_BYTE_ARRAY, BYTE_ARRAY -> true;
            default -> false;
          };
      if (!stored || precision <= 0 || precision > 38 || scale < 0 || scale > precision) {
        return unsupported("DECIMAL(" + precision + "," + scale + ")");
      }
      return as(Types.DecimalType.of(precision, scale));
    }

    private ValueType time(Ticks ticks) {
      Type needed = ticks == Ticks.MILLIS ? Type.INT32 : Type.INT64;
      return physical == needed ? ticks(Types.TimeType.get(), ticks) : unsupported("TIME");
    }

    private ValueType timestamp(Ticks ticks, boolean utc) {
      if (physical != Type.INT64) {
        return unsupported("TIMESTAMP");
      } else if (ticks == Ticks.NANOS) {
        return ticks(
            utc ? Types.TimestampNanoType.withZone() : Types.TimestampNanoType.withoutZone(),
            ticks);
      }
      return ticks(utc ? Types.TimestampType.withZone() : Types.TimestampType.withoutZone(), ticks);
    }

    private static Ticks unit(TimeUnit unit) {
      if (unit.isSetMILLIS()) {
        return Ticks.MILLIS;
      } else if (unit.isSetMICROS()) {
        return Ticks.MICROS;
      } else if (unit.isSetNANOS()) {
        return Ticks.NANOS;
      }
      throw new UnreadableFileException("a time has an unknown unit");
    }

    private ValueType on(Type needed, org.apache.iceberg.types.Type type, String annotation) {
      return physical == needed ? as(type) : unsupported(annotation);
    }

    private ValueType as(org.apache.iceberg.types.Type type) {
      return ticks(type, Ticks.NONE);
    }

    private ValueType ticks(org.apache.iceberg.types.Type type, Ticks ticks) {
      return new ValueType(physical, width, type, ticks, false, null, annotation);
    }

    private ValueType unsupported(String name) {
      return new ValueType(physical, width, null, Ticks.NONE, false, name, annotation);
    }
  }
}
