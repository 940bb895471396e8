package io.meshwork.internal.measure;

import io.meshwork.internal.columnar.DictionaryVector;
import io.meshwork.internal.columnar.ListVector;
import io.meshwork.internal.columnar.RowMask;
import io.meshwork.internal.columnar.StructVector;
import io.meshwork.internal.columnar.Vector;
import io.meshwork.internal.columnar.VectorBatch;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.iceberg.Schema;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types;

/**
 * The way from a row to the values of one column: dots lead into structs, {@code []} to the
 * elements of a list. A null on the way is a null value; an empty list has none. Collects the
 * values of one batch at a time. Not thread-safe.
 */
public final class LeafPath {
  private static final String ELEMENTS = "[]";
  private static final int INTO_ELEMENTS = -1;

  private final int column;
  private final int[] steps;
  private final boolean repeated;
  private final Type type;
  private final List<Types.NestedField> fields;

  private Vector leaf;
  private int[] places = new int[VectorBatch.ROWS];
  private int count;
  private long nulls;
  private long rows;
  private long rowsWithNull;

  private LeafPath(
      int column, int[] steps, boolean repeated, Type type, List<Types.NestedField> fields) {
    this.column = column;
    this.steps = steps;
    this.repeated = repeated;
    this.type = type;
    this.fields = fields;
    this.leaf = VectorBatch.emptyVector(type);
  }

  /**
   * Finds a path.
   *
   * @param path such as {@code fare}, {@code customer.address.city} or {@code lines[].quantity}; a
   *     column whose own name is the path comes first
   * @throws IllegalArgumentException if it leads nowhere, or through a map
   */
  public static LeafPath of(Schema schema, String path) {
    List<Integer> steps = new ArrayList<>();
    List<Types.NestedField> fields = new ArrayList<>();
    Type type = schema.asStruct();
    boolean repeated = false;
    String rest = path;
    while (!rest.isEmpty()) {
      if (rest.startsWith(ELEMENTS) && type.isListType()) {
        steps.add(INTO_ELEMENTS);
        repeated = true;
        type = type.asListType().elementType();
        rest = withoutDot(rest.substring(ELEMENTS.length()));
        continue;
      }
      int position = type.isStructType() ? position(type.asStructType(), rest) : -1;
      if (position < 0) {
        throw new IllegalArgumentException("there is no column " + path);
      }
      Types.NestedField field = type.asStructType().fields().get(position);
      steps.add(position);
      fields.add(field);
      type = field.type();
      rest = withoutDot(rest.substring(field.name().length()));
    }
    int[] below = steps.stream().skip(1).mapToInt(Integer::intValue).toArray();
    return new LeafPath(steps.get(0), below, repeated, type, List.copyOf(fields));
  }

  private static String withoutDot(String rest) {
    return rest.startsWith(".") ? rest.substring(1) : rest;
  }

  /** The longest name that the rest of a path begins with. */
  private static int position(Types.StructType type, String rest) {
    int found = -1;
    int longest = 0;
    for (int i = 0; i < type.fields().size(); i++) {
      String name = type.fields().get(i).name();
      boolean begins =
          rest.startsWith(name)
              && (rest.length() == name.length()
                  || rest.charAt(name.length()) == '.'
                  || rest.startsWith(ELEMENTS, name.length()));
      if (begins && name.length() > longest) {
        found = i;
        longest = name.length();
      }
    }
    return found;
  }

  /** The type of the values. */
  public Type type() {
    return type;
  }

  /** Field ids of the columns that have to be read for it: of the last named field. */
  public int fieldId() {
    return fields.get(fields.size() - 1).fieldId();
  }

  /** The top-level column it starts at. */
  public Types.NestedField column() {
    return fields.get(0);
  }

  /** True if it is a top-level column itself. */
  public boolean isColumn() {
    return steps.length == 0;
  }

  /** Collects the values of these rows of a batch; what was collected before is forgotten. */
  public void collect(VectorBatch batch, RowMask chosen) {
    count = 0;
    nulls = 0;
    rows = 0;
    rowsWithNull = 0;
    Vector top = batch.vector(column);
    leaf = repeated ? leafOf(top) : structs(top);
    for (int row = chosen.next(0); row >= 0 && row < batch.rows(); row = chosen.next(row + 1)) {
      rows++;
      long before = nulls;
      if (repeated) {
        walk(top, 0, row);
      } else {
        take(row);
      }
      rowsWithNull += nulls > before ? 1 : 0;
    }
    if (leaf instanceof DictionaryVector coded) {
      for (int i = 0; i < count; i++) {
        places[i] = coded.code(places[i]);
      }
      leaf = coded.dictionary();
    }
  }

  private Vector structs(Vector top) {
    Vector vector = top;
    for (int step : steps) {
      vector = ((StructVector) vector).child(step);
    }
    return vector;
  }

  private Vector leafOf(Vector top) {
    Vector vector = top;
    for (int step : steps) {
      vector =
          step == INTO_ELEMENTS
              ? ((ListVector) vector).elements()
              : ((StructVector) vector).child(step);
    }
    return vector;
  }

  private void walk(Vector vector, int depth, int place) {
    if (depth == steps.length) {
      take(place);
    } else if (vector.isNull(place)) {
      nulls++;
    } else if (steps[depth] == INTO_ELEMENTS) {
      ListVector lists = (ListVector) vector;
      int end = lists.start(place) + lists.length(place);
      for (int element = lists.start(place); element < end; element++) {
        walk(lists.elements(), depth + 1, element);
      }
    } else {
      walk(((StructVector) vector).child(steps[depth]), depth + 1, place);
    }
  }

  private void take(int place) {
    if (leaf.isNull(place)) {
      nulls++;
      return;
    }
    if (count == places.length) {
      places = Arrays.copyOf(places, count * 2);
    }
    places[count++] = place;
  }

  /** Where the collected values are; never a dictionary. */
  public Vector values() {
    return leaf;
  }

  /** The place in {@link #values} of a collected value that is not null. */
  public int place(int index) {
    return places[index];
  }

  /** How many values that are not null were collected. */
  public int count() {
    return count;
  }

  /** How many rows were looked at. */
  long rows() {
    return rows;
  }

  /** How many of these have a null among their values. */
  long rowsWithNull() {
    return rowsWithNull;
  }
}
