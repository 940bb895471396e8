package io.meshwork.internal.ledger;

import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The entries of a log that changed rows, newest first. Does not read what lies between them, such
 * as grants, except in the part of the log that an earlier version of Meshwork wrote. Not
 * thread-safe.
 */
public final class RowChangeEntries implements Iterator<VersionedDocument> {
  private final LogEntries entries;
  private final long logged;
  private @Nullable VersionedDocument next;

  RowChangeEntries(Ledger ledger, String partition, long last) {
    Optional<VersionedDocument> head = ledger.read(LogChain.headKey(partition));
    this.logged = head.map(Ledger::sequence).orElse(0L);
    this.entries = new LogEntries(ledger, partition, 1, Math.min(last, logged), true);
    LogChain.newestRowChange(head).ifPresent(entries::jumpTo);
  }

  /** Returns the number of all entries of the log. */
  public long logged() {
    return logged;
  }

  /**
   * Returns the next entry that matches; empty if none does.
   *
   * @throws io.meshwork.error.BackendException if the store cannot be read
   */
  public Optional<VersionedDocument> find(Predicate<VersionedDocument> condition) {
    while (hasNext()) {
      VersionedDocument entry = next();
      if (condition.test(entry)) {
        return Optional.of(entry);
      }
    }
    return Optional.empty();
  }

  /**
   * Returns true if there is another entry.
   *
   * @throws io.meshwork.error.BackendException if the store cannot be read
   */
  @Override
  public boolean hasNext() {
    while (next == null && entries.hasNext()) {
      VersionedDocument entry = entries.next();
      if (MovedTables.changesRows(entry.json().path("details"))) {
        next = entry;
      }
    }
    return next != null;
  }

  /**
   * Returns the next entry.
   *
   * @throws io.meshwork.error.BackendException if the store cannot be read
   */
  @Override
  public VersionedDocument next() {
    if (!hasNext() || next == null) {
      throw new NoSuchElementException();
    }
    VersionedDocument current = next;
    next = null;
    if (current.json().has("previousRowChange")) {
      entries.jumpTo(current.json().path("previousRowChange").asLong());
    }
    return current;
  }
}
