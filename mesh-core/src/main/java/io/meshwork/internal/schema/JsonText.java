package io.meshwork.internal.schema;

import org.apache.avro.Schema;

/**
 * The property of an Avro string whose column also takes numbers, booleans, objects, and arrays of
 * JSON lines, as their JSON text. Stateless.
 */
public final class JsonText {
  /** The property's name; its value is a boolean. */
  public static final String PROPERTY = "meshwork.json";

  private JsonText() {}

  /** Returns a string type with the property. */
  public static Schema schema() {
    Schema text = Schema.create(Schema.Type.STRING);
    text.addProp(PROPERTY, true);
    return text;
  }

  /** Returns true if the type has the property. */
  public static boolean isDeclared(Schema type) {
    return Boolean.TRUE.equals(type.getObjectProp(PROPERTY));
  }
}
