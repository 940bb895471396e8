package io.meshwork.internal.scan;

import io.meshwork.internal.vector.ListVector;
import io.meshwork.internal.vector.MapVector;
import io.meshwork.internal.vector.StructVector;
import io.meshwork.internal.vector.Vector;
import io.meshwork.internal.vector.VectorBatch;
import java.util.ArrayList;
import java.util.List;
import org.apache.avro.Schema;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types;
import org.jspecify.annotations.Nullable;

/**
 * Lists and maps that a contract requires but its table declares as optional, because they were
 * added when the table had rows: a null is read as an empty list or map. Immutable.
 */
final class EmptyCollections {
  /** No column. */
  static final EmptyCollections NONE = new EmptyCollections(List.of());

  /** A column or a nested field, by the position of its vector. */
  private record Place(int position, boolean empty, List<Place> nested) {}

  private final List<Place> places;

  private EmptyCollections(List<Place> places) {
    this.places = places;
  }

  /**
   * Finds the lists and maps of a projection.
   *
   * @param columns the columns to read, with the table's types
   * @param contract the contract's Avro record, with at least these columns
   */
  static EmptyCollections of(org.apache.iceberg.Schema columns, Schema contract) {
    List<Place> places = fields(columns.columns(), contract);
    return places.isEmpty() ? NONE : new EmptyCollections(places);
  }

  private static List<Place> fields(List<Types.NestedField> fields, Schema record) {
    List<Place> places = new ArrayList<>();
    for (int i = 0; i < fields.size(); i++) {
      Types.NestedField field = fields.get(i);
      Schema.Field declared = record.getField(field.name());
      if (declared != null) {
        add(places, place(i, field.isOptional(), field.type(), declared.schema()));
      }
    }
    return places;
  }

  private static @Nullable Place place(int position, boolean optional, Type type, Schema schema) {
    Schema declared =
        schema.isUnion()
            ? schema.getTypes().stream()
                .filter(branch -> branch.getType() != Schema.Type.NULL)
                .findFirst()
                .orElse(schema)
            : schema;
    List<Place> nested = new ArrayList<>();
    if (type.isStructType()) {
      nested.addAll(fields(type.asStructType().fields(), declared));
    } else if (type.isListType()) {
      Types.ListType list = type.asListType();
      add(
          nested,
          place(0, list.isElementOptional(), list.elementType(), declared.getElementType()));
    } else if (type.isMapType()) {
      Types.MapType map = type.asMapType();
      add(nested, place(0, map.isValueOptional(), map.valueType(), declared.getValueType()));
    }
    boolean empty = (type.isListType() || type.isMapType()) && optional && !schema.isNullable();
    return empty || !nested.isEmpty() ? new Place(position, empty, nested) : null;
  }

  private static void add(List<Place> places, @Nullable Place place) {
    if (place != null) {
      places.add(place);
    }
  }

  /** Replaces these nulls of the batch by empty lists and maps. */
  VectorBatch fill(VectorBatch batch) {
    places.forEach(place -> fill(place, batch.vector(place.position)));
    return batch;
  }

  private static void fill(Place place, Vector vector) {
    if (place.empty) {
      vector.replaceNulls();
    }
    for (Place inner : place.nested) {
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
