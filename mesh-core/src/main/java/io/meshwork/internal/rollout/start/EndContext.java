package io.meshwork.internal.rollout.start;

import io.meshwork.card.ProductConsumer;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.Finding;
import io.meshwork.error.FindingCode;
import io.meshwork.error.MeshAction;
import io.meshwork.internal.catalog.DomainEntry;
import io.meshwork.internal.catalog.MajorState;
import io.meshwork.internal.catalog.MajorState.Use;
import io.meshwork.internal.catalog.ProductEntry;
import io.meshwork.internal.catalog.VersionEntry;
import io.meshwork.internal.consumers.SubscriberList;
import io.meshwork.internal.majors.DownstreamProducts;
import io.meshwork.internal.rollout.Differences;
import io.meshwork.internal.rollout.RetirementEntry;
import io.meshwork.internal.rollout.RolloutEntry;
import io.meshwork.internal.rollout.StoredRollout;
import io.meshwork.internal.rollout.retirement.TransitionContext;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.product.MajorVersion;
import io.meshwork.product.ProductName;
import io.meshwork.rollout.ProductEnd;
import io.meshwork.rollout.Rollout.State;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;

/**
 * Reads what the end of a product depends on, and evaluates it. Immutable.
 *
 * @param successor what replaces it, in another product; empty if nothing does
 * @param retireAfter empty for the earliest possible day
 * @param committing commits if the plan still has this fingerprint
 */
record EndContext(
    ClientSession session,
    ProductName product,
    Optional<MajorVersion> successor,
    String because,
    Optional<LocalDate> retireAfter,
    MeshAction action,
    Function<String, ProductEnd> committing) {
  /**
   * Evaluates the end.
   *
   * @throws io.meshwork.error.ConflictException if a rollout from the current major version is not
   *     complete, or the version is not in use
   */
  EvaluatedEnd evaluate() {
    DomainEntry domain = session.authorizer().requireOwner(product.domain(), action);
    ProductEntry entry = session.catalog().requireProduct(product, action);
    VersionEntry current =
        session.catalog().requireFor(Use.DESCRIBE, product, entry.currentMajor(), action);
    requireStartable(current);
    Instant now = session.runtime().clock().instant();
    LocalDate earliest =
        LocalDate.ofInstant(now, ZoneOffset.UTC).plus(current.contract().noticePeriod());
    List<Finding> findings =
        new ArrayList<>(TransitionContext.otherMajors(session, product, current.major(), action));
    retireAfter
        .filter(date -> date.isBefore(earliest))
        .ifPresent(
            date -> findings.add(StartFindings.noticeTooShort(product, current, date, earliest)));
    successor.ifPresent(next -> addSuccessor(next, findings));
    List<ProductConsumer> consumers =
        SubscriberList.affected(session, entry, current.major(), read -> List.of(), action);
    return new EvaluatedEnd(
        domain,
        entry,
        current,
        rollout(current, earliest, now),
        retireAfter.isPresent(),
        consumers,
        DownstreamProducts.of(session, entry, current.major(), columns -> List.of()),
        earliest,
        findings,
        committing);
  }

  private void requireStartable(VersionEntry current) {
    int number = current.rollout().orElse(0);
    if (number > 0) {
      throw conflict(
          "rollout " + number + " from major version " + current.major() + " was started",
          "See rollouts(\"" + product + "\"); its abort() ends it.");
    } else if (current.state() != MajorState.ACTIVE) {
      throw conflict(
          "its current major version " + current.major() + " is " + current.state(),
          "End a product whose current major version is ACTIVE.");
    }
  }

  private RuntimeException conflict(String reason, String fix) {
    return Failure.of(action).because(reason).fix(fix).conflict(ErrorCode.STATE_CONFLICT);
  }

  private void addSuccessor(MajorVersion next, List<Finding> findings) {
    VersionEntry version =
        session.catalog().requireFor(Use.DESCRIBE, next.product(), next.major(), action);
    if (version.state() != MajorState.ACTIVE) {
      findings.add(
          Finding.error(
              FindingCode.SUCCESSOR_NOT_ACTIVE,
              next.product().toString(),
              "Major version "
                  + next.major()
                  + " of "
                  + next.product()
                  + " is "
                  + version.state()
                  + ".",
              "Name a major version that is ACTIVE."));
    }
  }

  private RolloutEntry rollout(VersionEntry current, LocalDate earliest, Instant now) {
    return new RolloutEntry(
        product,
        StoredRollout.nextNumber(session.ledger(), product),
        current.major(),
        OptionalInt.empty(),
        successor,
        current.version(),
        State.PLANNED,
        because,
        retireAfter.orElse(earliest),
        now,
        RolloutEntry.Dates.NONE,
        Differences.NONE,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        RetirementEntry.NONE,
        List.of());
  }
}
