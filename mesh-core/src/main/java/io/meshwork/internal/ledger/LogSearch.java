package io.meshwork.internal.ledger;

import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.runtime.IdGenerator;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** Finds single entries of a partition's log, whose times never decrease. */
final class LogSearch {
  /**
   * Earlier versions read the clock once for the entry and once more for the ID of its attempt, and
   * a process may pause in between.
   */
  private static final Duration MOST_PAUSE = Duration.ofSeconds(1);

  private final Ledger ledger;
  private final String partition;

  LogSearch(Ledger ledger, String partition) {
    this.ledger = ledger;
    this.partition = partition;
  }

  Optional<VersionedDocument> newest() {
    long last = last();
    return last == 0 ? Optional.empty() : Optional.of(entry(last));
  }

  /** Returns true if the log has the entry of an attempt. */
  boolean holds(String attempt) {
    Optional<Instant> time = IdGenerator.time(attempt);
    Optional<VersionedDocument> entry =
        time.flatMap(until -> newest().flatMap(last -> newest(last, until)));
    // Several entries may have the same time.
    while (entry.isPresent()
        && !LogChain.time(entry.get()).isBefore(time.get().minus(MOST_PAUSE))) {
      if (entry.get().json().path("attempt").asText().equals(attempt)) {
        return true;
      }
      entry = before(entry.get());
    }
    return false;
  }

  /** Returns the newest entry until a time, among an entry and earlier ones. */
  Optional<VersionedDocument> newest(VersionedDocument last, Instant until) {
    VersionedDocument match = last;
    if (!LogChain.time(match).isAfter(until)) {
      return Optional.of(match);
    }
    long high = Ledger.sequence(last);
    long low = 0;
    while (high - low > 1) {
      long middle = (low + high) >>> 1;
      VersionedDocument entry = entry(middle);
      if (LogChain.time(entry).isAfter(until)) {
        high = middle;
      } else {
        low = middle;
        match = entry;
      }
    }
    return low == 0 ? Optional.empty() : Optional.of(match);
  }

  Optional<VersionedDocument> before(VersionedDocument entry) {
    long sequence = Ledger.sequence(entry);
    return sequence <= 1 ? Optional.empty() : Optional.of(entry(sequence - 1));
  }

  /** Returns the sequence of the newest entry; 0 if there is none. */
  long last() {
    return ledger.read(LogChain.headKey(partition)).map(Ledger::sequence).orElse(0L);
  }

  private VersionedDocument entry(long sequence) {
    return ledger
        .read(LogChain.entryKey(partition, sequence))
        .orElseThrow(
            () ->
                Failure.of(MeshAction.of(Verb.READ, "the log of '" + partition + "'"))
                    .because("its entry " + sequence + " is missing, but later entries exist")
                    .fix("Restore the registry from a backup.")
                    .lasting(ErrorCode.REGISTRY_CORRUPT));
  }
}
