package io.meshwork.internal.publish.run;

import io.meshwork.internal.ingest.RowIngestion;
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
   */
  public RowInput of(RowInput source, RowIngestion.Target leading, RowIngestion.Target other) {
    RowIngestion.Target older = direction == Direction.TO_NEWER ? leading : other;
    RowIngestion.Target newer = direction == Direction.TO_NEWER ? other : leading;
    ColumnMap map =
        ColumnMap.of(
            older.contract(), older.table().schema(), newer.contract(), newer.table().schema());
    Schema columns = other.table().schema();
    return RowInput.converted(
        source,
        map.conversion(direction, leading.table().schema(), columns),
        VectorBatch.empty(columns),
        leftOut == null ? null : RowPredicate.parse(leftOut, leading.table().schema()),
        false);
  }
}
