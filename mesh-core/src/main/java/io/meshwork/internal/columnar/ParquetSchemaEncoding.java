package io.meshwork.internal.columnar;

import java.util.ArrayList;
import java.util.List;
import org.apache.iceberg.Schema;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types;
import org.apache.parquet.format.ConvertedType;
import org.apache.parquet.format.DateType;
import org.apache.parquet.format.DecimalType;
import org.apache.parquet.format.FieldRepetitionType;
import org.apache.parquet.format.LogicalType;
import org.apache.parquet.format.MicroSeconds;
import org.apache.parquet.format.NanoSeconds;
import org.apache.parquet.format.SchemaElement;
import org.apache.parquet.format.StringType;
import org.apache.parquet.format.TimeType;
import org.apache.parquet.format.TimeUnit;
import org.apache.parquet.format.TimestampType;
import org.apache.parquet.format.UUIDType;

/**
 * An Iceberg schema as the schema of a Parquet footer: the root, then its columns, each with its
 * field id, its logical type and, for old readers, the converted type where there is one.
 */
final class ParquetSchemaEncoding {
  private ParquetSchemaEncoding() {}

  static List<SchemaElement> encode(Schema schema, List<ParquetLeafEncoding> leaves) {
    List<SchemaElement> elements = new ArrayList<>(leaves.size() + 1);
    elements.add(new SchemaElement("table").setNum_children(schema.columns().size()));
    for (ParquetLeafEncoding leaf : leaves) {
      elements.add(encode(leaf));
    }
    return elements;
  }

  private static SchemaElement encode(ParquetLeafEncoding leaf) {
    Types.NestedField field = leaf.field();
    SchemaElement element =
        new SchemaElement(field.name())
            .setType(leaf.physical())
            .setField_id(field.fieldId())
            .setRepetition_type(
                field.isOptional() ? FieldRepetitionType.OPTIONAL : FieldRepetitionType.REQUIRED);
    if (leaf.width() > 0) {
      element.setType_length(leaf.width());
    }
    annotate(element, field.type());
    return element;
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
          // The old type means an instant, so that local times have none.
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
        // The physical type says it all.
      }
    }
  }

  private static TimeUnit micros() {
    return TimeUnit.MICROS(new MicroSeconds());
  }
}
