package io.meshwork.odcs.internal.profile;

import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.avro.Schema;

/** Assigns unique names to Java records. Not thread-safe. */
public final class TypeNames {
  private static final int MAX_LENGTH = 200;

  /** Names that the printed Java uses. */
  private static final Set<String> RESERVED =
      Set.of(
          "BigDecimal",
          "Boolean",
          "ByteBuffer",
          "Column",
          "Contract",
          "Double",
          "Enum",
          "Float",
          "Instant",
          "Integer",
          "List",
          "LocalDate",
          "LocalDateTime",
          "LocalTime",
          "Long",
          "Map",
          "Object",
          "Optional",
          "Record",
          "Rule",
          "Schema",
          "String",
          "UUID");

  private static final Set<String> PRIMITIVES =
      Set.of("boolean", "bytes", "double", "float", "int", "long", "null", "string");

  /** A part of a file's name that another file of the same rows has otherwise. */
  private static final Pattern OF_ONE_FILE = Pattern.compile("[0-9].*|[vVqQwW][0-9]+");

  private final Set<String> used = new HashSet<>();

  /**
   * Returns the name for the rows of a file: the words of its name without dates, numbers, and
   * versions, so that the file of the next month has the same name; or {@code Row}.
   */
  public String ofRows(String fileName) {
    int dot = fileName.lastIndexOf('.');
    StringBuilder name = new StringBuilder();
    for (String part :
        (dot > 0 ? fileName.substring(0, dot) : fileName).split("[^A-Za-z0-9]+", -1)) {
      name.append(OF_ONE_FILE.matcher(part).matches() ? "" : capitalized(part));
    }
    String plain = name.toString().replaceAll("[0-9]+$", "");
    return unique(plain.isEmpty() || isType(plain) ? plain + "Row" : plain);
  }

  /** Avro takes the name of one of its types for that type. */
  private static boolean isType(String name) {
    return Stream.of(Schema.Type.values()).anyMatch(type -> type.getName().equalsIgnoreCase(name));
  }

  /** True for the name of a type that Avro gives to no record. */
  public static boolean isPrimitive(String name) {
    return PRIMITIVES.contains(name);
  }

  /**
   * Returns a name of Avro for an object: its own, with underscores in place of other characters,
   * and one before the name of a type that Avro does not permit.
   */
  public static String legal(String object) {
    String name = object.replaceAll("[^A-Za-z0-9_]", "_");
    name = name.substring(0, Math.min(name.length(), MAX_LENGTH));
    boolean illegal = name.isEmpty() || Character.isDigit(name.charAt(0)) || isPrimitive(name);
    return illegal ? "_" + name : name;
  }

  /** Prevents a name from being used for another record. */
  public void reserve(String name) {
    used.add(name.toLowerCase(Locale.ROOT));
  }

  /** Returns the name for the records in a column or field. */
  public String ofField(String field) {
    StringBuilder name = new StringBuilder();
    for (String part : field.split("_+", -1)) {
      name.append(capitalized(part));
    }
    String plain = name.toString();
    return unique(plain.isEmpty() || Character.isDigit(plain.charAt(0)) ? "Part" + plain : plain);
  }

  private String unique(String plain) {
    String base = RESERVED.contains(plain) ? plain + "Record" : plain;
    String name = base;
    // Ignores case, because some file systems do.
    for (int number = 2; !used.add(name.toLowerCase(Locale.ROOT)); number++) {
      name = base + number;
    }
    return name;
  }

  private static String capitalized(String part) {
    return part.isEmpty() ? part : Character.toUpperCase(part.charAt(0)) + part.substring(1);
  }
}
