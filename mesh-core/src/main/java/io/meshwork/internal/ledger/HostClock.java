package io.meshwork.internal.ledger;

import io.meshwork.error.BackendException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.MeshAction;
import io.meshwork.internal.runtime.MeshRuntime;
import io.meshwork.registry.Registry;
import io.meshwork.registry.Registry.Key;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Compares this host's clock with the store's own time, or without one with the newest times in the
 * logs. The time of a log never decreases, so an entry of a host whose clock is ahead counts until
 * that time; and maintenance deletes by the clock. Thread-safe.
 */
public final class HostClock {
  /** The difference above which a commit logs a warning. */
  static final Duration WARNING_SKEW = Duration.ofHours(24);

  /** The difference from the store's own time above which a commit fails. */
  static final Duration MAX_COMMIT_SKEW = Duration.ofDays(7);

  /** The time since the newest known entry above which a commit fails. */
  static final Duration MAX_COMMIT_GAP = Duration.ofDays(730);

  /** The difference from the store's own time above which maintenance fails. */
  static final Duration MAX_MAINTENANCE_SKEW = Duration.ofHours(1);

  /**
   * How long keys and quarantined rows stay, and so the time since the newest known entry above
   * which maintenance fails: on a host that is further ahead, the newest key would look old.
   */
  public static final Duration KEYS_STAY = Duration.ofDays(90);

  /** The time since the newest known entry after which maintenance records the current time. */
  private static final Duration RECORD_TIME_AFTER = Duration.ofDays(30);

  /** The time within which a new mesh folder is written. */
  private static final Duration MAX_CREATION_TIME = Duration.ofMinutes(10);

  private static final Logger LOG = LoggerFactory.getLogger(HostClock.class);
  private static final Key CLOCK = new Key("_mesh", UnloggedDocuments.CLOCK);

  private final Ledger ledger;
  private final Registry registry;
  private final MeshRuntime runtime;
  private volatile @Nullable Instant lastWarning;

  /** The newest time that any log is known to have. */
  private volatile @Nullable Instant newestKnown;

  HostClock(Ledger ledger, Registry registry, MeshRuntime runtime) {
    this.ledger = ledger;
    this.registry = registry;
    this.runtime = runtime;
  }

  /** The time of this host's clock, to the millisecond. */
  public Instant now() {
    return runtime.clock().instant().truncatedTo(ChronoUnit.MILLIS);
  }

  /**
   * The store's own time, if it has one. If this host's clock differs, it is read again, because
   * the last value may be old on a host that was suspended.
   */
  public Optional<Instant> storeTime() {
    Optional<Instant> time = registry.time();
    if (time.isPresent() && differs(now(), time.get(), MAX_MAINTENANCE_SKEW)) {
      registry.read(CLOCK);
      return registry.time();
    }
    return time;
  }

  /**
   * Checks the clock before a commit.
   *
   * @throws BackendException with {@link ErrorCode#CLOCK_SKEWED} if it differs too much
   */
  void checkCommit(MeshAction action, String partition, Ledger.Attempt attempt) {
    Instant now = attempt.clock();
    Optional<Instant> store = storeTime();
    if (store.isPresent()) {
      if (differs(now, store.get(), MAX_COMMIT_SKEW)) {
        throw skewed(action, now, "the store's own time is " + store.get(), SET_CLOCK);
      }
      warn(action, now, store.get(), "the store's own time");
      return;
    }
    Optional<Instant> newest = attempt.headTime();
    if (newest.isPresent() && now.isBefore(newest.get())) {
      warn(action, now, newest.get(), "the time of the newest entry in the log of " + partition);
    } else if (isLongAfterNewestKnown(newest, now)) {
      newest(relatedPartitions(partition))
          .map(this::remember)
          .filter(last -> isLongAfter(last, now, MAX_COMMIT_GAP))
          .ifPresent(
              last -> {
                throw skewed(
                    action,
                    now,
                    "nothing was written to the mesh since " + last,
                    SET_CLOCK + " " + CONFIRM);
              });
    }
  }

  /**
   * Checks the clock before maintenance, which deletes by it.
   *
   * @param partitions all partitions of the mesh
   * @param trusted true if the caller confirms that the clock is right
   * @throws BackendException with {@link ErrorCode#CLOCK_SKEWED} if it differs too much
   */
  public void checkMaintenance(MeshAction action, Collection<String> partitions, boolean trusted) {
    Instant now = now();
    Optional<Instant> store = storeTime();
    if (store.isPresent()) {
      if (differs(now, store.get(), MAX_MAINTENANCE_SKEW)) {
        throw skewed(action, now, "the store's own time is " + store.get(), SET_CLOCK);
      }
      return;
    }
    if (trusted) {
      return;
    }
    newest(partitions.stream().filter(this::usesMeshClock).toList())
        .filter(ahead -> isLongAfter(now, ahead, WARNING_SKEW))
        .ifPresent(
            ahead -> {
              throw skewed(
                  action,
                  now,
                  "the mesh's logs have an entry of " + ahead,
                  "doctor() names it. " + SET_CLOCK + " " + CONFIRM);
            });
    newest(partitions)
        .filter(last -> isLongAfter(last, now, KEYS_STAY))
        .ifPresent(
            last -> {
              throw skewed(
                  action,
                  now,
                  "nothing was written to the mesh since " + last,
                  SET_CLOCK + " " + CONFIRM);
            });
  }

