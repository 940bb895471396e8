package io.meshwork.internal.parquet.schema;

import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import org.apache.iceberg.Schema;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types;
import org.apache.parquet.format.ConvertedType;
import org.apache.parquet.format.DateType;
import org.apache.parquet.format.DecimalType;
import org.apache.parquet.format.FieldRepetitionType;
import org.apache.parquet.format.ListType;
import org.apache.parquet.format.LogicalType;
import org.apache.parquet.format.MapType;
import org.apache.parquet.format.MicroSeconds;
import org.apache.parquet.format.NanoSeconds;
import org.apache.parquet.format.SchemaElement;
import org.apache.parquet.format.StringType;
import org.apache.parquet.format.TimeType;
import org.apache.parquet.format.TimeUnit;
import org.apache.parquet.format.TimestampType;
import org.apache.parquet.format.UUIDType;

/**
 * Converts an Iceberg schema to the schema of a Parquet footer: the root, then its columns in
 * depth-first order, each with its field ID, its logical type, and the converted type for old
 * readers if there is one. Lists have three levels, and maps a group of key and value, as the
 * format requires.
 */
final class SchemaElements {
  static final String LIST = "list";
  static final String ELEMENT = "element";
  static final String ENTRIES = "key_value";
  static final String KEY = "key";
  static final String VALUE = "value";

  private final List<SchemaElement> elements = new ArrayList<>();

  private SchemaElements() {}

  /**
   * Returns the elements of a schema.
   *
   * @throws InvalidRequestException if a type cannot be written, such as a struct without fields
   */
  static List<SchemaElement> of(Schema schema) {
    SchemaElements builder = new SchemaElements();
    List<Types.NestedField> columns = schema.columns();
    builder.elements.add(new SchemaElement("table").setNum_children(columns.size()));
    columns.forEach(column -> builder.add(column, column.name(), column.name()));
    return builder.elements;
  }

  /** Adds a field by its name in the file; {@code path} is its path in messages. */
  private void add(Types.NestedField field, String name, String path) {
    SchemaElement element =
        new SchemaElement(name)
            .setField_id(field.fieldId())
            .setRepetition_type(
                field.isOptional() ? FieldRepetitionType.OPTIONAL : FieldRepetitionType.REQUIRED);
    elements.add(element);
    switch (field.type().typeId()) {
      case STRUCT -> {
        List<Types.NestedField> fields = field.type().asStructType().fields();
        if (fields.isEmpty()) {
          throw unwritable(path, "is a struct without fields, which Parquet does not support");
        }
        element.setNum_children(fields.size());
        fields.forEach(child -> add(child, child.name(), path + "." + child.name()));
      }
      case LIST -> {
        element
            .setNum_children(1)
            .setLogicalType(LogicalType.LIST(new ListType()))
            .setConverted_type(ConvertedType.LIST);
        addRepeated("list", 1);
        add(field.type().asListType().fields().get(0), "element", path + "[]");
      }
      case MAP -> {
        element
            .setNum_children(1)
            .setLogicalType(LogicalType.MAP(new MapType()))
            .setConverted_type(ConvertedType.MAP);
        addRepeated("key_value", 2);
        add(field.type().asMapType().fields().get(0), "key", path + "{key}");
        add(field.type().asMapType().fields().get(1), "value", path + "{}");
      }
      default -> {
        store(element, field.type(), path);
        annotate(element, field.type());
      }
    }
  }

