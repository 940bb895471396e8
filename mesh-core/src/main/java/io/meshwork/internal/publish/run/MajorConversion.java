package io.meshwork.internal.publish.run;

import io.meshwork.contract.Contract;
import io.meshwork.internal.ingest.RowInput;
import io.meshwork.internal.majors.ColumnMap;
import io.meshwork.internal.majors.ColumnMap.Direction;
import io.meshwork.internal.predicate.RowPredicate;
import io.meshwork.internal.vector.VectorBatch;
import java.io.Serializable;
import org.apache.iceberg.Schema;
import org.jspecify.annotations.Nullable;

/**
 * How the rows of the leading major version become those of another, column by column. Immutable.
 *
 * @param direction whether the other one is newer
 * @param leftOut the filter of the rows of the leading one that the other one does not have; null
 *     if it has all
 */
public record MajorConversion(Direction direction, @Nullable String leftOut)
    implements Serializable {
  /**
   * Returns the rows as the other major version has them.
   *
   * @param source the rows as the leading one has them
   * @param from the columns of the leading one
   * @param to the columns of the other one
   */
  public RowInput of(RowInput source, Contract leading, Schema from, Contract other, Schema to) {
    ColumnMap map =
        direction == Direction.TO_NEWER
            ? ColumnMap.of(leading, from, other, to)
            : ColumnMap.of(other, to, leading, from);
    return RowInput.converted(
        source,
        map.conversion(direction, from, to),
        VectorBatch.empty(to),
        leftOut == null ? null : RowPredicate.parse(leftOut, from),
        false);
  }
}
