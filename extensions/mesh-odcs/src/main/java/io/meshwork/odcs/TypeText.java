package io.meshwork.odcs;

import io.meshwork.odcs.internal.profile.NullabilityInference;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.avro.Schema;

/**
 * The type of a column with its parts as one text, such as {@code array<struct<id:int>>}: the form
 * of Spark, in which nulls are allowed.
 */
final class TypeText {
  private TypeText() {}

  static String of(Schema type) {
    return switch (type.getType()) {
      case UNION -> of(NullabilityInference.value(type));
      case MAP -> "map<string," + of(type.getValueType()) + ">";
      case ARRAY -> "array<" + of(type.getElementType()) + ">";
      case RECORD ->
          type.getFields().stream()
              .map(field -> field.name() + ":" + of(field.schema()))
              .collect(Collectors.joining(",", "struct<", ">"));
      default -> ScalarTypes.physical(type);
    };
  }

  /** Returns the parts of a string between commas outside of brackets. */
  static List<String> parts(String text) {
    List<String> parts = new ArrayList<>();
    int depth = 0;
    int from = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      depth += c == '<' || c == '(' ? 1 : c == '>' || c == ')' ? -1 : 0;
      if (c == ',' && depth == 0) {
        parts.add(text.substring(from, i).strip());
        from = i + 1;
      }
    }
    parts.add(text.substring(from).strip());
    return parts;
  }

  /** Returns what is between the outer brackets. */
  static String inner(String text) {
    return text.substring(text.indexOf('<') + 1, text.lastIndexOf('>')).strip();
  }
}
