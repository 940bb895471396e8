package io.meshwork.maintenance;

import io.meshwork.error.Finding;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What maintenance did, and what it left as it is. Immutable.
 *
 * @param done how much, by partition of the registry: {@code _mesh}, a domain, or {@code
 *     domain/product} in storage names; only what is more than 0
 * @param left what could not be done, why, and what to do about it; empty when all went well
 */
public record Upkeep(SortedMap<String, Map<Work, Long>> done, List<Finding> left) {
  /** Kinds of work that are counted. */
  public enum Work {
    /** Data files whose rows were laid out anew. */
    FILES_COMPACTED,
    /** Data files that hold those rows now. */
    FILES_WRITTEN,
    /** Snapshots that nobody may ask for any more. */
    SNAPSHOTS_EXPIRED,
    /** Files that were deleted, of expired snapshots and of dead processes. */
    FILES_REMOVED,
    /** Their length in bytes, as far as it was known. */
    BYTES_FREED,
    /** Entries of logs that were copied to the archive. */
    ENTRIES_ARCHIVED,
    /** Receipts whose retention was over. */
    RECEIPTS_TRIMMED,
    /** Rows of attempts that nobody asks for any more. */
    ATTEMPTS_TRIMMED,
    /** Reminders of requests that wait or expired, and of grants that end. */
    REMINDERS_SENT,
    /** Notices that had not been delivered before. */
    NOTICES_DELIVERED
  }

  /** Copies what it is given. */
  public Upkeep {
    TreeMap<String, Map<Work, Long>> copy = new TreeMap<>();
    done.forEach((subject, work) -> copy.put(subject, Map.copyOf(work)));
    done = Collections.unmodifiableSortedMap(copy);
    left = List.copyOf(left);
  }

  /** How much was done of a kind in the whole mesh. */
  public long total(Work kind) {
    return done.values().stream().mapToLong(work -> work.getOrDefault(kind, 0L)).sum();
  }

  /** True if nothing was done; something may have been left. */
  public boolean isEmpty() {
    return done.isEmpty();
  }

  /** Collects what is done. One thread. */
  static final class Tally {
    private final TreeMap<String, Map<Work, Long>> done = new TreeMap<>();
    private final java.util.ArrayList<Finding> left;

    Tally(List<Finding> left) {
      this.left = new java.util.ArrayList<>(left);
    }

    void add(String subject, Work kind, long count) {
      if (count > 0) {
        done.computeIfAbsent(subject, absent -> new EnumMap<>(Work.class))
            .merge(kind, count, Long::sum);
      }
    }

    void leave(Finding finding) {
      Due.leave(finding, left);
    }

    Upkeep upkeep() {
      return new Upkeep(done, left);
    }
  }
}
