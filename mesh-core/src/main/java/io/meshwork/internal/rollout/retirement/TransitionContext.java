package io.meshwork.internal.rollout.retirement;

import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.Finding;
import io.meshwork.error.FindingCode;
import io.meshwork.error.MeshAction;
import io.meshwork.internal.catalog.DomainEntry;
import io.meshwork.internal.catalog.MajorState;
import io.meshwork.internal.catalog.MajorState.Use;
import io.meshwork.internal.catalog.ProductEntry;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.catalog.SharedProtection;
import io.meshwork.internal.catalog.VersionEntry;
import io.meshwork.internal.ledger.CommitDraft;
import io.meshwork.internal.ledger.VersionedDocument;
import io.meshwork.internal.rollout.LoggedRollout;
import io.meshwork.internal.rollout.RolloutEntry;
import io.meshwork.internal.rollout.RolloutLog;
import io.meshwork.internal.rollout.StoredRollout;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.product.ProductName;
import io.meshwork.rollout.Rollout.State;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The state that a change of a rollout is based on. Immutable.
 *
 * @param stored the document of the rollout
 * @param from the major version that is replaced, or whose contract is amended
 * @param next the new major version; empty if there is none
 */
public record TransitionContext(
    DomainEntry domain,
    ProductEntry product,
    RolloutEntry rollout,
    VersionedDocument stored,
    VersionEntry from,
    Optional<VersionEntry> next) {
  /**
   * Reads the state of a rollout.
   *
   * @param allowed the states in which the change is possible
   * @throws io.meshwork.error.AccessDeniedException if the caller does not act for the domain
   * @throws io.meshwork.error.ConflictException if the rollout is in another state
   */
  public static TransitionContext of(
      ClientSession session,
      ProductName product,
      int number,
      Set<State> allowed,
      MeshAction action) {
    session.authorizer().requireOwner(product.domain(), action);
    session.catalog().requireProduct(product, action);
    VersionedDocument stored =
        session
            .ledger()
            .read(RegistryKeys.rollout(product, number))
            .orElseThrow(
                () ->
                    Failure.of(action)
                        .because("there is no rollout " + number)
                        .fix("See rollouts().")
                        .notFound(ErrorCode.NOT_FOUND));
    RolloutEntry rollout = RolloutEntry.of(stored);
    requireState(session, rollout, allowed, action);
    return of(session, new StoredRollout(rollout, stored), action);
  }

  /** Reads the state of a rollout for maintenance, which acts for no domain. */
  public static TransitionContext of(
      ClientSession session, StoredRollout stored, MeshAction action) {
    RolloutEntry rollout = stored.entry();
    ProductName product = rollout.product();
    return new TransitionContext(
        session.catalog().requireDomain(product.domain(), action),
        session.catalog().requireProduct(product, action),
        rollout,
        stored.stored(),
        session.catalog().requireFor(Use.DESCRIBE, product, rollout.from(), action),
        rollout.newMajor().stream()
            .mapToObj(to -> session.catalog().requireFor(Use.DESCRIBE, product, to, action))
            .findFirst());
  }

  /**
   * Requires a state.
   *
   * @throws io.meshwork.error.ConflictException if the rollout is in another one
   */
  public static void requireState(
      ClientSession session, RolloutEntry rollout, Set<State> allowed, MeshAction action) {
    if (!allowed.contains(rollout.state())) {
      throw Failure.of(action)
          .because("the rollout is " + rollout.state())
          .fix(NextStep.of(session, rollout))
          .lastingConflict(ErrorCode.STATE_CONFLICT);
    }
  }

  /** The other major versions in use, which prevent the end of the product. */
  public static List<Finding> otherMajors(
      ClientSession session, ProductName product, int ending, MeshAction action) {
    List<Finding> findings = new ArrayList<>();
    for (int major : session.catalog().majors(product)) {
      MajorState state = session.catalog().requireFor(Use.DESCRIBE, product, major, action).state();
      if (major != ending && (state.isLive() || state == MajorState.PREPARED)) {
        findings.add(
            Finding.error(
                FindingCode.OTHER_MAJOR_IN_USE,
                product.toString(),
                "Major version " + major + " is " + state + ".",
                "Retire it, or abort its rollout, first: a product ends with its last major"
                    + " version."));
      }
    }
    return findings;
  }

  /** The new major version. Only for rollouts that have one. */
  public VersionEntry to() {
    return next.orElseThrow();
  }

  /** The same with the major versions in each other's place, to map rows back. */
  public TransitionContext reversed() {
    return new TransitionContext(domain, product, rollout, stored, to(), Optional.of(from));
  }

  /** True if rows are mapped back to the old major version. */
  public boolean isReversed() {
    return from.major() > to().major();
  }

  /** True if the contracts under which rows were copied are still the current ones. */
  public boolean hasContractsOf(TransitionContext earlier) {
    return from.version().equals(earlier.from.version())
        && to().version().equals(earlier.to().version());
  }

  /** What the fingerprint of a plan covers. */
  String basis() {
    return String.join(
        "\n",
        rollout.toString(),
        "current " + product.currentMajor(),
        from.majorStored().json().toString(),
        from.contract().fingerprint(),
        next.map(to -> to.majorStored().json().toString()).orElse(""),
        next.map(to -> to.contract().fingerprint()).orElse(""));
  }

  /**
   * The protection of a major version that the change opens, which from then on holds in all that
   * share rows with it.
   */
  SharedProtection protection(ClientSession session, VersionEntry opened, MeshAction action) {
    return new SharedProtection(
        product.name(),
        opened,
        session.catalog().majorsSharingRows(product.name(), opened.major(), action));
  }

  /**
   * Protects the rows in all major versions once the change opens one.
   *
   * @throws io.meshwork.error.ConflictException if that would leave them without a common purpose
   */
  public void open(
      ClientSession session, VersionEntry opened, CommitDraft<?> draft, MeshAction action) {
    SharedProtection protection = protection(session, opened, action);
    List<Finding> errors = Finding.errors(protection.findingsOfOpening());
    if (!errors.isEmpty()) {
      throw Failure.of(action)
          .because(errors)
          .state("Major version " + opened.major() + " stays " + opened.state() + ".")
          .lastingConflict(ErrorCode.STATE_CONFLICT);
    }
    protection.open(draft);
  }

  /** What the opening of a major version changes in others, and that its reads are suspended. */
  public List<Finding> opening(ClientSession session, VersionEntry opened, MeshAction action) {
    List<Finding> findings =
        new ArrayList<>(protection(session, opened, action).findingsOfOpening());
    session
        .catalog()
        .suspension(product, opened.major())
        .ifPresent(
            suspension ->
                findings.add(
                    new Finding(
                        FindingCode.READS_SUSPENDED,
                        Finding.Severity.WARNING,
                        product.name().toString(),
                        "Reads are suspended since "
                            + suspension.at()
                            + " ("
                            + suspension.because()
                            + "), so that consumers cannot read major version "
                            + opened.major()
                            + " either.",
                        0,
                        List.of(),
                        "Call governance().resumeReads(\""
                            + product.name()
                            + "\") once the rows are correct.")));
    return findings;
  }

  /** Starts the transaction that leaves the rollout in another state. */
  public CommitDraft<RolloutEntry> draft(ClientSession session, RolloutEntry after) {
    return draft(session, after, after.abortedBecause().orElse(after.because()));
  }

  /** Starts the same transaction with another reason in the log. */
  public CommitDraft<RolloutEntry> draft(
      ClientSession session, RolloutEntry after, String because) {
    return draft(session, LoggedRollout.event(after), after, because);
  }

  /** Starts the same transaction with another event. */
  public CommitDraft<RolloutEntry> draft(
      ClientSession session, RolloutLog.Event event, RolloutEntry after, String because) {
    CommitDraft<RolloutEntry> draft =
        LoggedRollout.<RolloutEntry>draft(event, after, because, session.principal())
            .check(domain.stored())
            .check(product.stored())
            .check(from.contractStored());
    next.ifPresent(to -> draft.check(to.contractStored()));
    return draft.replace(stored, after.toDocument(Optional.of(stored))).result(after);
  }
}
