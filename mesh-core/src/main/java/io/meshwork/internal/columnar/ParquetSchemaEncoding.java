package io.meshwork.internal.columnar;

import java.util.ArrayList;
import java.util.Iterator;
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
final class ParquetSchemaEncoding {
  static final String LIST = "list";
  static final String ELEMENT = "element";
  static final String ENTRIES = "key_value";
  static final String KEY = "key";
  static final String VALUE = "value";

  private final List<SchemaElement> elements = new ArrayList<>();
  private final Iterator<ParquetLeafEncoding> leaves;

  private ParquetSchemaEncoding(List<ParquetLeafEncoding> leaves) {
    this.leaves = leaves.iterator();
  }

  /** Returns the elements of a schema with these leaves, which are in its order. */
  static List<SchemaElement> encode(Schema schema, List<ParquetLeafEncoding> leaves) {
    ParquetSchemaEncoding encoding = new ParquetSchemaEncoding(leaves);
    List<Types.NestedField> columns = schema.columns();
    encoding.elements.add(new SchemaElement("table").setNum_children(columns.size()));
    columns.forEach(column -> encoding.add(column, column.name()));
    return encoding.elements;
  }

  private void add(Types.NestedField field, String name) {
    SchemaElement element =
        new SchemaElement(name)
            .setField_id(field.fieldId())
            .setRepetition_type(
                field.isOptional() ? FieldRepetitionType.OPTIONAL : FieldRepetitionType.REQUIRED);
    elements.add(element);
    switch (field.type().typeId()) {
      case STRUCT -> {
        List<Types.NestedField> fields = field.type().asStructType().fields();
        element.setNum_children(fields.size());
        fields.forEach(child -> add(child, child.name()));
      }
      case LIST -> {
        element
            .setNum_children(1)
            .setLogicalType(LogicalType.LIST(new ListType()))
            .setConverted_type(ConvertedType.LIST);
        addRepeated(LIST, 1);
        add(field.type().asListType().fields().get(0), ELEMENT);
      }
      case MAP -> {
        element
            .setNum_children(1)
            .setLogicalType(LogicalType.MAP(new MapType()))
            .setConverted_type(ConvertedType.MAP);
        addRepeated(ENTRIES, 2);
        add(field.type().asMapType().fields().get(0), KEY);
        add(field.type().asMapType().fields().get(1), VALUE);
      }
      default -> {
        ParquetLeafEncoding leaf = leaves.next();
        element.setType(leaf.physical());
        if (leaf.width() > 0) {
          element.setType_length(leaf.width());
        }
        annotate(element, field.type());
      }
    }
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
