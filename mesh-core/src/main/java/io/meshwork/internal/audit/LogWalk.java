package io.meshwork.internal.audit;

import io.meshwork.internal.ledger.Ledger;
import io.meshwork.internal.ledger.VersionedDocument;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/**
 * Merges several logs by time, forwards or backwards. Keeps at most a thousand entries of each log
 * in memory. Not thread-safe.
 */
final class LogWalk implements Iterator<VersionedDocument> {
  private static final Comparator<VersionedDocument> OLDEST_FIRST =
      Comparator.comparing(Ledger::time)
          .thenComparing(entry -> entry.key().partition())
          .thenComparingLong(Ledger::sequence);

  private final PriorityQueue<LogCursor> logs;

  private LogWalk(Comparator<VersionedDocument> order) {
    logs = new PriorityQueue<>(Comparator.comparing(LogCursor::head, order));
  }

  /**
   * From the newest entry to the oldest.
   *
   * @param since the earliest time, inclusive; null for the beginning
   */
  static LogWalk newestFirst(
      Ledger ledger, Collection<String> partitions, @Nullable Instant since) {
    LogWalk walk = new LogWalk(OLDEST_FIRST.reversed());
    for (String partition : partitions) {
      walk.add(
          new LogCursor(
              ledger.newestFirst(
                  partition, first(ledger, partition, since), last(ledger, partition))));
    }
    return walk;
  }

  /**
   * From the oldest entry to the newest that exists now.
   *
   * @param since the earliest time, inclusive; null for the beginning
   */
  static LogWalk oldestFirst(
      Ledger ledger, Collection<String> partitions, @Nullable Instant since) {
    LogWalk walk = new LogWalk(OLDEST_FIRST);
    for (String partition : partitions) {
      walk.add(
          new LogCursor(
              ledger.oldestFirst(
                  partition, first(ledger, partition, since), last(ledger, partition))));
    }
    return walk;
  }

  private void add(LogCursor log) {
    if (log.advance()) {
      logs.add(log);
    }
  }

  @Override
  public boolean hasNext() {
    return !logs.isEmpty();
  }

  @Override
  public VersionedDocument next() {
    LogCursor log = logs.poll();
    if (log == null) {
      throw new NoSuchElementException();
    }
    VersionedDocument entry = log.head();
    add(log);
    return entry;
  }

  private static long first(Ledger ledger, String partition, @Nullable Instant since) {
    Optional<VersionedDocument> before =
        since == null || since.equals(Instant.MIN)
            ? Optional.empty()
            : ledger.newestEntry(partition, since.minusNanos(1));
    return before.map(Ledger::sequence).orElse(0L) + 1;
  }

  private static long last(Ledger ledger, String partition) {
    return ledger.newestSequence(partition);
  }

  /** One log with its current entry. */
  private static final class LogCursor {
    private final Iterator<VersionedDocument> entries;
    private @Nullable VersionedDocument head;

    LogCursor(Iterator<VersionedDocument> entries) {
      this.entries = entries;
    }

    /** The current entry; only after {@link #advance} returned true. */
    VersionedDocument head() {
      VersionedDocument entry = head;
      if (entry == null) {
        throw new NoSuchElementException();
      }
      return entry;
    }

    boolean advance() {
      head = entries.hasNext() ? entries.next() : null;
      return head != null;
    }
  }
}