  /**
   * False for the mesh's log while it only has entries of the creation of the mesh, whose times are
   * from the system's clock: the mesh's clock is set later.
   */
  public boolean usesMeshClock(String partition) {
    if (!partition.equals(CLOCK.partition())) {
      return true;
    }
    Optional<Instant> first =
        ledger.readAnyFormat(LogChain.entryKey(partition, 1)).map(LogChain::time);
    return first.isEmpty()
        || headTime(partition)
            .filter(newest -> isLongAfter(first.get(), newest, MAX_CREATION_TIME))
            .isPresent();
  }

  /** Records the current time if nothing was written for long, so that later checks know it. */
  public void recordTime(MeshAction action, Collection<String> partitions) {
    Instant now = now();
    if (newest(partitions).filter(last -> isLongAfter(last, now, RECORD_TIME_AFTER)).isEmpty()) {
      return;
    }
    ledger.commitPrerequisite(
        new Ledger.Change<Boolean>() {
          @Override
          public MeshAction action() {
            return action;
          }

          @Override
          public String partition() {
            return CLOCK.partition();
          }

          @Override
          public boolean recordsTime() {
            return true;
          }

          @Override
          public CommitDraft<Boolean> draft(Ledger.Attempt attempt) {
            CommitDraft<Boolean> draft = CommitDraft.unlogged();
            Optional<VersionedDocument> existing = ledger.read(CLOCK);
            var json = DocumentCodec.document(new ClockDocument(attempt.clock()));
            if (existing.isPresent()) {
              draft.replace(existing.get(), json);
            } else {
              draft.insert(CLOCK, json);
            }
            return draft.result(true);
          }
        },
        ledger.startDeadline());
  }

  /** The time that was confirmed, as the registry stores it. */
  private record ClockDocument(Instant at) {}

  private static final String SET_CLOCK = "Correct this host's clock and run it again.";
  private static final String CONFIRM =
      "If it is right, confirm it once with maintain().trustClock().commit().";

  /** The newest time in the logs of these partitions, or the recorded time. */
  private Optional<Instant> newest(Collection<String> partitions) {
    Stream<Instant> logged = partitions.stream().flatMap(partition -> headTime(partition).stream());
    Stream<Instant> recorded =
        ledger.read(CLOCK).stream()
            .map(stored -> DocumentCodec.of(ClockDocument.class).read(stored).at());
    return Stream.concat(logged, recorded).max(Instant::compareTo);
  }

  /** Empty for a damaged log, which other checks report. */
  private Optional<Instant> headTime(String partition) {
    try {
      return ledger.readAnyFormat(LogChain.headKey(partition)).map(LogChain::time);
    } catch (BackendException e) {
      if (e.retryable()) {
        throw e;
      }
      return Optional.empty();
    }
  }

  /** The partitions that most likely have recent entries. */
  private static List<String> relatedPartitions(String partition) {
    String domain = new Key(partition, LogChain.HEAD).writingDomain();
    return Stream.of(partition, domain, domain + "/@reads", CLOCK.partition(), "_mesh/@reads")
        .distinct()
        .toList();
  }

  private void warn(MeshAction action, Instant now, Instant other, String what) {
    if (!differs(now, other, WARNING_SKEW)) {
      return;
    }
    Instant last = lastWarning;
    if (last == null || differs(now, last, Duration.ofHours(1))) {
      lastWarning = now;
      LOG.warn(
          "{}: this host's clock is at {}, but {} is {}. Correct the clock: commits keep their"
              + " time permanently. doctor() reports log entries with a future time.",
          action,
          now,
          what,
          other);
    }
  }

  private static BackendException skewed(
      MeshAction action, Instant now, String contradiction, String fix) {
    return Failure.of(action)
        .because("this host's clock is at " + now + ", but " + contradiction)
        .fix(fix)
        .lasting(ErrorCode.CLOCK_SKEWED);
  }

  /** True if the second time is more than this duration after the first. */
  private static boolean isLongAfter(Instant first, Instant second, Duration duration) {
    return Duration.between(first, second).compareTo(duration) > 0;
  }

  private static boolean differs(Instant first, Instant second, Duration tolerance) {
    return Duration.between(first, second).abs().compareTo(tolerance) > 0;
  }

  /** Compares with the remembered time, without a read of the store. */
  private boolean isLongAfterNewestKnown(Optional<Instant> newest, Instant now) {
    newest.ifPresent(this::remember);
    Instant last = newestKnown;
    return last == null || isLongAfter(last, now, MAX_COMMIT_GAP);
  }

  private synchronized Instant remember(Instant time) {
    Instant last = newestKnown;
    if (last == null || time.isAfter(last)) {
      newestKnown = time;
    }
    return time;
  }
}
