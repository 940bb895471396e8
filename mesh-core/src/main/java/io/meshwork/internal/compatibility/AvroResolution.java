package io.meshwork.internal.compatibility;

import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.Schema;
import org.apache.avro.SchemaCompatibility;
import org.apache.avro.SchemaCompatibility.Incompatibility;
import org.apache.avro.SchemaCompatibility.SchemaCompatibilityType;
import org.apache.avro.SchemaCompatibility.SchemaIncompatibilityType;

/** Runs Avro's compatibility checker and maps its results to column paths. */
final class AvroResolution {
  private AvroResolution() {}

  /** Returns true if a reader with one schema can read data written with the other. */
  static boolean reads(Schema reader, Schema writer) {
    try {
      return SchemaCompatibility.checkReaderWriterCompatibility(reader, writer).getType()
          == SchemaCompatibilityType.COMPATIBLE;
    } catch (AvroRuntimeException e) {
      return false; // an alias matches several fields of the writer
    }
  }

  /** Returns Avro's incompatibilities; empty if it reports none. */
  static List<Incompatibility> gaps(Schema reader, Schema writer) {
    try {
      return SchemaCompatibility.checkReaderWriterCompatibility(reader, writer)
          .getResult()
          .getIncompatibilities();
    } catch (AvroRuntimeException e) {
      return List.of();
    }
  }

  /** Returns true if an incompatibility can be due to the name of a type alone. */
  static boolean isOfTypeName(Incompatibility gap) {
    return gap.getType() == SchemaIncompatibilityType.NAME_MISMATCH
        || gap.getType() == SchemaIncompatibilityType.MISSING_UNION_BRANCH;
  }

  /** Returns true if a reader's field has a value for a writer's records, possibly its default. */
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

  /** Converts Avro's JSON pointer into the reader to a column path; empty for the record itself. */
  static String path(Schema reader, String pointer) {
    StringBuilder path = new StringBuilder();
    Schema position = reader;
    String[] steps = pointer.split("/", -1);
    for (int i = 1; i < steps.length; i++) {
      String step = steps[i];
      if (position.isUnion() && step.matches("[0-9]+")) {
        position = position.getTypes().get(Integer.parseInt(step));
      } else if (position.getType() == Schema.Type.ARRAY && step.equals("items")) {
        position = position.getElementType();
        path.append("[]");
      } else if (position.getType() == Schema.Type.MAP && step.equals("values")) {
        position = position.getValueType();
        path.append("{}");
      } else if (position.getType() == Schema.Type.RECORD
          && step.equals("fields")
          && i + 1 < steps.length) {
        Schema.Field field = position.getFields().get(Integer.parseInt(steps[++i]));
        path.append(path.isEmpty() ? "" : ".").append(field.name());
        position = field.schema();
        if (i + 1 < steps.length && steps[i + 1].equals("type")) {
          i++;
        }
      } else {
        break; // the name, size, or symbols of the type at the path
      }
    }
    return path.toString();
  }
}
