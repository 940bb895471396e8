package io.meshwork.internal.change;

import io.meshwork.card.ProductCard;
import io.meshwork.card.ProductConsumer;
import io.meshwork.contract.Contract;
import io.meshwork.error.ConflictException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.Finding;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshException;
import io.meshwork.error.OutcomeUnknownException;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.ledger.CommitDraft;
import io.meshwork.internal.ledger.Ledger;
import io.meshwork.internal.ledger.VersionedDocument;
import io.meshwork.internal.session.AmendmentLock;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.product.ContractVersion.Verdict;
import io.meshwork.product.ProductName;
import io.meshwork.registry.Registry.Key;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Evaluates and commits the next contract of a product. If the change requires that the product has
 * no subscriptions, it first sets a lock that prevents new ones, and then counts them. Immutable.
 *
 * @param major the major version; null for the current one
 * @param change returns the new contract for the current one
 * @param reason the caller's reason; null if none was given
 * @param accepted the reductions of protection that the caller accepts
 * @param committing commits if the plan still has this fingerprint
 */
record AmendmentOperation(
    ClientSession session,
    ProductName product,
    @Nullable Integer major,
    UnaryOperator<Contract> change,
    @Nullable String reason,
    ProtectionReduction.AcceptedReductions accepted,
    MeshAction action,
    Function<String, ProductCard> committing) {
  private static final Logger LOG = LoggerFactory.getLogger(AmendmentOperation.class);

  /** The number of errors that a message names. */
  private static final int MAX_NAMED = 5;

  /** Evaluates the change, including all subscriptions. */
  AmendmentPlan evaluate() {
    return readContext(true, existingRows()).evaluation();
  }

  /**
   * Commits the change.
   *
   * @param fingerprint the fingerprint of the plan; null if there is none
   */
  ProductCard commit(@Nullable String fingerprint) {
    ExistingRowsCheck existingRows = existingRows();
    AmendmentContext first = readContext(fingerprint != null, existingRows);
    first.evaluation().requireSame(fingerprint, action);
    requireAllowed(first.evaluation(), action);
    if (first.awaitsSecondApproval()) {
      LOG.warn(
          "{} reduces protection, so another decider of the domain must commit the same contract;"
              + " nothing is changed yet",
          action);
    }
    if (!first.requiresNoSubscriptions() || first.awaitsSecondApproval()) {
      return commit(fingerprint, Optional.empty(), existingRows);
    }
    Key key = AmendmentLock.key(product, first.current().major());
    VersionedDocument lock = lock(key);
    try {
      return commit(fingerprint, Optional.of(lock), existingRows);
    } catch (OutcomeUnknownException e) {
      throw e;
    } catch (RuntimeException e) {
      unlock(lock);
      throw e;
    }
  }

  private ExistingRowsCheck existingRows() {
    return new ExistingRowsCheck(session, product, action);
  }

  private ProductCard commit(
      @Nullable String fingerprint,
      Optional<VersionedDocument> lock,
      ExistingRowsCheck existingRows) {
    return session.commit(
        new AmendmentChange(
            session,
            product,
            () -> readContext(fingerprint != null, existingRows),
            fingerprint,
            lock,
            reason,
            action));
  }

  private AmendmentContext readContext(boolean withConsumers, ExistingRowsCheck existingRows) {
    return AmendmentContext.of(session, this, withConsumers, existingRows);
  }

  /** The failure of an amendment whose lock another one replaced. */
  static ConflictException amendedConcurrently(MeshAction action) {
    return Failure.of(action)
        .because("another session amended it at the same time")
        .fix("Make a new plan, review it, and commit that.")
        .conflict(ErrorCode.CONFLICT);
  }

  /**
   * Checks that an evaluation has no errors.
   *
   * @throws io.meshwork.error.InvalidRequestException CHANGE_INCOMPATIBLE with the errors
   */
  static void requireAllowed(AmendmentPlan evaluation, MeshAction action) {
    if (evaluation.isAllowed()) {
      return;
    }
    String breaks =
        evaluation.consumers().stream()
            .filter(consumer -> !consumer.isSafe())
            .map(ProductConsumer::name)
            .reduce((some, name) -> some + ", " + name)
            .map(names -> " It would break " + names + ".")
            .orElse("");
    String verdict =
        evaluation.verdict() == Verdict.MAJOR
            ? "needs a new major version"
            : evaluation.verdict().toString();
    List<Finding> errors = evaluation.errors();
    throw Failure.of(
            action.on(
                evaluation.before().map(version -> "after version " + version + " ").orElse("")
                    + "("
                    + verdict
                    + ", mode "
                    + evaluation.mode()
                    + ")"))
        .because(named(errors) + breaks)
        .fix(fix(evaluation, errors.get(0)))
        .findings(errors)
        .invalidRequest(ErrorCode.CHANGE_INCOMPATIBLE);
  }

  /** The errors in the order of their weight, each in one sentence. */
  private static String named(List<Finding> errors) {
    return errors.stream().limit(MAX_NAMED).map(Finding::what).collect(Collectors.joining(" "))
        + (errors.size() > MAX_NAMED
            ? " And " + (errors.size() - MAX_NAMED) + " more, see findings()."
            : "");
  }

  /** What to do about the first error; a new major version resolves all of them. */
  private static String fix(AmendmentPlan evaluation, Finding first) {
    return evaluation.verdict() == Verdict.MAJOR
        ? first.fix()
            + (first.fix().isEmpty() ? "" : " ")
            + "For all of these changes, roll out a new major version: startRollout(\""
            + evaluation.product()
            + "\").contract(..).because(..), with renameColumn(old, now) for renamed columns."
        : first.fix();
  }

  private VersionedDocument lock(Key key) {
    commitLock(
        attempt -> {
          Optional<VersionedDocument> existing = session.ledger().read(key);
          CommitDraft<Boolean> draft = CommitDraft.unlogged();
          if (existing.isPresent()) {
            draft.replace(existing.get(), AmendmentLock.document(attempt.now()));
          } else {
            draft.insert(key, AmendmentLock.document(attempt.now()));
          }
          return draft.result(true);
        });
    return session.ledger().read(key).orElseThrow(() -> amendedConcurrently(action));
  }

  /** Removes the lock. If this fails, it expires after a day. */
  private void unlock(VersionedDocument lock) {
    try {
      commitLock(
          attempt -> {
            Optional<VersionedDocument> existing =
                session
                    .ledger()
                    .read(lock.key())
                    .filter(now -> now.version().equals(lock.version()));
            return existing.isEmpty()
                ? CommitDraft.unchanged(false)
                : CommitDraft.<Boolean>unlogged().delete(existing.get()).result(true);
          });
    } catch (MeshException e) {
      LOG.warn(
          "{} failed, and its lock could not be removed: no new subscriptions for up to a day: {}",
          action,
          e.errorCode());
    }
  }

  private void commitLock(Function<Ledger.Attempt, CommitDraft<Boolean>> drafter) {
    session.commit(Ledger.Change.of(action, RegistryKeys.partition(product), drafter));
  }
}
