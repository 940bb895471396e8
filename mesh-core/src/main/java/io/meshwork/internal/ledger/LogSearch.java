package io.meshwork.internal.ledger;

import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import java.time.Instant;
import java.util.Optional;

/** Finds single entries of a partition's log, whose times never decrease. */
final class LogSearch {
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

  /** Returns the newest entry until a time, among an entry and those before it. */
  Optional<VersionedDocument> newest(VersionedDocument last, Instant until) {
    VersionedDocument found = last;
    if (!LogChain.time(found).isAfter(until)) {
      return Optional.of(found);
    }
    long high = sequence(last);
    long low = 0;
    while (high - low > 1) {
      long middle = (low + high) >>> 1;
      VersionedDocument entry = entry(middle);
      if (LogChain.time(entry).isAfter(until)) {
        high = middle;
      } else {
        low = middle;
        found = entry;
      }
    }
    return low == 0 ? Optional.empty() : Optional.of(found);
  }

  Optional<VersionedDocument> before(VersionedDocument entry) {
    long sequence = sequence(entry);
    return sequence <= 1 ? Optional.empty() : Optional.of(entry(sequence - 1));
  }

  /** Returns the sequence of the newest entry; 0 if there is none. */
  long last() {
    return ledger.read(LogChain.headKey(partition)).map(LogSearch::sequence).orElse(0L);
  }

  private static long sequence(VersionedDocument headOrEntry) {
    return headOrEntry.json().path("sequence").asLong();
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