  /** Sets the physical type, and the length of fixed-length values. */
  private static void store(SchemaElement element, Type type, String path) {
    switch (type.typeId()) {
      case BOOLEAN -> element.setType(org.apache.parquet.format.Type.BOOLEAN);
      case INTEGER, DATE -> element.setType(org.apache.parquet.format.Type.INT32);
      case LONG, TIME, TIMESTAMP, TIMESTAMP_NANO ->
          element.setType(org.apache.parquet.format.Type.INT64);
      case FLOAT -> element.setType(org.apache.parquet.format.Type.FLOAT);
      case DOUBLE -> element.setType(org.apache.parquet.format.Type.DOUBLE);
      case STRING, BINARY -> element.setType(org.apache.parquet.format.Type.BYTE_ARRAY);
      case FIXED -> {
        int length = ((Types.FixedType) type).length();
        if (length == 0) {
          throw unwritable(path, "has values of 0 bytes, which Parquet does not support");
        }
        storeFixed(element, length);
      }
      case UUID -> storeFixed(element, 16);
      case DECIMAL -> {
        int precision = ((Types.DecimalType) type).precision();
        if (precision <= 9) {
          element.setType(org.apache.parquet.format.Type.INT32);
        } else if (precision <= 18) {
          element.setType(org.apache.parquet.format.Type.INT64);
        } else {
          storeFixed(element, bytes(precision));
        }
      }
      default ->
          throw unwritable(path, "has the type " + type + ", which cannot be written to Parquet");
    }
  }

  private static void storeFixed(SchemaElement element, int width) {
    element.setType(org.apache.parquet.format.Type.FIXED_LEN_BYTE_ARRAY).setType_length(width);
  }

  /** Returns the fewest bytes that hold all unscaled values of a precision in two's complement. */
  private static int bytes(int precision) {
    return BigInteger.TEN.pow(precision).subtract(BigInteger.ONE).bitLength() / 8 + 1;
  }

  /** Returns the error for a schema that cannot be written because of one field. */
  private static InvalidRequestException unwritable(String path, String why) {
    return Failure.of(MeshAction.of(Verb.WRITE, "a Parquet file"))
        .because("column " + path + " " + why)
        .state("Nothing was written.")
        .fix("Change its type, or remove the column.")
        .invalidRequest(ErrorCode.SCHEMA_UNSUPPORTED);
  }

  private void addRepeated(String name, int children) {
    elements.add(
        new SchemaElement(name)
            .setNum_children(children)
            .setRepetition_type(FieldRepetitionType.REPEATED));
  }

  private static void annotate(SchemaElement element, Type type) {
    switch (type.typeId()) {
      case STRING ->
          element
              .setLogicalType(LogicalType.STRING(new StringType()))
              .setConverted_type(ConvertedType.UTF8);
      case DATE ->
          element
              .setLogicalType(LogicalType.DATE(new DateType()))
              .setConverted_type(ConvertedType.DATE);
      case TIME ->
          element
              .setLogicalType(LogicalType.TIME(new TimeType(false, micros())))
              .setConverted_type(ConvertedType.TIME_MICROS);
      case TIMESTAMP -> {
        boolean instant = ((Types.TimestampType) type).shouldAdjustToUTC();
        element.setLogicalType(LogicalType.TIMESTAMP(new TimestampType(instant, micros())));
        if (instant) {
          // The converted type denotes an instant, so local timestamps have none.
          element.setConverted_type(ConvertedType.TIMESTAMP_MICROS);
        }
      }
      case TIMESTAMP_NANO ->
          element.setLogicalType(
              LogicalType.TIMESTAMP(
                  new TimestampType(
                      ((Types.TimestampNanoType) type).shouldAdjustToUTC(),
                      TimeUnit.NANOS(new NanoSeconds()))));
      case UUID -> element.setLogicalType(LogicalType.UUID(new UUIDType()));
      case DECIMAL -> {
        Types.DecimalType decimal = (Types.DecimalType) type;
        element
            .setLogicalType(
                LogicalType.DECIMAL(new DecimalType(decimal.scale(), decimal.precision())))
            .setConverted_type(ConvertedType.DECIMAL)
            .setScale(decimal.scale())
            .setPrecision(decimal.precision());
      }
      default -> {
        // The physical type is sufficient.
      }
    }
  }

  private static TimeUnit micros() {
    return TimeUnit.MICROS(new MicroSeconds());
  }
}
