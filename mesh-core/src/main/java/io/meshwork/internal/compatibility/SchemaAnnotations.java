package io.meshwork.internal.compatibility;

import io.meshwork.internal.compatibility.SchemaChange.SafeReaders;
import io.meshwork.internal.compatibility.SchemaChange.SchemaCode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;

/**
 * Compares the parts of types and fields that do not affect reading: names, documentation,
 * properties.
 */
final class SchemaAnnotations {
  private static final Set<Schema.Type> NAMED =
      Set.of(Schema.Type.RECORD, Schema.Type.ENUM, Schema.Type.FIXED);

  private SchemaAnnotations() {}

  static List<SchemaChange> ofFields(ComparedPath path, Schema.Field before, Schema.Field after) {
    List<SchemaChange> changes = new ArrayList<>();
    compare(
        changes,
        SchemaCode.ORDER_ONLY,
        path,
        "sorts in another direction",
        before.order().name(),
        after.order().name());
    compare(
        changes,
        SchemaCode.ALIAS_ONLY,
        path,
        "has different aliases",
        names(before.aliases()),
        names(after.aliases()));
    compare(
        changes,
        SchemaCode.PROPERTY_ONLY,
        path,
        "has different properties",
        text(new TreeMap<>(before.getObjectProps())),
        text(new TreeMap<>(after.getObjectProps())));
    compare(
        changes,
        SchemaCode.DOC_ONLY,
        path,
        "has different documentation",
        before.doc(),
        after.doc());
    return changes;
  }

  static List<SchemaChange> ofTypes(ComparedPath path, Schema before, Schema after) {
    List<SchemaChange> changes = new ArrayList<>();
    if (NAMED.contains(before.getType())) {
      compare(
          changes,
          SchemaCode.ALIAS_ONLY,
          path,
          "has a type with different aliases",
          names(before.getAliases()),
          names(after.getAliases()));
      compare(
          changes,
          SchemaCode.DOC_ONLY,
          path,
          "has a type with different documentation",
          before.getDoc(),
          after.getDoc());
    }
    compare(
        changes,
        SchemaCode.PROPERTY_ONLY,
        path,
        "has a type with different properties",
        text(ValueTypes.properties(before)),
        text(ValueTypes.properties(after)));
    return changes;
  }

  private static void compare(
      List<SchemaChange> changes,
      SchemaCode code,
      ComparedPath path,
      String what,
      @Nullable String before,
      @Nullable String after) {
    if (!Objects.equals(before, after)) {
      changes.add(
          new SchemaChange(
              code,
              path.old(),
              before,
              after,
              SafeReaders.BOTH,
              path.subject() + " " + what + ".",
              ""));
    }
  }

  private static @Nullable String names(Set<String> names) {
    return names.isEmpty() ? null : String.join(", ", new TreeSet<>(names));
  }

  private static @Nullable String text(Map<String, Object> properties) {
    return properties.isEmpty() ? null : properties.toString();
  }
}
