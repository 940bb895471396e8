package io.meshwork.internal.parquet.schema;

import org.apache.parquet.format.BsonType;
import org.apache.parquet.format.ConvertedType;
import org.apache.parquet.format.DateType;
import org.apache.parquet.format.DecimalType;
import org.apache.parquet.format.EnumType;
import org.apache.parquet.format.IntType;
import org.apache.parquet.format.JsonType;
import org.apache.parquet.format.LogicalType;
import org.apache.parquet.format.MicroSeconds;
import org.apache.parquet.format.MilliSeconds;
import org.apache.parquet.format.SchemaElement;
import org.apache.parquet.format.StringType;
import org.apache.parquet.format.TimeType;
import org.apache.parquet.format.TimeUnit;
import org.apache.parquet.format.TimestampType;
import org.jspecify.annotations.Nullable;

/**
 * Reads the annotation of a leaf: its logical type, or the logical type that the format defines for
 * its deprecated converted type.
 */
final class LogicalAnnotation {
  private LogicalAnnotation() {}

  /** Returns the annotation; null if there is none, or none that is a logical type. */
  static @Nullable LogicalType of(SchemaElement leaf) {
    // A later version of the format may define a type that is not known here. parquet-java adds the
    // logical type UNKNOWN to a converted type that has no logical type, such as INTERVAL.
    boolean converted = leaf.isSetConverted_type();
    LogicalType logical = leaf.getLogicalType();
    if (logical != null && logical.isSet() && !(logical.isSetUNKNOWN() && converted)) {
      return logical;
    }
    return converted ? converted(leaf.getConverted_type(), leaf) : null;
  }

  private static @Nullable LogicalType converted(ConvertedType type, SchemaElement leaf) {
    return switch (type) {
      case UTF8 -> LogicalType.STRING(new StringType());
      case ENUM -> LogicalType.ENUM(new EnumType());
      case JSON -> LogicalType.JSON(new JsonType());
      case BSON -> LogicalType.BSON(new BsonType());
      case DECIMAL -> LogicalType.DECIMAL(new DecimalType(leaf.getScale(), leaf.getPrecision()));
      case DATE -> LogicalType.DATE(new DateType());
      case TIME_MILLIS -> LogicalType.TIME(new TimeType(true, millis()));
      case TIME_MICROS -> LogicalType.TIME(new TimeType(true, micros()));
      case TIMESTAMP_MILLIS -> LogicalType.TIMESTAMP(new TimestampType(true, millis()));
      case TIMESTAMP_MICROS -> LogicalType.TIMESTAMP(new TimestampType(true, micros()));
      case UINT_8 -> integer(8, false);
      case UINT_16 -> integer(16, false);
      case UINT_32 -> integer(32, false);
      case UINT_64 -> integer(64, false);
      case INT_8 -> integer(8, true);
      case INT_16 -> integer(16, true);
      case INT_32 -> integer(32, true);
      case INT_64 -> integer(64, true);
      case INTERVAL, MAP, MAP_KEY_VALUE, LIST -> null;
    };
  }

  private static LogicalType integer(int bits, boolean signed) {
    return LogicalType.INTEGER(new IntType((byte) bits, signed));
  }

  private static TimeUnit millis() {
    return TimeUnit.MILLIS(new MilliSeconds());
  }

  private static TimeUnit micros() {
    return TimeUnit.MICROS(new MicroSeconds());
  }
}
