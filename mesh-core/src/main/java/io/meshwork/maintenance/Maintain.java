package io.meshwork.maintenance;

import io.meshwork.error.Finding;
import io.meshwork.operation.Plan;
import io.meshwork.operation.PlannedOperation;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Compacts small files, expires snapshots, removes what terminated processes left, archives logs,
 * deletes old receipts, quarantined rows, staged rows and rows of attempts, and sends reminders of
 * open requests and ending grants, whatever is due. Run it from a scheduler, about once a day.
 * Publishers, readers and another maintenance may run at the same time. Not thread-safe; commit
 * once. {@code Mesh.maintain()} creates it.
 *
 * <p>On a backend that authenticates principals, such as AWS, a process maintains only the domain
 * that its account acts for. If its account governs the mesh, it also maintains the documents of
 * the mesh as a whole. Elsewhere it maintains all domains.
 *
 * <p>Maintenance is many small commits. If it ends early, what was done stays done, and the next
 * run continues. Nothing is removed that a retained snapshot references, that a reader may request
 * within the retention, or whose writer may still be running.
 */
public interface Maintain extends PlannedOperation<Plan<Maintain.Report>, Maintain.Report> {
  /**
   * Compacts data files smaller than this. Default: 32 MiB.
   *
   * @param bytes at least 1
   */
  Maintain compactFilesBelow(long bytes);

  /**
   * Compacts a partition only if it has at least this many small files next to each other. Default:
   * 5.
   *
   * @param files at least 2
   */
  Maintain compactAtLeast(int files);

  /**
   * Retains a snapshot for this time after it was replaced as the newest, according to the log.
   * Default and minimum: 24 hours. Snapshots that a reader or an active position needs are retained
   * longer.
   */
  Maintain keepSnapshotsFor(Duration time);

  /**
   * Retains receipts, and with them idempotency keys, for this time: a retry after that publishes
   * again. Default: 90 days; at least 1 day.
   */
  Maintain keepReceiptsFor(Duration time);

  /**
   * Retains quarantined rows for this time after they were quarantined. Default: 90 days; at least
   * 1 day. Snapshots of a quarantine expire like a product's.
   */
  Maintain keepQuarantineFor(Duration time);

  /**
   * Retains staged publishes for this time after they were staged; then they are discarded with
   * their rows. Default: 7 days; at least 1 day.
   */
  Maintain keepStagedFor(Duration time);

  /**
   * Sets how many bytes of leftovers are expected in a table. If there are more, and more than a
   * tenth of the table's bytes, nothing of that table is removed, because something else may be
   * wrong. Default: 64 MiB.
   *
   * @param bytes at least 1
   */
  Maintain expectLeftovers(long bytes);

  /**
   * Deletes these files in the folders of tables, which maintenance otherwise retains because this
   * mesh is not known to have written them. The doctor lists them as {@code UNKNOWN_FILES}.
   *
   * @param locations as the doctor names them; {@code plan()} and {@code commit()} throw an {@code
   *     InvalidRequestException} if one is elsewhere, or is referenced, staged, shown by a mirror,
   *     named like a referenced file, or of a process that may be running
   */
  Maintain delete(String... locations);

  /**
   * Trusts this host's clock although nothing was written in the mesh for months, or its logs
   * contain entries of a later time. Call it after you checked the clock, not in a scheduled job.
   * If the store has its own time, that time decides.
   */
  Maintain trustClock();

  /**
   * Sets how long maintenance may take. Default: the mesh's deadline. If a call of a notifier does
   * not return, it waits longer.
   */
  Maintain timeout(Duration limit);

  /**
   * Returns what is due, except notices. Changes nothing.
   *
   * @throws io.meshwork.error.BackendException if the registry or the store cannot be read
   */
  @Override
  Plan<Report> plan();

  /**
   * Does what is due by this host's clock. The clock must be plausible: at most an hour off the
   * store's own time, if the store has one; otherwise at most a day behind the newest entry of all
   * logs and at most 90 days after it.
   *
   * @return what was done, and what could not be done and why
   * @throws io.meshwork.error.BackendException if the registry or the store failed, or the time is
   *     over: what was done stays done, and the next run continues; with {@code CLOCK_SKEWED} if
   *     the clock is not plausible: nothing was done
   * @throws io.meshwork.error.OutcomeUnknownException if the answer to a commit was lost; run it
   *     again
   */
  @Override
  Report commit();

  /**
   * What was due, what was done, and what could not be done. Immutable.
   *
   * @param due what was due when the run began
   * @param done counts by partition of the registry: {@code _mesh}, a domain, or {@code
   *     domain/product} in storage names; or by mirror; only counts above 0
   * @param remaining what could not be done, why, and how to fix it; empty if everything was done
   */
  record Report(
      List<Plan.Step> due, SortedMap<String, Map<Work, Long>> done, List<Finding> remaining) {
    /** What is counted. */
    public enum Work {
      /** Small data files that were compacted. */
      FILES_COMPACTED,
      /** Data files that compaction wrote. */
      FILES_WRITTEN,
      /** Snapshots that expired. */
      SNAPSHOTS_EXPIRED,
      /** Files of expired snapshots and of terminated processes that were deleted. */
      FILES_REMOVED,
      /** Length in bytes of the deleted files whose length was known. */
      BYTES_FREED,
      /** Log entries that were copied to an archive. */
      ENTRIES_ARCHIVED,
      /** Receipts that were deleted after their retention. */
      RECEIPTS_TRIMMED,
      /** Quarantined rows that were deleted after their retention. */
      QUARANTINED_ROWS_REMOVED,
      /** Staged publishes that were discarded after their retention. */
      STAGED_PUBLISHES_EXPIRED,
      /** Registry rows of attempts that were deleted after their retention. */
      ATTEMPTS_TRIMMED,
      /** Reminders of requests that are open or expired, of grants that end, and in rollouts. */
      REMINDERS_SENT,
      /** Major versions that became late, or fresh again. */
      FRESHNESS_CHANGED,
      /** Notices that were delivered. */
      NOTICES_DELIVERED,
      /** Objects of mirrors that were created, changed, removed, or adopted, by {@code operate}. */
      OBJECTS_MIRRORED,
      /** Points of metrics that a monitoring service accepted, by {@code operate}. */
      METRICS_SENT,
      /** Alarms and dashboards that were created, corrected, or removed, by {@code operate}. */
      ALARMS_CHANGED,
      /** Publishes whose quality was written as a line, by {@code operate}. */
      QUALITY_RESULTS_WRITTEN
    }

    public Report {
      due = List.copyOf(due);
      TreeMap<String, Map<Work, Long>> copy = new TreeMap<>();
      done.forEach(
          (subject, work) -> copy.put(subject, Collections.unmodifiableMap(new TreeMap<>(work))));
      done = Collections.unmodifiableSortedMap(copy);
      remaining = List.copyOf(remaining);
    }

    /** Returns the count of one kind over the whole mesh. */
    public long total(Work kind) {
      return done.values().stream().mapToLong(work -> work.getOrDefault(kind, 0L)).sum();
    }

    /** Returns true if nothing was done. {@link #remaining} may still have findings. */
    public boolean isEmpty() {
      return done.isEmpty();
    }
  }
}
