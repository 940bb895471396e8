package io.meshwork.internal.maintenance;

import io.meshwork.error.ErrorCode;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.error.MeshException;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.ledger.CommitDraft;
import io.meshwork.internal.ledger.DocumentCodec;
import io.meshwork.internal.ledger.Ledger;
import io.meshwork.internal.ledger.UnloggedDocuments;
import io.meshwork.internal.ledger.VersionedDocument;
import io.meshwork.internal.runtime.Deadline;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.internal.session.ClientSession.MaintainedDomains;
import io.meshwork.registry.Registry.Key;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.Optional;
import java.util.function.Function;

/**
 * Lets one process at a time operate the domains of an account. It saves work and protects nothing:
 * what it is taken for is safe if two processes do it. So a process that is killed does not free
 * it; it ends at its time. Used by one thread.
 */
final class OperatingLease {
  /** How far ahead the clock of a holder may be; a lease from later is by a wrong clock. */
  private static final Duration CLOCK_TOLERANCE = Duration.ofHours(1);

  /** Less than a day, so that a run at the same time each day is never too early. */
  private static final Duration MAINTAINS_AFTER = Duration.ofHours(23);

  private static final DocumentCodec<StoredLease> CODEC = DocumentCodec.of(StoredLease.class);

  private final ClientSession session;
  private final Optional<Key> place;
  private final String run;
  private final StoredLease lease;

  private OperatingLease(
      ClientSession session, Optional<Key> place, String run, StoredLease lease) {
    this.session = session;
    this.place = place;
    this.run = run;
    this.lease = lease;
  }

  /**
   * Who operates, as the registry stores it.
   *
   * @param holder the ID of the run that took it last
   * @param maintained when the maintenance began that was done last; empty if none was
   */
  private record StoredLease(
      String holder, Instant since, Instant until, Optional<Instant> maintained) {
    boolean isHeldAt(Instant now) {
      return until.isAfter(now) && !since.isAfter(now.plus(CLOCK_TOLERANCE));
    }

    /** Returns this after another one, whose maintenance counts. */
    StoredLease after(Optional<StoredLease> other) {
      return new StoredLease(holder, since, until, other.flatMap(StoredLease::maintained));
    }
  }

  /**
   * Takes the lease until a deadline, unless another process has it. A process that maintains no
   * domain needs none.
   *
   * @throws io.meshwork.error.MeshException if the registry cannot be read or written
   */
  static OperatingLease take(
      ClientSession session, MaintainedDomains maintained, Deadline deadline) {
    Instant now = session.runtime().clock().instant();
    String run = session.runtime().ids().next();
    StoredLease wanted = new StoredLease(run, now, deadline.end(), Optional.empty());
    Optional<Key> place = place(session, maintained);
    if (place.isEmpty()) {
      return new OperatingLease(session, place, run, wanted);
    }
    try {
      StoredLease lease =
          change(
              session,
              place.get(),
              stored ->
                  stored.filter(held -> held.isHeldAt(now)).orElseGet(() -> wanted.after(stored)),
              deadline);
      return new OperatingLease(session, place, run, lease);
    } catch (MeshException e) {
      if (e.errorCode() != ErrorCode.PERMISSION_MISSING) {
        throw e;
      }
      // Such as a role that runs the mirrors alone. What it may do is safe without a lease, and it
      // cannot record that it maintained the mesh, so it does not.
      StoredLease unrecorded = new StoredLease(run, now, deadline.end(), Optional.of(now));
      return new OperatingLease(session, Optional.empty(), run, unrecorded);
    }
  }

  /** Returns true if this process has the lease. */
  boolean isTaken() {
    return lease.holder().equals(run);
  }

  /** Returns until when the process that has the lease may need it. */
  Instant until() {
    return lease.until();
  }

  /** Returns true if the maintenance that is done once a day is due. */
  boolean isMaintenanceDue() {
    return lease
        .maintained()
        .filter(last -> Duration.between(last, lease.since()).abs().compareTo(MAINTAINS_AFTER) < 0)
        .isEmpty();
  }

  /**
   * Ends the lease, unless it ended before and another process took it.
   *
   * @param isMaintained true if this run did the maintenance that is done once a day
   * @throws io.meshwork.error.MeshException as {@link #take}
   */
  void end(boolean isMaintained, Deadline deadline) {
    Optional<Instant> maintained = isMaintained ? Optional.of(lease.since()) : lease.maintained();
    place.ifPresent(
        key ->
            change(
                session,
                key,
                stored ->
                    stored
                        .filter(held -> !held.holder().equals(run))
                        .orElseGet(
                            () -> new StoredLease(run, lease.since(), lease.since(), maintained)),
                deadline));
  }

  /** Returns the partition that each process of the same domains may write, if there are any. */
  private static Optional<Key> place(ClientSession session, MaintainedDomains maintained) {
    Optional<String> partition =
        maintained.includes(RegistryKeys.MESH)
            ? Optional.of(RegistryKeys.MESH)
            : maintained.domains().stream()
                .min(Comparator.naturalOrder())
                .map(session.catalog()::homeConsumerPartition);
    return partition.map(name -> new Key(name, UnloggedDocuments.OPERATING));
  }

  /** Stores what the change returns, if it is not stored already, and returns it. */
  private static StoredLease change(
      ClientSession session,
      Key key,
      Function<Optional<StoredLease>, StoredLease> change,
      Deadline deadline) {
    Ledger ledger = session.ledger();
    return ledger.commit(
        new Ledger.Change<StoredLease>() {
          @Override
          public MeshAction action() {
            return MeshAction.of(Verb.RECORD, "who operates the mesh");
          }

          @Override
          public String partition() {
            return key.partition();
          }

          @Override
          public CommitDraft<StoredLease> draft(Ledger.Attempt attempt) {
            Optional<VersionedDocument> stored = ledger.read(key);
            Optional<StoredLease> before = stored.map(CODEC::read);
            StoredLease after = change.apply(before);
            if (before.equals(Optional.of(after))) {
              return CommitDraft.unchanged(after);
            }
            CommitDraft<StoredLease> draft = CommitDraft.unlogged();
            return (stored.isPresent()
                    ? draft.replace(stored.get(), DocumentCodec.document(after))
                    : draft.insert(key, DocumentCodec.document(after)))
                .result(after);
          }
        },
        deadline);
  }
}
