package io.meshwork.internal.scan;

import io.meshwork.internal.columnar.ColumnMatch;
import io.meshwork.internal.columnar.FooterRowGroup;
import io.meshwork.internal.columnar.ParquetReader;
import io.meshwork.internal.columnar.RowMask;
import io.meshwork.internal.columnar.VectorBatch;
import io.meshwork.internal.predicate.Predicate;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.Schema;

/**
 * Which rows are wanted: those that match all of some filters and none of others. Immutable.
 *
 * @param matching filters that must be true
 * @param gone filters of rows that were taken away since; where one is false or unknown, rows stay
 */
public record RowChoice(List<Predicate> matching, List<Predicate> gone) {
  /** All rows. */
  public static final RowChoice ALL = new RowChoice(List.of(), List.of());

  /** Copies both lists. */
  public RowChoice {
    matching = List.copyOf(matching);
    gone = List.copyOf(gone);
  }

  /** Those of this choice that match one filter more. */
  public RowChoice and(Predicate filter) {
    List<Predicate> more = new ArrayList<>(matching);
    more.add(filter);
    return new RowChoice(more, gone);
  }

  /** False only if none of the file's rows is wanted. */
  public boolean mayHold(DataFile file) {
    return matching.stream().allMatch(filter -> filter.mayMatch(file))
        && gone.stream().noneMatch(filter -> filter.certainlyMatchesAll(file));
  }

  boolean isAll() {
    return matching.isEmpty() && gone.isEmpty();
  }

  /** Field ids of the columns that the filters ask. */
  Set<Integer> fieldIds() {
    Set<Integer> ids = new HashSet<>();
    matching.forEach(filter -> ids.addAll(filter.fieldIds()));
    gone.forEach(filter -> ids.addAll(filter.fieldIds()));
    return ids;
  }

  /** False only if none of the group's rows is wanted. */
  boolean mayHold(FooterRowGroup group, Schema columns) {
    return matching.stream()
        .allMatch(filter -> filter.mayMatch(group, columns, ColumnMatch.BY_FIELD_ID));
  }

  /** False only if bloom filters say that none of the group's rows is wanted; reads them. */
  boolean mayHold(ParquetReader file, int group) {
    return matching.stream().allMatch(filter -> filter.mayMatch(file, group));
  }

  /** Numbers of the rows that are wanted, in order. */
  int[] of(VectorBatch batch) {
    RowMask wanted = new RowMask(batch.rows());
    wanted.flip(batch.rows());
    matching.forEach(filter -> wanted.and(filter.matches(batch)));
    gone.forEach(filter -> wanted.andNot(filter.matches(batch)));
    return wanted.numbers();
  }
}
