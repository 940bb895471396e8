package io.meshwork.internal.majors;

import io.meshwork.error.Finding;
import io.meshwork.error.FindingCode;
import io.meshwork.internal.majors.ColumnMap.Direction;
import io.meshwork.internal.majors.ColumnPair.Side;
import io.meshwork.internal.schema.IcebergSchemas;
import io.meshwork.internal.vector.Vector;
import java.util.ArrayList;
import java.util.List;
import org.apache.avro.LogicalType;
import org.apache.avro.Schema;
import org.apache.iceberg.types.Type;

/** Finds the columns of one version that have no value in some rows of the other. Used once. */
final class ColumnGaps {
  private final Direction direction;
  private final List<Finding> gaps = new ArrayList<>();

  ColumnGaps(Direction direction) {
    this.direction = direction;
  }

  List<Finding> of(List<ColumnPair> columns) {
    columns.forEach(this::find);
    return List.copyOf(gaps);
  }

  private void find(ColumnPair pair) {
    Side source = pair.source(direction);
    Side target = pair.target(direction);
    if (target == null) {
      return; // the target does not have the column
    } else if (source == null) {
      findSource(target);
      return;
    }
    if (source.schema().isNullable() && !target.schema().isNullable()) {
      add(
          FindingCode.COLUMN_NULLABLE,
          target,
          "may be null there as '" + source.path() + "', but not here");
    }
    findType(pair, source, target);
  }

  /**
   * A newer version may add a column with a default. An older one was promised real values, so that
   * neither its default nor null replaces a column that the newer version dropped.
   */
  private void findSource(Side target) {
    boolean filled =
        target.schema().isNullable()
            || (target.field() != null && target.field().hasDefaultValue());
    if (direction == Direction.TO_OLDER) {
      add(
          FindingCode.COLUMN_DROPPED,
          target,
          "does not exist there, and its readers expect its values");
    } else if (!filled) {
      add(
          FindingCode.COLUMN_ADDED,
          target,
          "does not exist there, is required, and has no default");
    }
  }

  private void findType(ColumnPair pair, Side source, Side target) {
    Schema from = source.value();
    Schema to = target.value();
    if (isNested(from) || isNested(to)) {
      if (from.getType() == to.getType()) {
        pair.parts().forEach(this::find);
      } else {
        addType(source, target);
      }
    } else if (Vector.promotion(stored(from), stored(to)) == null || isCoarser(from, to)) {
      addType(source, target);
    } else if (to.getType() == Schema.Type.ENUM) {
      findSymbols(source, target);
    }
  }

  private void findSymbols(Side source, Side target) {
    if (source.value().getType() != Schema.Type.ENUM) {
      addType(source, target);
      return;
    }
    List<String> missing = new ArrayList<>(source.value().getEnumSymbols());
    missing.removeAll(target.value().getEnumSymbols());
    if (!missing.isEmpty()) {
      add(
          FindingCode.ENUM_SYMBOLS_MISSING,
          target,
          "does not have the symbols " + missing + " that exist there");
    }
  }

  private void addType(Side source, Side target) {
    add(
        FindingCode.COLUMN_TYPE_DIFFERS,
        target,
        "is "
            + name(target.value())
            + " here and "
            + name(source.value())
            + " there, whose values"
            + " it cannot hold without loss");
  }

  private void add(FindingCode code, Side target, String why) {
    gaps.add(
        Finding.error(
            code,
            target.path(),
            "Column '" + target.path() + "' " + why + ".",
            "Publish both versions with a mapping that computes the column."));
  }

  /** Returns true if the target has a larger unit of time than the source. */
  private static boolean isCoarser(Schema from, Schema to) {
    return name(to).endsWith("-millis") && !name(from).endsWith("-millis");
  }

  private static boolean isNested(Schema schema) {
    return switch (schema.getType()) {
      case RECORD, ARRAY, MAP -> true;
      default -> false;
    };
  }

  private static String name(Schema schema) {
    LogicalType logical = schema.getLogicalType();
    return logical == null ? schema.getType().getName() : logical.getName();
  }

  /** Returns the type in a table. */
  private static Type stored(Schema leaf) {
    Schema single =
        Schema.createRecord(
            "columns", null, null, false, List.of(new Schema.Field("column", leaf)));
    return IcebergSchemas.fromAvro(single).columns().get(0).type();
  }
}
