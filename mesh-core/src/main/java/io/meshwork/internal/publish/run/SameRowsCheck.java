package io.meshwork.internal.publish.run;

import io.meshwork.contract.Contract;
import io.meshwork.contract.Rule;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.MeshAction;
import io.meshwork.internal.ingest.HashMultiset;
import io.meshwork.internal.majors.ColumnMap;
import io.meshwork.internal.majors.ColumnMap.Direction;
import io.meshwork.internal.predicate.RowPredicate;
import io.meshwork.internal.replacement.RemovedRows;
import io.meshwork.publish.PublishReceipt.PublishMode;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiPredicate;
import org.apache.iceberg.Schema;
import org.apache.iceberg.types.Types;

/**
 * Requires that a publish to several major versions removes the same rows from each: of rows that
 * two of them share, none loses a row that the other keeps. Rows are compared by the key, or by the
 * columns that both versions have. If a mapping may have changed the values of these columns, the
 * numbers of rows must also be equal, unless the caller gave a filter for one of the versions, or
 * one of them had no rows, or neither keeps any.
 *
 * @param haveMappedRows true for two major versions between which rows were mapped, the older one
 *     first
 */
record SameRowsCheck(
    PublishOptions options, BiPredicate<Integer, Integer> haveMappedRows, MeshAction action) {
  private static final int MAX_HASHES = 4 << 20;

  /** How many remaining rows of one version are searched for in the other. */
  private static final int MAX_COMPARED = 1 << 16;

  /**
   * The hashes of rows that one version removes and the other does not, and how many more of them
   * the leading version keeps than the other; comparable if both have rows with the same hash.
   */
  private static final class Counts {
    private final HashMultiset onlyInLeading = new HashMultiset();
    private final HashMultiset onlyInOther = new HashMultiset();
    private final Map<Long, Long> remaining = new HashMap<>();
    private boolean comparable;
  }

  /**
   * Checks the major versions of a publish.
   *
   * @param majors the leading one first
   * @throws io.meshwork.error.ConflictException if one loses a row that another keeps
   */
  void check(List<MajorWrite> majors) {
    PublishMode mode = options.mode();
    if (mode != PublishMode.ERASE
        && mode != PublishMode.REPLACE_WHERE
        && mode != PublishMode.REPLACE_PARTITIONS) {
      return;
    }
    for (int i = 0; i < majors.size(); i++) {
      for (MajorWrite other : majors.subList(i + 1, majors.size())) {
        check(majors.get(i), other, i == 0);
      }
    }
  }

  /** Compares two of them, since the leading one may lack rows that the others have. */
  private void check(MajorWrite leading, MajorWrite other, boolean leads) {
    RemovedRows removed = leading.removedRows();
    RemovedRows others = other.removedRows();
    boolean mapped = areMapped(leading, other);
    if (!mapped && removed.count() == others.count() && selectsSameRows(leading, other)) {
      return;
    }
    Schema columns = columns(leading, other);
    Counts counts = columns.columns().isEmpty() ? new Counts() : count(removed, others, columns);
    long kept = counts.comparable ? kept(counts) : 0;
    if (mapped && !haveSameKey(leading, other)) {
      if (!isFilterGiven(leading, other)) {
        kept = Math.max(kept, keptAtMost(removed, others));
      }
    } else if (!counts.comparable) {
      kept = keptByNumber(removed, others);
    }
    if (kept > 0) {
      throw differ(kept, leading, other, leads);
    }
  }

  /** True if rows were mapped, so that the same one can have other values in the same columns. */
  private boolean areMapped(MajorWrite leading, MajorWrite other) {
    boolean leadingIsOlder = leading.target().version().major() < other.target().version().major();
    MajorTarget older = (leadingIsOlder ? leading : other).target();
    MajorTarget newer = (leadingIsOlder ? other : leading).target();
    return !ColumnMap.of(
                older.version().contract(),
                older.table().schema(),
                newer.version().contract(),
                newer.table().schema())
            .isTotal(Direction.TO_NEWER)
        || haveMappedRows.test(older.version().major(), newer.version().major());
  }

  /** True if the caller stated which rows of one version are those of the other. */
  private boolean isFilterGiven(MajorWrite leading, MajorWrite other) {
    return options.alsoTo().stream()
        .filter(also -> also.rows() != null)
        .anyMatch(also -> pair(leading, other).contains(also.major()));
  }

  private static Set<Integer> pair(MajorWrite leading, MajorWrite other) {
    return Set.of(leading.target().version().major(), other.target().version().major());
  }

  /** True if one filter on equal columns selects rows that were converted by column. */
  private boolean selectsSameRows(MajorWrite leading, MajorWrite other) {
    Set<Integer> pair = pair(leading, other);
    RowPredicate filter = leading.target().filter();
    RowPredicate others = other.target().filter();
    return filter != null
        && others != null
        && options.alsoTo().stream().noneMatch(also -> pair.contains(also.major()))
        && filter.text().equals(others.text())
        && filter.fieldIds().equals(others.fieldIds())
        && filter.fieldIds().stream()
            .allMatch(
                id ->
                    leading
                        .target()
                        .table()
                        .schema()
                        .findType(id)
                        .equals(other.target().table().schema().findType(id)));
  }

  /** The key of both versions, or else the columns that both have with the same type. */
  private static Schema columns(MajorWrite leading, MajorWrite other) {
    Set<Integer> compared = haveSameKey(leading, other) ? key(leading) : shared(leading, other);
    List<Types.NestedField> columns =
        leading.target().table().schema().columns().stream()
            .filter(field -> compared.contains(field.fieldId()))
            .toList();
    return new Schema(columns);
  }

  private static boolean haveSameKey(MajorWrite leading, MajorWrite other) {
    Set<Integer> key = key(leading);
    return !key.isEmpty() && key.equals(key(other)) && shared(leading, other).containsAll(key);
  }

  private static Set<Integer> shared(MajorWrite leading, MajorWrite other) {
    Set<Integer> shared = new HashSet<>();
    for (Types.NestedField field : leading.target().table().schema().columns()) {
      Types.NestedField its = other.target().table().schema().findField(field.fieldId());
      if (its != null && its.type().equals(field.type())) {
        shared.add(field.fieldId());
      }
    }
    return shared;
  }

  private static Set<Integer> key(MajorWrite write) {
    Contract contract = write.target().version().contract();
    Set<Integer> ids = new HashSet<>();
    contract.enforcedRules().stream()
        .filter(rule -> rule.kind() == Rule.Kind.UNIQUE)
        .findFirst()
        .ifPresent(
            rule ->
                write
                    .target()
                    .table()
                    .schema()
                    .select(rule.columns())
                    .columns()
                    .forEach(field -> ids.add(field.fieldId())));
    return ids;
  }

  private static Counts count(RemovedRows leading, RemovedRows other, Schema columns) {
    Counts counts = new Counts();
    long rows = Math.max(leading.count(), other.count());
    int passes = (int) (rows / MAX_HASHES) + 1;
    for (int i = 0; i < passes; i++) {
      int pass = i;
      HashMultiset one = new HashMultiset();
      HashMultiset two = new HashMultiset();
      leading.hashes(columns, hash -> add(hash, pass, passes, one));
      other.hashes(columns, hash -> add(hash, pass, passes, two));
      int before = counts.onlyInLeading.size();
      one.addMissingFrom(two, counts.onlyInLeading);
      two.addMissingFrom(one, counts.onlyInOther);
      counts.comparable |= counts.onlyInLeading.size() - before < one.size();
    }
    if (counts.onlyInLeading.size() == 0 && counts.onlyInOther.size() == 0) {
      counts.comparable = true;
      return counts;
    }
    counts.onlyInLeading.stream().forEach(hash -> counts.remaining.put(hash, 0L));
    counts.onlyInOther.stream().forEach(hash -> counts.remaining.put(hash, 0L));
    HashMultiset compared = new HashMultiset();
    leading.remainingHashes(
        columns,
        hash -> {
          if (compared.size() < MAX_COMPARED) {
            compared.add(hash);
          }
          if (counts.remaining.computeIfPresent(hash, (any, number) -> number + 1) != null) {
            counts.comparable |= counts.onlyInOther.contains(hash);
          }
        });
    other.remainingHashes(
        columns,
        hash -> {
          counts.comparable = counts.comparable || compared.contains(hash);
          if (counts.remaining.computeIfPresent(hash, (any, number) -> number - 1) != null) {
            counts.comparable |= counts.onlyInLeading.contains(hash);
          }
        });
    return counts;
  }

  private static void add(long hash, int pass, int passes, HashMultiset to) {
    if (Long.remainderUnsigned(hash, passes) == pass) {
      to.add(hash);
    }
  }

  /** The number of rows by which the versions differ afterwards and did not before. */
  private static long kept(Counts counts) {
    Map<Long, Long> removed = new HashMap<>();
    counts.onlyInLeading.stream().forEach(hash -> removed.merge(hash, 1L, Long::sum));
    counts.onlyInOther.stream().forEach(hash -> removed.merge(hash, -1L, Long::sum));
    long kept = 0;
    for (Map.Entry<Long, Long> each : removed.entrySet()) {
      long after = counts.remaining.getOrDefault(each.getKey(), 0L);
      kept += Math.max(0, Math.abs(after) - Math.abs(after + each.getValue()));
    }
    return kept;
  }

  /** How many rows one of them may keep of those that the other loses, if not as many are lost. */
  private static long keptAtMost(RemovedRows leading, RemovedRows other) {
    long less = leading.count() - other.count();
    if (less == 0) {
      return 0;
    }
    RemovedRows more = less > 0 ? leading : other;
    RemovedRows fewer = less > 0 ? other : leading;
    long inFewer = Math.min(Math.abs(less), fewer.remaining());
    return Math.max(inFewer, Math.min(fewer.count(), more.remaining()));
  }

  private static long keptByNumber(RemovedRows leading, RemovedRows other) {
    long after = leading.remaining() - other.remaining();
    return Math.max(0, Math.abs(after) - Math.abs(after + leading.count() - other.count()));
  }

  private RuntimeException differ(long kept, MajorWrite leading, MajorWrite other, boolean leads) {
    int major = other.target().version().major();
    boolean erase = options.mode() == PublishMode.ERASE;
    String call = erase ? "where(" : "alsoTo(";
    String rest = erase ? ", filter)" : ", mapping, filter)";
    return Failure.of(action)
        .because(
            "of the rows that it selects, "
                + leading.removedRows().count()
                + " in major version "
                + leading.target().version().major()
                + " and "
                + other.removedRows().count()
                + " in major version "
                + major
                + ", "
                + kept
                + (kept == 1 ? " is" : " are")
                + " not selected in the other one")
        .state(erase ? "Nothing was erased." : "Nothing was published.")
        .fix(
            "Call "
                + (leads ? "" : call + leading.target().version().major() + rest + " and ")
                + call
                + major
                + rest
                + " with a filter that selects the same rows"
                + (erase ? ", or erase from each version alone with onlyMajorVersion(..)." : "."))
        .lastingConflict(ErrorCode.STATE_CONFLICT);
  }
}
