package io.meshwork.internal.ingest;

import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.MeshAction;
import io.meshwork.internal.rows.RowNumber;
import io.meshwork.internal.text.Count;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The rows that tasks published in one major version and the publish quarantines because of other
 * rows. Beyond the limit they are only counted: they would fill the heap of the driver. Not
 * thread-safe.
 */
final class QuarantinedRows {
  /** With 8 bytes a row, 32 MB in each major version, and at its end about twice that. */
  static final int MOST = 4_000_000;

  private final int most;
  private final SortedMap<Integer, PartQuarantine> byTask = new TreeMap<>();
  private long size;

  QuarantinedRows(int most) {
    this.most = most;
  }

  /**
   * Adds a row.
   *
   * @param rules IDs of the rules that it breaks
   */
  void add(long number, List<String> rules) {
    size++;
    if (size > most) {
      byTask.clear();
    } else {
      byTask.computeIfAbsent(RowNumber.taskOf(number), PartQuarantine::new).add(number, rules);
    }
  }

  /** The tasks with such rows. */
  Set<Integer> tasks() {
    return new TreeSet<>(byTask.keySet());
  }

  /** The rows of one task. */
  PartQuarantine of(int task) {
    return byTask.getOrDefault(task, new PartQuarantine(task)).finish();
  }

  /**
   * Refuses more rows than the limit.
   *
   * @throws io.meshwork.error.InvalidRequestException if there are more
   */
  void checkLimit(MeshAction action) {
    if (size > most) {
      throw Failure.of(action)
          .because(
              Count.of(size, "row")
                  + " that tasks checked would be quarantined because of other rows; the limit is "
                  + most)
          .state("Nothing was published.")
          .fix(
              "Remove rows with equal keys from the job, and by an anti join those with a key of"
                  + " the table, or publish with MeshClient, which has no such limit.")
          .invalidRequest(ErrorCode.LIMIT_EXCEEDED);
    }
  }
}
