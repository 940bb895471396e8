package io.meshwork.internal.scan;

import io.meshwork.internal.columnar.ListVector;
import io.meshwork.internal.columnar.MapVector;
import io.meshwork.internal.columnar.StructVector;
import io.meshwork.internal.columnar.Vector;
import io.meshwork.internal.columnar.VectorBatch;
import java.util.ArrayList;
import java.util.List;
import org.apache.avro.Schema;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types;
import org.jspecify.annotations.Nullable;

/**
 * Lists and maps that a contract requires and its table has as optional, since it got them when it
 * had rows already: their null stands for nothing in them. Immutable.
 */
public final class EmptyCollections {
  /** There are none. */
  public static final EmptyCollections NONE = new EmptyCollections(List.of());

  /** What is in a column, or at a place inside of one, by the position of the vector. */
  private record Place(int position, boolean empty, List<Place> below) {}

  private final List<Place> places;

  private EmptyCollections(List<Place> places) {
    this.places = places;
  }

  /**
   * Finds them.
   *
   * @param columns what is read, with the table's types
   * @param contract the contract's record, with at least these columns
   */
  public static EmptyCollections of(org.apache.iceberg.Schema columns, Schema contract) {
    List<Place> places = fields(columns.columns(), contract);
    return places.isEmpty() ? NONE : new EmptyCollections(places);
  }

  private static List<Place> fields(List<Types.NestedField> fields, Schema record) {
    List<Place> places = new ArrayList<>();
    for (int i = 0; i < fields.size(); i++) {
      Types.NestedField field = fields.get(i);
      Schema.Field promised = record.getField(field.name());
      if (promised != null) {
        add(places, place(i, field.isOptional(), field.type(), promised.schema()));
      }
    }
    return places;
  }

  private static @Nullable Place place(int at, boolean optional, Type type, Schema schema) {
    Schema promised =
        schema.isUnion()
            ? schema.getTypes().stream()
                .filter(branch -> branch.getType() != Schema.Type.NULL)
                .findFirst()
                .orElse(schema)
            : schema;
    List<Place> below = new ArrayList<>();
    if (type.isStructType()) {
      below.addAll(fields(type.asStructType().fields(), promised));
    } else if (type.isListType()) {
      Types.ListType list = type.asListType();
      add(below, place(0, list.isElementOptional(), list.elementType(), promised.getElementType()));
    } else if (type.isMapType()) {
      Types.MapType map = type.asMapType();
      add(below, place(0, map.isValueOptional(), map.valueType(), promised.getValueType()));
    }
    boolean empty = (type.isListType() || type.isMapType()) && optional && !schema.isNullable();
    return empty || !below.isEmpty() ? new Place(at, empty, below) : null;
  }

  private static void add(List<Place> places, @Nullable Place place) {
    if (place != null) {
      places.add(place);
    }
  }

  /** The batch with empty lists and maps in the place of those nulls. */
  VectorBatch fill(VectorBatch batch) {
    places.forEach(place -> fill(place, batch.vector(place.position)));
    return batch;
  }

  private static void fill(Place place, Vector vector) {
    if (place.empty) {
      vector.replaceNulls();
    }
    for (Place inner : place.below) {
      if (vector instanceof StructVector structs) {
        fill(inner, structs.child(inner.position));
      } else if (vector instanceof ListVector lists) {
        fill(inner, lists.elements());
      } else if (vector instanceof MapVector maps) {
        fill(inner, maps.values());
      }
    }
  }
}
