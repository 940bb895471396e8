package io.meshwork.internal.compatibility;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;

/** What stands beside a type or a field and takes no part in reading: names, words, properties. */
final class Decorations {
  private static final Set<Schema.Type> NAMED =
      Set.of(Schema.Type.RECORD, Schema.Type.ENUM, Schema.Type.FIXED);

  private Decorations() {}

  static List<SchemaChange> ofFields(String path, Schema.Field before, Schema.Field after) {
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
        "has other aliases",
        names(before.aliases()),
        names(after.aliases()));
    compare(
        changes,
        SchemaCode.PROPERTY_ONLY,
        path,
        "has other properties",
        text(new TreeMap<>(before.getObjectProps())),
        text(new TreeMap<>(after.getObjectProps())));
    compare(
        changes,
        SchemaCode.DOC_ONLY,
        path,
        "is documented in other words",
        before.doc(),
        after.doc());
    return changes;
  }

  static List<SchemaChange> ofTypes(String path, Schema before, Schema after) {
    List<SchemaChange> changes = new ArrayList<>();
    if (NAMED.contains(before.getType())) {
      compare(
          changes,
          SchemaCode.ALIAS_ONLY,
          path,
          "has a type with other aliases",
          names(before.getAliases()),
          names(after.getAliases()));
      compare(
          changes,
          SchemaCode.DOC_ONLY,
          path,
          "has a type that is documented in other words",
          before.getDoc(),
          after.getDoc());
    }
    compare(
        changes,
        SchemaCode.PROPERTY_ONLY,
        path,
        "has a type with other properties",
        text(ValueTypes.properties(before)),
        text(ValueTypes.properties(after)));
    return changes;
  }

  private static void compare(
      List<SchemaChange> changes,
      SchemaCode code,
      String path,
      String what,
      @Nullable String before,
      @Nullable String after) {
    if (!Objects.equals(before, after)) {
      changes.add(
          new SchemaChange(
              code,
              path,
              before,
              after,
              true,
              true,
              SchemaPairs.subject(path) + " " + what + ".",
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
