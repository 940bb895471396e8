package io.meshwork.internal.columnar;

import io.meshwork.error.ContractViolationException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.InvalidRequestException;
import java.util.List;
import org.apache.iceberg.types.Types;
import org.apache.parquet.format.Type;

/**
 * How a leaf column lies in a Parquet file.
 *
 * @param field the column, with its Iceberg field id
 * @param path its names from the root
 * @param physical its Parquet type
 * @param width bytes a value of a FIXED_LEN_BYTE_ARRAY; 0 for the other types
 * @param kind how byte strings are ordered
 * @param maxDefinitionLevel 1 if it is optional, 0 if required; more below optional groups
 */
record ParquetLeafEncoding(
    Types.NestedField field,
    List<String> path,
    Type physical,
    int width,
    ColumnBytesStatistics.Kind kind,
    int maxDefinitionLevel) {
  /** Bytes a decimal of more than 18 digits has in a {@link BytesVector}. */
  private static final int DECIMAL_BYTES = 16;

  /** The storage of a top-level column; refuses types that are not flat. */
  static ParquetLeafEncoding of(Types.NestedField field) {
    int levels = field.isOptional() ? 1 : 0;
    ColumnBytesStatistics.Kind kind = ColumnBytesStatistics.Kind.BINARY;
    int width = 0;
    Type physical;
    switch (field.type().typeId()) {
      case BOOLEAN -> physical = Type.BOOLEAN;
      case INTEGER, DATE -> physical = Type.INT32;
      case LONG, TIME, TIMESTAMP, TIMESTAMP_NANO -> physical = Type.INT64;
      case FLOAT -> physical = Type.FLOAT;
      case DOUBLE -> physical = Type.DOUBLE;
      case STRING -> {
        physical = Type.BYTE_ARRAY;
        kind = ColumnBytesStatistics.Kind.TEXT;
      }
      case BINARY -> physical = Type.BYTE_ARRAY;
      case FIXED -> {
        physical = Type.FIXED_LEN_BYTE_ARRAY;
        kind = ColumnBytesStatistics.Kind.FIXED;
        width = ((Types.FixedType) field.type()).length();
      }
      case UUID -> {
        physical = Type.FIXED_LEN_BYTE_ARRAY;
        kind = ColumnBytesStatistics.Kind.FIXED;
        width = 16;
      }
      case DECIMAL -> {
        int precision = ((Types.DecimalType) field.type()).precision();
        if (precision <= 9) {
          physical = Type.INT32;
        } else if (precision <= 18) {
          physical = Type.INT64;
        } else {
          physical = Type.FIXED_LEN_BYTE_ARRAY;
          kind = ColumnBytesStatistics.Kind.SIGNED;
          width = DecimalLimitEncoding.bytes(precision);
        }
      }
      default ->
          throw new InvalidRequestException(
              ErrorCode.SCHEMA_UNSUPPORTED,
              "Opening a Parquet file failed: column "
                  + field.name()
                  + " has the type "
                  + field.type()
                  + ", and only flat types can be written. Nothing was written; flatten the column"
                  + " or leave it out.");
    }
    return new ParquetLeafEncoding(field, List.of(field.name()), physical, width, kind, levels);
  }

  /** An encoder for the values. */
  ValuesEncoder newValuesEncoder(EncodingProfile profile, ParquetWriterLimits limits) {
    return physical == Type.BYTE_ARRAY || physical == Type.FIXED_LEN_BYTE_ARRAY
        ? new BytesValuesEncoder(this, profile, limits.pageBytes())
        : new NumberValuesEncoder(NumberEncoding.of(physical), profile);
  }

  /** Leading bytes of a value in its vector that the file leaves out, being copies of the sign. */
  int drop() {
    return kind == ColumnBytesStatistics.Kind.SIGNED ? DECIMAL_BYTES - width : 0;
  }

  /** The name as an error message gives it. */
  String name() {
    return String.join(".", path);
  }

  /** Refuses values that the file could only hold wrong: nulls, lengths, digits. */
  void refuseMisfits(Vector vector) {
    if (maxDefinitionLevel == 0 && vector.nullCount() > 0) {
      RowMask nulls = vector.nulls();
      int row = nulls == null ? -1 : nulls.next(0);
      throw misfit(
          row, "is null, but the column is required (" + vector.nullCount() + " such rows)");
    }
    Vector values = vector instanceof DictionaryVector coded ? coded.dictionary() : vector;
    if (width > 0) {
      refuseLengths((BytesVector) values, drop() > 0 ? DECIMAL_BYTES : width);
    }
    if (field.type() instanceof Types.DecimalType decimal) {
      int row =
          values instanceof LongVector longs
              ? DecimalLimitEncoding.firstBeyond(longs, decimal.precision())
              : DecimalLimitEncoding.firstBeyond((BytesVector) values, decimal.precision());
      if (row >= 0) {
        throw misfit(row, "has more than " + decimal.precision() + " digits");
      }
    }
  }

  private void refuseLengths(BytesVector values, int expected) {
    for (int row = 0; row < values.size(); row++) {
      if (values.length(row) != expected && !values.isNull(row)) {
        throw misfit(row, "has " + values.length(row) + " bytes, but all must have " + expected);
      }
    }
  }

  private ContractViolationException misfit(int row, String what) {
    return new ContractViolationException(
        ErrorCode.CONTRACT_VIOLATED,
        "Writing a batch to a Parquet file failed: column "
            + name()
            + " of type "
            + field.type()
            + ": the value at row "
            + row
            + " of the batch "
            + what
            + ". No row of the batch was written; mend the value or the contract.");
  }
}
