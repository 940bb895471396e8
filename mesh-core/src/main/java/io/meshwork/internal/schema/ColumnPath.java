package io.meshwork.internal.schema;

import java.util.List;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types;
import org.jspecify.annotations.Nullable;

/**
 * One column of a schema, named by a path as in {@link ColumnPaths}; other than there, {@code
 * tags[]} is the elements and {@code tags} the list. Immutable.
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

  /** The column at a path; null if it leads nowhere. */
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

  /** What to write instead of a path that leads nowhere. */
  public static String mend(Types.StructType columns, String path) {
    String mend = ColumnPaths.mend(columns, path);
    return mend == null ? "Name a column of the contract." : mend;
  }

  /** The path as it was written. */
  public String text() {
    return text;
  }

  /** The column's type; within a list or map that of one element or value. */
  public Type type() {
    return type;
  }

  /** True if a row may have several values there, or none. */
  public boolean isRepeated() {
    return repeated() > 0;
  }

  /** True if both paths lie in the same elements, so that their values stand beside each other. */
  public boolean isBeside(ColumnPath other) {
    int length = repeated();
    return length == other.repeated()
        && java.util.Arrays.equals(steps, 0, length, other.steps, 0, length);
  }

  /** The way from the row: positions of fields, {@link #ELEMENTS} and {@link #VALUES}. */
  public int[] steps() {
    return steps.clone();
  }

  /** How many steps lead to the innermost elements. */
  private int repeated() {
    int length = steps.length;
    while (length > 0 && steps[length - 1] >= 0) {
      length--;
    }
    return length;
  }
}
