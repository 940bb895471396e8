package io.meshwork.internal.diagnosis;

import io.meshwork.error.Finding;
import io.meshwork.error.Finding.Severity;
import io.meshwork.error.FindingCode;
import io.meshwork.internal.ledger.HostClock;
import io.meshwork.internal.ledger.Ledger;
import io.meshwork.internal.ledger.PartitionVerification;
import io.meshwork.internal.session.ClientSession;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Finds log entries with a future time, and a host clock that differs from the store's. */
final class ClockExamination {
  /** Synchronized clocks differ by seconds; the mesh does not depend on smaller differences. */
  private static final Duration TOLERANCE = Duration.ofHours(1);

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
    if (store.isPresent() && Duration.between(store.get(), now).abs().compareTo(TOLERANCE) > 0) {
      findings.add(
          warning(
              FindingCode.CLOCK_WRONG,
              "this host",
              "Its clock shows " + now + ", but the store's own time is " + store.get() + ".",
              "Correct the clock; until then, maintenance is rejected."));
    }
  }

  /** Checks the newest entry of a log; reads further entries only if it has a future time. */
  void examine(String partition, PartitionVerification check, List<Finding> findings) {
    Instant limit = clock.now().plus(TOLERANCE);
    if (!clock.usesMeshClock(partition)) {
      return;
    }
    if (check.newest().filter(limit::isBefore).isEmpty()) {
      return;
    }
    long last = session.ledger().newestEntry(partition, limit).map(Ledger::sequence).orElse(0L);
    findings.add(
        warning(
            FindingCode.LOG_AHEAD,
            partition + " · log",
            "Its entries from sequence "
                + (last + 1)
                + " have the time "
                + check.newest().get()
                + ", but this host's clock shows "
                + clock.now()
                + ": a host with a fast clock wrote them, or this host's clock is slow.",
            "Compare the clocks of all hosts. A wrong entry cannot be fixed, because a log is never"
                + " rewritten: until its time has passed, later entries of this log have the same"
                + " time, and freshness and reads as of a time are wrong. An earlier backup has"
                + " neither these entries nor later ones."));
  }

  private static Finding warning(FindingCode code, String where, String what, String fix) {
    return new Finding(code, Severity.WARNING, where, what, 0, List.of(), fix);
  }
}
