package io.meshwork.internal.schema;

import io.meshwork.internal.naming.NameGrammar;
import java.util.Locale;
import org.apache.avro.Schema;

/**
 * The name that a column has in files, where it differs, such as {@code Order ID}: a property of an
 * Avro field. Stateless.
 */
public final class PhysicalName {
  /** The property's name; its value is a text. */
  public static final String PROPERTY = "meshwork.physicalName";

  /** What to do about a column without a name. */
  public static final String NAME_IT = "Name it in the file, or leave it out there.";

  /** The longest name of a column, as in the Glue Data Catalog. */
  private static final int MAX_LENGTH = 255;

  private PhysicalName() {}

  /**
   * Returns that a column of a file has no name.
   *
   * @param path the path of the enclosing record; empty for rows
   * @param position its number there, from 1
   */
  public static String nameless(String path, int position) {
    return path.isEmpty()
        ? "its column " + position + " has no name"
        : "field " + position + " of its column '" + NameGrammar.quoted(path) + "' has no name";
  }

  /** Declares a name in files that differs from the column's. */
  public static void declare(Schema.Field field, String inFiles) {
    if (!field.name().equals(inFiles)) {
      field.addProp(PROPERTY, inFiles);
    }
  }

  /** Returns the name in files: the declared one, otherwise the column's. */
  public static String of(Schema.Field field) {
    return field.getObjectProp(PROPERTY) instanceof String name ? name : field.name();
  }

  /**
   * Returns a column for messages, such as {@code 'order_id' ('Order ID' in files)}.
   *
   * @param path its path
   */
  public static String describe(String path, Schema.Field field) {
    String inFiles = of(field);
    return "'"
        + path
        + "'"
        + (inFiles.equals(field.name()) ? "" : " ('" + NameGrammar.quoted(inFiles) + "' in files)");
  }

  /** Returns a name as a column can have it, with underscores in place of other characters. */
  public static String legal(String name) {
    String legal = name.replaceAll("[^A-Za-z0-9_]+", "_");
    // A prefix may follow.
    legal = legal.substring(0, Math.min(legal.length(), MAX_LENGTH - 1));
    if (!name.matches("[A-Za-z0-9_].*[A-Za-z0-9_]")) {
      legal = legal.replaceAll("^_+(?=.)|(?<=.)_+$", "");
    }
    if (legal.isEmpty() || Character.isDigit(legal.charAt(0))) {
      legal = "_" + legal;
    }
    return legal.toLowerCase(Locale.ROOT).startsWith("_mesh") ? "c" + legal : legal;
  }
}
