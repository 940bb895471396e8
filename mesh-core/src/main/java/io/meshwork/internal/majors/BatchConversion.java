package io.meshwork.internal.majors;

import io.meshwork.internal.majors.ColumnMap.Direction;
import io.meshwork.internal.majors.ColumnPair.Side;
import io.meshwork.internal.rows.DefaultColumn;
import io.meshwork.internal.vector.ListVector;
import io.meshwork.internal.vector.MapVector;
import io.meshwork.internal.vector.StructVector;
import io.meshwork.internal.vector.Vector;
import io.meshwork.internal.vector.VectorBatch;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.apache.iceberg.Schema;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types;
import org.jspecify.annotations.Nullable;

/** Converts batches of one version to the other, column by column. Immutable. */
final class BatchConversion implements UnaryOperator<VectorBatch> {
  private final Schema target;
  private final RecordStep columns;

  private BatchConversion(Schema target, RecordStep columns) {
    this.target = target;
    this.columns = columns;
  }

  static BatchConversion of(
      List<ColumnPair> columns, Direction direction, Schema source, Schema target) {
    return new BatchConversion(
        target, RecordStep.of(columns, direction, source.columns(), target.columns()));
  }

  @Override
  public VectorBatch apply(VectorBatch batch) {
    return new VectorBatch(target, columns.convert(batch.vectors(), null, batch.rows()));
  }

  /** Converts one vector. */
  private interface VectorStep {
    Vector convert(Vector values);

    static VectorStep of(ColumnPair pair, Direction direction, Type source, Type target) {
      if (target.isStructType()) {
        RecordStep fields =
            RecordStep.of(
                pair.parts(),
                direction,
                source.asStructType().fields(),
                target.asStructType().fields());
        return values -> {
          StructVector structs = (StructVector) values;
          return structs.withChildren(fields.convert(structs.children(), structs, structs.size()));
        };
      } else if (target.isListType()) {
        VectorStep elements =
            of(
                pair.parts().get(0),
                direction,
                source.asListType().elementType(),
                target.asListType().elementType());
        return values -> {
          ListVector lists = (ListVector) values;
          return lists.withElements(elements.convert(lists.elements()));
        };
      } else if (target.isMapType()) {
        VectorStep entries =
            of(
                pair.parts().get(0),
                direction,
                source.asMapType().valueType(),
                target.asMapType().valueType());
        return values -> {
          MapVector maps = (MapVector) values;
          return maps.withValues(entries.convert(maps.values()));
        };
      }
      return Objects.requireNonNull(Vector.promotion(source, target))::apply;
    }
  }

  /**
   * Converts the fields of a record.
   *
   * @param fields the target's, in order
   */
  private record RecordStep(List<FieldStep> fields) {
    static RecordStep of(
        List<ColumnPair> pairs,
        Direction direction,
        List<Types.NestedField> sources,
        List<Types.NestedField> targets) {
      List<FieldStep> fields = new ArrayList<>();
      for (Types.NestedField target : targets) {
        fields.add(FieldStep.of(pairs, direction, sources, target));
      }
      return new RecordStep(fields);
    }

    List<Vector> convert(List<Vector> sources, @Nullable StructVector structs, int rows) {
      List<Vector> converted = new ArrayList<>(fields.size());
      for (FieldStep field : fields) {
        converted.add(field.convert(sources, structs, rows));
      }
      return converted;
    }
  }

  /** Produces one field of the target. */
  private interface FieldStep {
    Vector convert(List<Vector> sources, @Nullable StructVector structs, int rows);

    static FieldStep of(
        List<ColumnPair> pairs,
        Direction direction,
        List<Types.NestedField> sources,
        Types.NestedField target) {
      ColumnPair pair = pair(pairs, direction, target.name());
      Side source = pair.source(direction);
      if (source == null) {
        Side filled = Objects.requireNonNull(pair.target(direction));
        DefaultColumn constant = DefaultColumn.of(Objects.requireNonNull(filled.field()), target);
        return (vectors, structs, rows) -> constant.rows(structs, rows);
      }
      int position = position(source, sources);
      VectorStep step = VectorStep.of(pair, direction, sources.get(position).type(), target.type());
      return (vectors, structs, rows) -> step.convert(vectors.get(position));
    }

    private static ColumnPair pair(List<ColumnPair> pairs, Direction direction, String name) {
      for (ColumnPair pair : pairs) {
        Side side = pair.target(direction);
        if (side != null && side.isNamed(name)) {
          return pair;
        }
      }
      throw new IllegalArgumentException("the contract does not have the column " + name);
    }

    private static int position(Side source, List<Types.NestedField> sources) {
      for (int i = 0; i < sources.size(); i++) {
        if (source.isNamed(sources.get(i).name())) {
          return i;
        }
      }
      throw new IllegalArgumentException("the table does not have the column " + source.path());
    }
  }
}
