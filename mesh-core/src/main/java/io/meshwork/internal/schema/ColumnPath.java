package io.meshwork.internal.schema;

import java.util.List;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types;
import org.jspecify.annotations.Nullable;

/**
 * One column of a schema, identified by a path as in {@link ColumnPaths}; unlike there, {@code
 * tags[]} denotes the elements and {@code tags} the list. Immutable.
 */
public final class ColumnPath {
  /** The step from a list to its elements. */
  public static final int ELEMENTS = -1;

  /** The step from a map to its values. */
  public static final int VALUES = -2;

  private final String text;
  private final int[] steps;
  private final Type type;

  private ColumnPath(String text, int[] steps, Type type) {
    this.text = text;
    this.steps = steps;
    this.type = type;
  }

  /** Returns the column at a path; null if it does not exist. */
  public static @Nullable ColumnPath find(Types.StructType columns, String path) {
    List<String> names = ColumnPaths.allSteps(path);
    int[] steps = new int[names.size()];
    Type type = columns;
    for (int i = 0; i < steps.length; i++) {
      String name = names.get(i);
      Type next = ColumnPaths.next(type, name);
      if (next == null) {
        return null;
      }
      steps[i] =
          type instanceof Types.StructType struct
              ? struct.fields().indexOf(struct.field(name))
              : type.isListType() ? ELEMENTS : VALUES;
      type = next;
    }
    return steps.length == 0 ? null : new ColumnPath(path, steps, type);
  }

  /** Returns a suggestion for a path that does not exist. */
  public static String fix(Types.StructType columns, String path) {
    String fix = ColumnPaths.fix(columns, path);
    return fix == null ? "Name a column of the contract." : fix;
  }

  /** Returns the path as written. */
  public String text() {
    return text;
  }

  /** Returns the column's type; within a list or map, the type of one element or value. */
  public Type type() {
    return type;
  }

  /** Returns true if a row may have any number of values. */
  public boolean isRepeated() {
    return repeated() > 0;
  }

  /**
   * Returns true if both paths lead through the same repeated fields, so that their values
   * correspond.
   */
  public boolean isParallel(ColumnPath other) {
    int length = repeated();
    return length == other.repeated()
        && java.util.Arrays.equals(steps, 0, length, other.steps, 0, length);
  }

  /**
   * Returns the steps from the row: positions of fields, {@link #ELEMENTS}, and {@link #VALUES}.
   */
  public int[] steps() {
    return steps.clone();
  }

  /** Returns the number of steps to the innermost elements. */
  private int repeated() {
    int length = steps.length;
    while (length > 0 && steps[length - 1] >= 0) {
      length--;
    }
    return length;
  }
}
