package io.meshwork.internal.compatibility;

import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.Schema;
import org.apache.avro.SchemaCompatibility;
import org.apache.avro.SchemaCompatibility.Incompatibility;
import org.apache.avro.SchemaCompatibility.SchemaCompatibilityType;

/** What Avro's checker says about a reader and a writer, and where in terms of columns. */
final class AvroResolution {
  private AvroResolution() {}

  /** True if a reader with one schema can resolve what was written with the other. */
  static boolean reads(Schema reader, Schema writer) {
    try {
      return SchemaCompatibility.checkReaderWriterCompatibility(reader, writer).getType()
          == SchemaCompatibilityType.COMPATIBLE;
    } catch (AvroRuntimeException e) {
      return false; // an alias that fits several fields of the writer
    }
  }

  /** Why not, as Avro tells it; empty if it cannot tell. */
  static List<Incompatibility> gaps(Schema reader, Schema writer) {
    try {
      return SchemaCompatibility.checkReaderWriterCompatibility(reader, writer)
          .getResult()
          .getIncompatibilities();
    } catch (AvroRuntimeException e) {
      return List.of();
    }
  }

  /** True if a reader's field gets a value from records of a writer, be it the default. */
  static boolean finds(Schema.Field field, Schema writer) {
    List<Schema.Field> sources =
        Stream.concat(Stream.of(field.name()), field.aliases().stream())
            .map(writer::getField)
            .filter(Objects::nonNull)
            .toList();
    return switch (sources.size()) {
      case 0 -> field.hasDefaultValue();
      case 1 -> reads(field.schema(), sources.get(0).schema());
      default -> false;
    };
  }

  /** Avro's JSON pointer into the reader as a column's path; empty for the record itself. */
  static String path(Schema reader, String pointer) {
    StringBuilder path = new StringBuilder();
    Schema here = reader;
    String[] steps = pointer.split("/", -1);
    for (int i = 1; i < steps.length; i++) {
      String step = steps[i];
      if (here.isUnion() && step.matches("[0-9]+")) {
        here = here.getTypes().get(Integer.parseInt(step));
      } else if (here.getType() == Schema.Type.ARRAY && step.equals("items")) {
        here = here.getElementType();
        path.append("[]");
      } else if (here.getType() == Schema.Type.MAP && step.equals("values")) {
        here = here.getValueType();
        path.append("{}");
      } else if (here.getType() == Schema.Type.RECORD
          && step.equals("fields")
          && i + 1 < steps.length) {
        Schema.Field field = here.getFields().get(Integer.parseInt(steps[++i]));
        path.append(path.isEmpty() ? "" : ".").append(field.name());
        here = field.schema();
        if (i + 1 < steps.length && steps[i + 1].equals("type")) {
          i++;
        }
      } else {
        break; // the name, size or symbols of what the path leads to
      }
    }
    return path.toString();
  }
}
