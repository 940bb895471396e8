package io.meshwork.internal.schema;

import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;

/**
 * A type of a schema that is still to be judged, and where it stands.
 *
 * @param type its JSON
 * @param path of the column, for messages; empty at the top
 * @param depth from 0 at the top
 * @param namespace of the names that stand here
 * @param around the records that it stands in
 * @param inUnion whether it is a branch of a union
 * @param told whether what is wrong inside of it is told already
 * @param defaultValue the field's default; null if it has none
 */
record SchemaPlace(
    JsonNode type,
    String path,
    int depth,
    String namespace,
    @Nullable Around around,
    boolean inUnion,
    boolean told,
    @Nullable JsonNode defaultValue) {
  SchemaPlace inside(JsonNode inner, String suffix) {
    return new SchemaPlace(inner, path + suffix, depth + 1, namespace, around, false, told, null);
  }

  /** The records around a place, innermost first. */
  record Around(String name, @Nullable Around outer) {
    static boolean holds(@Nullable Around around, String name) {
      for (Around a = around; a != null; a = a.outer) {
        if (a.name.equals(name)) {
          return true;
        }
      }
      return false;
    }
  }
}
