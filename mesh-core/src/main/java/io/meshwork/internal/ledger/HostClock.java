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
 * Compares this host's clock with what else is known of the time: the store's own time, if it has
 * one, and otherwise what others wrote last. A log never goes back in time, so one entry of a host
 * that is ahead stays in force until its time has come; and maintenance deletes by the clock.
 * Thread-safe.
 */
public final class HostClock {
  /** A commit by a host whose clock is further off is warned of. */
  static final Duration WARNED = Duration.ofHours(24);

  /** A commit by a host whose clock is further from the store's own time is refused. */
  static final Duration REFUSED = Duration.ofDays(7);

  /** A commit that is further ahead of all that was written before is refused. */
  static final Duration LONGEST_REST = Duration.ofDays(730);

  /** Maintenance by a host whose clock is further from the store's own time is refused. */
  static final Duration UPKEEP_OFF = Duration.ofHours(1);

  /** Maintenance that is further ahead of all that was written before is refused. */
  static final Duration UPKEEP_REST = Duration.ofDays(120);

  /** Where maintenance writes that so much time has passed indeed, if nobody else writes. */
  private static final Duration NOTED_AFTER = Duration.ofDays(60);

  /** All that makes a folder a mesh is written within that time. */
  private static final Duration MADE_WITHIN = Duration.ofMinutes(10);

  private static final Logger LOG = LoggerFactory.getLogger(HostClock.class);
  private static final Key NOTE = new Key("_mesh", UnloggedDocuments.CLOCK);
  private static final String AT = "at";

  private final Ledger ledger;
  private final Registry registry;
  private final MeshRuntime runtime;
  private volatile @Nullable Instant warned;

  /** The newest instant that a log is known to have: what is written is never unwritten. */
  private volatile @Nullable Instant written;

  HostClock(Ledger ledger, Registry registry, MeshRuntime runtime) {
    this.ledger = ledger;
    this.registry = registry;
    this.runtime = runtime;
  }

  /** What this host's clock says, to the millisecond. */
  public Instant now() {
    return runtime.clock().instant().truncatedTo(ChronoUnit.MILLIS);
  }

  /**
   * The store's own time, if it has one. Where this host's clock differs, it is asked once more, as
   * what it said last may be old on a host that was asleep.
   */
  public Optional<Instant> storeTime() {
    Optional<Instant> known = registry.time();
    if (known.isPresent() && isOff(now(), known.get(), UPKEEP_OFF)) {
      registry.read(NOTE);
      return registry.time();
    }
    return known;
  }

  /**
   * Checks the clock before a commit.
   *
   * @throws BackendException if it is too far off, with {@link ErrorCode#CLOCK_SKEWED}
   */
  void checkCommit(MeshAction action, String partition, Ledger.Attempt attempt) {
    Instant now = attempt.clock();
    Optional<Instant> store = storeTime();
    if (store.isPresent()) {
      if (isOff(now, store.get(), REFUSED)) {
        throw skewed(action, now, "the store's own time is " + store.get(), SET_CLOCK);
      }
      warn(action, now, store.get(), "the store's own time");
      return;
    }
    Optional<Instant> newest = attempt.headTime();
    if (newest.isPresent() && now.isBefore(newest.get())) {
      warn(action, now, newest.get(), "the time of the newest entry in the log of " + partition);
    } else if (isTooLongAfterAllKnown(newest, now)) {
      newest(around(partition))
          .map(this::known)
          .filter(any -> isTooLongAfter(any, now, LONGEST_REST))
          .ifPresent(
              any -> {
                throw skewed(
                    action,
                    now,
                    "nothing was written in the mesh since " + any,
                    SET_CLOCK + " " + CONFIRM);
              });
    }
  }

  /**
   * Checks the clock before maintenance, which deletes by it.
   *
   * @param partitions all of which the mesh consists
   * @param trusting true if somebody says that the clock is right
   * @throws BackendException if it is too far off, with {@link ErrorCode#CLOCK_SKEWED}
   */
  public void checkUpkeep(MeshAction action, Collection<String> partitions, boolean trusting) {
    Instant now = now();
    Optional<Instant> store = storeTime();
    if (store.isPresent()) {
      if (isOff(now, store.get(), UPKEEP_OFF)) {
        throw skewed(action, now, "the store's own time is " + store.get(), SET_CLOCK);
      }
      return;
    }
    if (trusting) {
      return;
    }
    newest(partitions.stream().filter(this::goesByTheClock).toList())
        .filter(ahead -> isTooLongAfter(now, ahead, WARNED))
        .ifPresent(
            ahead -> {
              throw skewed(
                  action,
                  now,
                  "an entry of " + ahead + " is in the mesh's logs",
                  "doctor() says which. " + SET_CLOCK + " " + CONFIRM);
            });
    newest(partitions)
        .filter(last -> isTooLongAfter(last, now, UPKEEP_REST))
        .ifPresent(
            last -> {
              throw skewed(
                  action,
                  now,
                  "nothing was written in the mesh since " + last,
                  SET_CLOCK + " " + CONFIRM);
            });
  }

