package io.meshwork.internal.majors;

import io.meshwork.internal.majors.ColumnMap.Direction;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;

/**
 * A column of two contracts side by side, or the elements of a list, or the values of a map.
 *
 * @param older the older side; null if only the newer contract has the column
 * @param newer the newer side; null if only the older contract has it
 * @param parts the fields of records, the elements of lists, or the values of maps; empty for other
 *     types, or if the two kinds differ
 */
record ColumnPair(@Nullable Side older, @Nullable Side newer, List<ColumnPair> parts) {
  /**
   * One of the two sides.
   *
   * @param path the path, for messages
   * @param schema the type, possibly a union with null
   * @param field the field; null for elements and values
   */
  record Side(String path, Schema schema, Schema.@Nullable Field field) {
    /** Returns the type without null. */
    Schema value() {
      return (schema.isUnion() ? schema.getTypes().stream() : Stream.of(schema))
          .filter(branch -> branch.getType() != Schema.Type.NULL)
          .findFirst()
          .orElse(schema);
    }

    /** Returns true if it is a field with this name. */
    boolean isNamed(String name) {
      return field != null && field.name().equals(name);
    }
  }

  /** Pairs the fields of two records. */
  static List<ColumnPair> fields(
      String olderPrefix,
      Schema older,
      String newerPrefix,
      Schema newer,
      ColumnRenamings renamings) {
    Map<String, String> oldNames = renamings.oldNames(olderPrefix, older, newerPrefix, newer);
    List<ColumnPair> pairs = new ArrayList<>();
    for (Schema.Field field : newer.getFields()) {
      Side now = side(newerPrefix, field);
      String oldName = oldNames.get(field.name());
      pairs.add(
          oldName == null
              ? new ColumnPair(null, now, List.of())
              : of(
                  side(olderPrefix, Objects.requireNonNull(older.getField(oldName))),
                  now,
                  renamings));
    }
    for (Schema.Field field : older.getFields()) {
      if (!oldNames.containsValue(field.name())) {
        pairs.add(new ColumnPair(side(olderPrefix, field), null, List.of()));
      }
    }
    return List.copyOf(pairs);
  }

  private static Side side(String prefix, Schema.Field field) {
    return new Side(prefix + field.name(), field.schema(), field);
  }

  private static ColumnPair of(Side older, Side newer, ColumnRenamings renamings) {
    Schema old = older.value();
    Schema now = newer.value();
    return new ColumnPair(
        older,
        newer,
        old.getType() != now.getType()
            ? List.of()
            : switch (now.getType()) {
              case RECORD -> fields(older.path() + ".", old, newer.path() + ".", now, renamings);
              case ARRAY ->
                  part(older, old.getElementType(), newer, now.getElementType(), "[]", renamings);
              case MAP ->
                  part(older, old.getValueType(), newer, now.getValueType(), "{}", renamings);
              default -> List.of();
            });
  }

  private static List<ColumnPair> part(
      Side older,
      Schema olderPart,
      Side newer,
      Schema newerPart,
      String step,
      ColumnRenamings renamings) {
    return List.of(
        of(
            new Side(older.path() + step, olderPart, null),
            new Side(newer.path() + step, newerPart, null),
            renamings));
  }

  /** Returns the side to read from. */
  @Nullable Side source(Direction direction) {
    return direction == Direction.TO_NEWER ? older : newer;
  }

  /** Returns the side to fill. */
  @Nullable Side target(Direction direction) {
    return direction == Direction.TO_NEWER ? newer : older;
  }
}
