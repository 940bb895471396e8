package io.meshwork.internal.schema;

import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;

/**
 * A type of a schema that is to be validated, and its position.
 *
 * @param type its JSON
 * @param path path of the column, for messages; empty at the top
 * @param depth from 0 at the top
 * @param namespace the enclosing namespace
 * @param enclosing the enclosing records
 * @param inUnion whether it is a branch of a union
 * @param reported whether findings within it are already reported
 * @param defaultValue the field's default; null if it has none
 */
record TypePosition(
    JsonNode type,
    String path,
    int depth,
    String namespace,
    @Nullable EnclosingType enclosing,
    boolean inUnion,
    boolean reported,
    @Nullable JsonNode defaultValue) {
  TypePosition inside(JsonNode inner, String suffix) {
    return new TypePosition(
        inner, path + suffix, depth + 1, namespace, enclosing, false, reported, null);
  }

  /** The enclosing records, innermost first. */
  record EnclosingType(String name, @Nullable EnclosingType parent) {
    static boolean holds(@Nullable EnclosingType enclosing, String name) {
      for (EnclosingType a = enclosing; a != null; a = a.parent) {
        if (a.name.equals(name)) {
          return true;
        }
      }
      return false;
    }
  }
}
