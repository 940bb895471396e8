package io.meshwork.internal.parquet.schema;

import io.meshwork.internal.parquet.schema.ParquetColumn.Ticks;
import io.meshwork.internal.parquet.schema.ParquetColumn.ValueType;
import org.apache.iceberg.types.Types;
import org.apache.parquet.format.ConvertedType;
import org.apache.parquet.format.LogicalType;
import org.apache.parquet.format.SchemaElement;
import org.apache.parquet.format.TimeUnit;
import org.apache.parquet.format.Type;

/**
 * Reads the type of a column's values from the file's schema. The logical type has precedence, then
 * the deprecated converted type, then the physical type.
 *
 * <p>INT96 timestamps have no time zone information; they are read as timestamptz, as Iceberg does
 * (Spark, their main writer, stores instants), and can also be read as timestamp.
 */
final class ColumnTypeReader {
  private ColumnTypeReader() {}

  /** Returns the type of a leaf of the file's schema. */
  static ValueType of(SchemaElement leaf) {
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
      throw new MalformedFileException(
          "column " + leaf.getName() + " has a fixed length of " + width + " bytes");
    }
    AnnotatedType annotated = new AnnotatedType(physical, width);
    if (leaf.isSetLogicalType() && leaf.getLogicalType().isSet()) {
      return annotated.logical(leaf.getLogicalType());
    }
    if (leaf.isSetConverted_type()) {
      return annotated.converted(leaf.getConverted_type(), leaf);
    }
    return annotated.bare();
  }

  private record AnnotatedType(Type physical, int width) {

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
      }
      return unsupported(type.getSetField().getFieldName());
    }

    ValueType converted(ConvertedType type, SchemaElement leaf) {
      return switch (type) {
        case UTF8, ENUM, JSON -> on(Type.BYTE_ARRAY, Types.StringType.get(), "text");
        case BSON -> on(Type.BYTE_ARRAY, Types.BinaryType.get(), "BSON");
        case DECIMAL -> decimal(leaf.getPrecision(), leaf.getScale());
        case DATE -> on(Type.INT32, Types.DateType.get(), "DATE");
        case TIME_MILLIS -> time(Ticks.MILLIS);
        case TIME_MICROS -> time(Ticks.MICROS);
        case TIMESTAMP_MILLIS -> timestamp(Ticks.MILLIS, true);
        case TIMESTAMP_MICROS -> timestamp(Ticks.MICROS, true);
        case UINT_8 -> integer(8, false);
        case UINT_16 -> integer(16, false);
        case UINT_32 -> integer(32, false);
        case UINT_64 -> integer(64, false);
        case INT_8 -> integer(8, true);
        case INT_16 -> integer(16, true);
        case INT_32 -> integer(32, true);
        case INT_64 -> integer(64, true);
        case INTERVAL, MAP, MAP_KEY_VALUE, LIST -> unsupported(type.name());
      };
    }

    private ValueType integer(int bits, boolean signed) {
      Type needed = bits == 64 ? Type.INT64 : Type.INT32;
      boolean known = bits == 8 || bits == 16 || bits == 32 || bits == 64;
      if (physical != needed || !known) {
        return unsupported("INTEGER(" + bits + ")");
      }
      if (signed || bits < 32) {
        return bits == 64 ? as(Types.LongType.get()) : as(Types.IntegerType.get());
      }
      org.apache.iceberg.types.Type type =
          bits == 64 ? Types.DecimalType.of(20, 0) : Types.LongType.get();
      return new ValueType(physical, width, type, Ticks.NONE, true, null);
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
      throw new MalformedFileException("a time has an unknown unit");
    }

    private ValueType on(Type needed, org.apache.iceberg.types.Type type, String annotation) {
      return physical == needed ? as(type) : unsupported(annotation);
    }

    private ValueType as(org.apache.iceberg.types.Type type) {
      return ticks(type, Ticks.NONE);
    }

    private ValueType ticks(org.apache.iceberg.types.Type type, Ticks ticks) {
      return new ValueType(physical, width, type, ticks, false, null);
    }

    private ValueType unsupported(String annotation) {
      return new ValueType(physical, width, null, Ticks.NONE, false, annotation);
    }
  }
}
