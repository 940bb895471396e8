package io.meshwork.internal.compatibility;

import org.apache.avro.Schema;

/**
 * Where two schemas are compared. Changes are filed under the old path, which readers of the old
 * schema know.
 *
 * @param old the path in the old schema, such as {@code lines[].price}; empty for the record itself
 * @param now the path in the new schema
 */
record ComparedPath(String old, String now) {
  /** The record itself. */
  static final ComparedPath RECORD = new ComparedPath("", "");

  /** Returns the path of a field of this record, possibly renamed. */
  ComparedPath field(Schema.Field before, Schema.Field after) {
    return new ComparedPath(inside(old, before), inside(now, after));
  }

  /** Returns the path of a field that only the old schema has. */
  ComparedPath removed(Schema.Field field) {
    return new ComparedPath(inside(old, field), inside(old, field));
  }

  /** Returns the path of a field that only the new schema has. */
  ComparedPath added(Schema.Field field) {
    return new ComparedPath(inside(now, field), inside(now, field));
  }

  /** Returns the path of the elements of this list. */
  ComparedPath elements() {
    return new ComparedPath(old + "[]", now + "[]");
  }

  /** Returns the path of the values of this map. */
  ComparedPath values() {
    return new ComparedPath(old + "{}", now + "{}");
  }

  /** Returns the subject of a sentence about a change here, with the new path if it differs. */
  String subject() {
    if (old.equals(now)) {
      return subject(old);
    }
    return old + " (renamed to " + now + ")";
  }

  static String subject(String path) {
    return path.isEmpty() ? "The record" : path;
  }

  private static String inside(String path, Schema.Field field) {
    return path.isEmpty() ? field.name() : path + "." + field.name();
  }
}
