package io.meshwork.internal.schema;

import io.meshwork.internal.naming.NameGrammar;
import java.text.Normalizer;
import java.util.Locale;
import org.apache.avro.Schema;

/**
 * The name that a column has in files, where it differs, such as {@code Order ID}: a property of an
 * Avro field. Stateless.
 */
public final class PhysicalName {
  /** The property's name; its value is a string. */
  public static final String PROPERTY = "meshwork.physicalName";

  /** What to do about a column without a name. */
  public static final String NAME_IT = "Name it in the file, or leave it out there.";

  /** The longest name of a column, as in the Glue Data Catalog. */
  private static final int MAX_LENGTH = 255;

  /** Letters that are more than a letter of ASCII with a mark. */
  private static final String LETTERS =
      "\u00e4\u00f6\u00fc\u00c4\u00d6\u00dc\u00df\u00e6\u00c6\u00f8\u00d8\u0142\u0141\u0111\u0110\u0153\u0152";

  private static final String[] IN_ASCII = {
    "ae", "oe", "ue", "Ae", "Oe", "Ue", "ss", "ae", "Ae", "o", "O", "l", "L", "d", "D", "oe", "Oe"
  };

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
    String legal = inAscii(name).replaceAll("[^A-Za-z0-9_]+", "_");
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

  /** Writes umlauts with two letters, and other letters without their marks. */
  private static String inAscii(String name) {
    StringBuilder ascii = new StringBuilder();
    String composed = Normalizer.normalize(name, Normalizer.Form.NFC);
    for (int i = 0; i < composed.length(); i++) {
      char c = composed.charAt(i);
      int index = LETTERS.indexOf(c);
      ascii.append(index < 0 ? String.valueOf(c) : IN_ASCII[index]);
    }
    return Normalizer.normalize(ascii, Normalizer.Form.NFD).replaceAll("\\p{M}+", "");
  }
}
