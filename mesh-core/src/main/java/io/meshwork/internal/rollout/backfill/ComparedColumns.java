package io.meshwork.internal.rollout.backfill;

import io.meshwork.error.MeshAction;
import io.meshwork.internal.majors.ColumnMap;
import io.meshwork.internal.majors.ColumnMap.Direction;
import io.meshwork.internal.rollout.retirement.TransitionContext;
import org.apache.iceberg.Table;

/** Chooses in whose columns the rows of two major versions are compared. */
interface ComparedColumns {
  /**
   * The comparison of two tables.
   *
   * @param context the rollout
   * @param older the table of the old major version
   * @param newer the table of the new major version
   * @throws io.meshwork.error.InvalidRequestException if a mapping is needed
   */
  RowComparison of(TransitionContext context, Table older, Table newer, MeshAction action);

  /**
   * By column, in the direction that needs no mapping. Columns that only one version has are not
   * compared: the rows of the other do not determine their values.
   */
  static ComparedColumns columns() {
    return (context, older, newer, action) -> {
      ColumnMap map =
          ColumnMap.of(
              context.from().contract(), older.schema(), context.to().contract(), newer.schema());
      boolean back = !map.isTotal(Direction.TO_NEWER) && map.isTotal(Direction.TO_OLDER);
      CopiedRecords records = CopiedRecords.converted();
      RowComparison comparison =
          back
              ? new RowComparison(
                  context.reversed(),
                  newer,
                  older,
                  map.common(Direction.TO_OLDER, older.schema()),
                  records,
                  action)
              : new RowComparison(
                  context,
                  older,
                  newer,
                  map.common(Direction.TO_NEWER, newer.schema()),
                  records,
                  action);
      comparison.check();
      return comparison;
    };
  }

  /**
   * By a mapping.
   *
   * @param major the major version whose rows are mapped
   */
  static ComparedColumns mapping(int major, CopiedRecords records) {
    return (context, older, newer, action) ->
        major == context.to().major()
            ? new RowComparison(context.reversed(), newer, older, older.schema(), records, action)
            : new RowComparison(context, older, newer, newer.schema(), records, action);
  }
}
