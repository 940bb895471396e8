package io.meshwork.internal.maintenance;

import io.meshwork.error.Finding;
import io.meshwork.error.Finding.Severity;
import io.meshwork.internal.ledger.HostClock;
import io.meshwork.internal.ledger.PartitionCheck;
import io.meshwork.internal.ledger.VersionedDocument;
import io.meshwork.internal.session.ClientSession;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Looks for entries of the future, and for a clock that differs from the store's. */
final class ClockExamination {
  /** Clocks of well-kept hosts differ by seconds; nothing in the mesh depends on less. */
  private static final Duration TOLERATED = Duration.ofHours(1);

  private final ClientSession session;
  private final HostClock clock;

  ClockExamination(ClientSession session) {
    this.session = session;
    this.clock = session.ledger().clock();
  }

  /** Compares this host's clock with the store's own time, if it has one. */
  void examineHost(List<Finding> findings) {
    Optional<Instant> store = clock.storeTime();
    Instant now = clock.now();
    if (store.isPresent() && Duration.between(store.get(), now).abs().compareTo(TOLERATED) > 0) {
      findings.add(
          warning(
              "CLOCK_WRONG",
              "this host",
              "Its clock says " + now + ", and the store's own time is " + store.get() + ".",
              "Set the clock right; maintenance is refused until then."));
    }
  }

  /** Looks at the newest entry of a log, and in the log only if that is of the future. */
  void examine(String partition, PartitionCheck check, List<Finding> findings) {
    Instant limit = clock.now().plus(TOLERATED);
    if (!clock.usesMeshClock(partition)) {
      return;
    }
    if (check.newest().filter(limit::isBefore).isEmpty()) {
      return;
    }
    long last =
        session.ledger().newestEntry(partition, limit).map(ClockExamination::sequence).orElse(0L);
    findings.add(
        warning(
            "LOG_AHEAD",
            partition + " · log",
            "Its entries from sequence "
                + (last + 1)
                + " on are of "
                + check.newest().get()
                + ", and this host's clock says "
                + clock.now()
                + ": a host whose clock was ahead wrote there, or this one's is behind.",
            "Compare the clocks of all hosts. If the entry is wrong, nothing can fix it: a log is"
                + " never rewritten, and what is committed there carries that time until it has"
                + " come, so freshness and reads as of a time are wrong for that long. A backup"
                + " from before has none of it, nor what came since."));
  }

  private static long sequence(VersionedDocument entry) {
    return entry.json().path("sequence").asLong();
  }

  private static Finding warning(String code, String where, String what, String fix) {
    return new Finding(code, Severity.WARNING, where, what, 0, List.of(), fix);
  }
}