  /**
   * False of the mesh's own log as long as its newest entry has the time of its first one: it
   * begins when a folder is made, by the system's clock, before it is known by which clock the mesh
   * goes.
   */
  public boolean goesByTheClock(String partition) {
    if (!partition.equals(NOTE.partition())) {
      return true;
    }
    Optional<Instant> first =
        ledger.readAnyFormat(LogChain.entryKey(partition, 1)).map(LogChain::time);
    return first.isEmpty()
        || headTime(partition)
            .filter(newest -> isTooLongAfter(first.get(), newest, MADE_WITHIN))
            .isPresent();
  }

  /** Writes down that so much time has passed, unless others did, so that it is known later. */
  public void note(MeshAction action, Collection<String> partitions) {
    Instant now = now();
    if (newest(partitions).filter(any -> isTooLongAfter(any, now, NOTED_AFTER)).isEmpty()) {
      return;
    }
    ledger.commit(
        new Ledger.Change<Boolean>() {
          @Override
          public MeshAction action() {
            return action;
          }

          @Override
          public String partition() {
            return NOTE.partition();
          }

          @Override
          public boolean settlesTime() {
            return true;
          }

          @Override
          public CommitDraft<Boolean> draft(Ledger.Attempt attempt) {
            CommitDraft<Boolean> draft = CommitDraft.unlogged();
            Optional<VersionedDocument> before = ledger.read(NOTE);
            var json = DocumentJson.create().put(AT, attempt.clock().toString());
            if (before.isPresent()) {
              draft.replace(before.get(), json);
            } else {
              draft.insert(NOTE, json);
            }
            return draft.result(true);
          }
        },
        ledger.startDeadline());
  }

  private static final String SET_CLOCK = "Set this host's clock right and run it again.";
  private static final String CONFIRM =
      "If it is right, say so once: maintain().trustingClock().commit().";

  /** The newest instant that the logs of these partitions know. */
  private Optional<Instant> newest(Collection<String> partitions) {
    Stream<Instant> logged = partitions.stream().flatMap(partition -> headTime(partition).stream());
    Stream<Instant> noted =
        ledger.read(NOTE).stream().map(stored -> Instant.parse(stored.json().path(AT).asText()));
    return Stream.concat(logged, noted).max(Instant::compareTo);
  }

  /** Of a log that is damaged nothing is known; others say what is wrong with it. */
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

  /** Where somebody most likely wrote, if anybody did. */
  private static List<String> around(String partition) {
    String domain = new Key(partition, LogChain.HEAD).writingDomain();
    return Stream.of(partition, domain, domain + "/@reads", NOTE.partition(), "_mesh/@reads")
        .distinct()
        .toList();
  }

  private void warn(MeshAction action, Instant now, Instant other, String what) {
    if (!isOff(now, other, WARNED)) {
      return;
    }
    Instant last = warned;
    if (last == null || isOff(now, last, Duration.ofHours(1))) {
      warned = now;
      LOG.warn(
          "{}: this host's clock says {}, and {} is {}. Set the clock right: what is committed"
              + " carries its time for good. doctor() says whether the log has entries of the"
              + " future.",
          action,
          now,
          what,
          other);
    }
  }

  private static BackendException skewed(
      MeshAction action, Instant now, String other, String what) {
    return Failure.of(action)
        .because("this host's clock says " + now + ", and " + other + ". One of them is wrong")
        .fix(what)
        .lasting(ErrorCode.CLOCK_SKEWED);
  }

  private static boolean isTooLongAfter(Instant one, Instant other, Duration longest) {
    return Duration.between(one, other).compareTo(longest) > 0;
  }

  private static boolean isOff(Instant one, Instant other, Duration most) {
    return Duration.between(one, other).abs().compareTo(most) > 0;
  }

  /** Asks no store: mostly some log is known to have a time that is late enough. */
  private boolean isTooLongAfterAllKnown(Optional<Instant> newest, Instant now) {
    newest.ifPresent(this::known);
    Instant last = written;
    return last == null || isTooLongAfter(last, now, LONGEST_REST);
  }

  private synchronized Instant known(Instant time) {
    Instant last = written;
    if (last == null || time.isAfter(last)) {
      written = time;
    }
    return time;
  }
}
