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
import java.util.Optional;
import java.util.Set;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.Schema;

/**
 * Which rows are wanted: those that the reader sees, as it sees them, that match all of some
 * filters, and that none of others took away. Immutable.
 */
public final class RowChoice {
  /** All rows. */
  public static final RowChoice ALL = new RowChoice(Veil.NONE, List.of(), List.of());

  private final Veil veil;
  private final List<Predicate> matching;
  private final List<Predicate> gone;

  /** Filters by which parts of a table are left out: what is masked is not judged as stored. */
  private final List<Predicate> pruning = new ArrayList<>();

  private RowChoice(Veil veil, List<Predicate> matching, List<Predicate> gone) {
    this.veil = veil;
    this.matching = List.copyOf(matching);
    this.gone = List.copyOf(gone);
    Set<Integer> masked = veil.masked();
    veil.rows().ifPresent(pruning::add);
    matching.forEach(filter -> pruning.add(filter.whatever(masked)));
  }

  /**
   * All rows but those that were taken away since.
   *
   * @param gone filters of what is stored; where one is false or unknown, rows stay
   */
  public static RowChoice without(List<Predicate> gone) {
    return new RowChoice(Veil.NONE, List.of(), gone);
  }

  /** Those of this choice that match one filter more. */
  public RowChoice and(Predicate filter) {
    List<Predicate> more = new ArrayList<>(matching);
    more.add(filter);
    return new RowChoice(veil, more, gone);
  }

  /** Those of this choice that show, and its filters asked of what shows of them. */
  public RowChoice behind(Veil before) {
    return new RowChoice(before, matching, gone);
  }

  /**
   * A filter that is true of all rows that are wanted, and maybe of more, to leave out files by;
   * empty if any row may be wanted.
   */
  public Optional<Predicate> pruning() {
    return pruning.isEmpty() ? Optional.empty() : Optional.of(Predicate.anyOf(List.of(pruning)));
  }

  /** False only if none of the file's rows is wanted. */
  public boolean mayHold(DataFile file) {
    return pruning.stream().allMatch(filter -> filter.mayMatch(file))
        && gone.stream().noneMatch(filter -> filter.certainlyMatchesAll(file));
  }

  boolean isAll() {
    return matching.isEmpty() && gone.isEmpty() && veil.isNone();
  }

  Veil veil() {
    return veil;
  }

  /** The same for a reader of these columns, without what lies before others. */
  RowChoice over(Schema columns) {
    Set<Integer> asked = new HashSet<>();
    matching.forEach(filter -> asked.addAll(filter.fieldIds()));
    return new RowChoice(veil.over(columns, asked), matching, gone);
  }

  /** Field ids of the columns that are asked, by filters and by what does not show. */
  Set<Integer> fieldIds() {
    Set<Integer> ids = veil.fieldIds();
    matching.forEach(filter -> ids.addAll(filter.fieldIds()));
    gone.forEach(filter -> ids.addAll(filter.fieldIds()));
    return ids;
  }

  /** False only if none of the group's rows is wanted. */
  boolean mayHold(FooterRowGroup group, Schema columns) {
    return pruning.stream()
        .allMatch(filter -> filter.mayMatch(group, columns, ColumnMatch.BY_FIELD_ID));
  }

  /** False only if bloom filters say that none of the group's rows is wanted; reads them. */
  boolean mayHold(ParquetReader file, int group) {
    return pruning.stream().allMatch(filter -> filter.mayMatch(file, group));
  }

  /**
   * Numbers of the rows that are wanted, in order.
   *
   * @param stored the rows as they are
   * @param shown the same rows as the reader sees them
   */
  int[] of(VectorBatch stored, VectorBatch shown) {
    RowMask wanted = new RowMask(stored.rows());
    wanted.flip(stored.rows());
    veil.rows().ifPresent(filter -> wanted.and(filter.matches(stored)));
    gone.forEach(filter -> wanted.andNot(filter.matches(stored)));
    matching.forEach(filter -> wanted.and(filter.matches(shown)));
    return wanted.numbers();
  }
}
