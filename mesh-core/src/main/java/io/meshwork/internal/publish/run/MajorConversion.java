package io.meshwork.internal.publish.run;

import io.meshwork.contract.Contract;
import io.meshwork.error.MeshAction;
import io.meshwork.internal.ingest.RowInput;
import io.meshwork.internal.majors.ColumnMap;
import io.meshwork.internal.majors.ColumnMap.Direction;
import io.meshwork.internal.predicate.RowPredicate;
import io.meshwork.internal.rows.RecordShredders;
import io.meshwork.internal.vector.VectorBatch;
import java.io.Serializable;
import java.util.function.Function;
import org.apache.iceberg.Schema;
import org.jspecify.annotations.Nullable;

/**
 * How rows of the leading major version become rows of another: column by column, or by a mapping
 * of the caller. Immutable; can be sent to a task if the mapping can.
 *
 * @param direction whether the other one is newer
 * @param mapping returns a record of the other one for a record of the leading one; null if its
 *     rows follow from the columns
 * @param leftOut the filter of the rows of the leading one that the other one does not have; null
 *     if it has all
 */
public record MajorConversion(
    Direction direction, @Nullable Function<Object, ?> mapping, @Nullable String leftOut)
    implements Serializable {
  /**
   * Returns the rows as the other major version has them.
   *
   * @param source the rows as the leading one has them
   * @param from the columns of the leading one
   * @param version the contract version of the other one
   * @param to the columns of the other one
   */
  public RowInput of(
      RowInput source,
      Contract leading,
      Schema from,
      String version,
      Contract other,
      Schema to,
      MeshAction action) {
    RowPredicate excluded = leftOut == null ? null : RowPredicate.parse(leftOut, from);
    if (mapping != null) {
      return RowInput.mapped(
          source,
          mapping,
          RecordShredders.forRecords(other.schema(), to, action.on("as version " + version)),
          to,
          version,
          excluded,
          false);
    }
    ColumnMap map =
        direction == Direction.TO_NEWER
            ? ColumnMap.of(leading, from, other, to)
            : ColumnMap.of(other, to, leading, from);
    return RowInput.converted(
        source, map.conversion(direction, from, to), VectorBatch.empty(to), excluded, false);
  }
}
