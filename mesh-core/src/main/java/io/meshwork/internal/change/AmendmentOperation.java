package io.meshwork.internal.change;

import io.meshwork.card.ProductCard;
import io.meshwork.change.ContractPlan;
import io.meshwork.contract.Contract;
import io.meshwork.error.ConflictException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Finding;
import io.meshwork.error.InvalidRequestException;
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
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Judges a contract that is to follow, and puts it in force. Where that is for products without
 * subscriptions, new ones are kept away first, then they are counted, and then it is committed.
 * Immutable.
 *
 * @param major which one; null for the current one
 * @param change gives the new contract from the one in force
 * @param reason why; null if not said
 * @param said what is meant to be protected less
 */
record AmendmentOperation(
    ClientSession session,
    ProductName product,
    @Nullable Integer major,
    UnaryOperator<Contract> change,
    @Nullable String reason,
    ProtectionReduction.Said said,
    MeshAction action) {
  private static final Logger LOG = LoggerFactory.getLogger(AmendmentOperation.class);

  /** What it would mean, with all who subscribed. */
  AmendmentEvaluation evaluate() {
    return readContext(true, present()).evaluate();
  }

  /**
   * Puts it in force.
   *
   * @param fingerprint of the plan that was looked at; null if none was
   */
  ProductCard commit(@Nullable String fingerprint) {
    ExistingRowsCheck present = present();
    AmendmentContext first = readContext(fingerprint != null, present);
    requireSame(first.evaluate(), fingerprint, action);
    requireAllowed(first.evaluate(), action);
    if (first.awaitsSecond()) {
      LOG.warn(
          "{} would protect less, and holds once another decider of the domain says the same:"
              + " nothing is changed yet",
          action);
    }
    if (!first.needsNobody() || first.awaitsSecond()) {
      return commit(fingerprint, Optional.empty(), present);
    }
    Key key = AmendmentLock.key(product, first.current().major());
    VersionedDocument mark = set(key);
    try {
      return commit(fingerprint, Optional.of(mark), present);
    } catch (OutcomeUnknownException e) {
      throw e;
    } catch (RuntimeException e) {
      takeAway(mark);
      throw e;
    }
  }

  private ExistingRowsCheck present() {
    return new ExistingRowsCheck(session, product, action);
  }

  private ProductCard commit(
      @Nullable String fingerprint, Optional<VersionedDocument> mark, ExistingRowsCheck present) {
    return session
        .ledger()
        .commit(
            new AmendmentChange(
                session,
                product,
                () -> readContext(fingerprint != null, present),
                fingerprint,
                mark,
                reason,
                action),
            session.deadline());
  }

  private AmendmentContext readContext(boolean atConsumers, ExistingRowsCheck present) {
    return AmendmentContext.of(session, this, atConsumers, present);
  }

  /**
   * Goes on only if this is what was looked at.
   *
   * @throws ConflictException otherwise
   */
  static void requireSame(
      AmendmentEvaluation judged, @Nullable String fingerprint, MeshAction action) {
    if (fingerprint != null && !judged.fingerprint().equals(fingerprint)) {
      throw new ConflictException(
          ErrorCode.CONFLICT,
          "Cannot "
              + action
              + " as planned: this is not the fingerprint of what it would mean now. The contract,"
              + " its table or its subscriptions changed meanwhile, or there was never such a plan."
              + " Nothing was changed. Look at the plan again.",
          false);
    }
  }

  /**
   * Goes on only if nothing stands in the way.
   *
   * @throws InvalidRequestException CHANGE_INCOMPATIBLE otherwise, with each finding
   */
  static void requireAllowed(AmendmentEvaluation judged, MeshAction action) {
    if (judged.isAllowed()) {
      return;
    }
    Finding first = judged.errors().get(0);
    int more = judged.errors().size() - 1;
    String breaks =
        judged.consumers().stream()
            .filter(consumer -> !consumer.isSafe())
            .map(ContractPlan.AffectedConsumer::subscription)
            .reduce((some, other) -> some + ", " + other)
            .map(names -> " It would break " + names + ".")
            .orElse("");
    throw new InvalidRequestException(
        ErrorCode.CHANGE_INCOMPATIBLE,
        "Cannot "
            + action
            + judged.before().map(version -> " after version " + version).orElse("")
            + " ("
            + (judged.verdict() == Verdict.MAJOR ? "needs a new major" : judged.verdict())
            + ", mode "
            + judged.mode()
            + "): "
            + first.what()
            + (more > 0 ? " And " + more + " more, see findings()." : "")
            + breaks
            + " Nothing was changed. "
            + first.fix(),
        judged.errors());
  }

  private VersionedDocument set(Key key) {
    session
        .ledger()
        .commit(
            new Marking() {
              @Override
              public CommitDraft<Boolean> draft(Ledger.Attempt attempt) {
                Optional<VersionedDocument> there = session.ledger().read(key);
                CommitDraft<Boolean> draft = CommitDraft.unlogged();
                if (there.isPresent()) {
                  draft.replace(there.get(), AmendmentLock.document(attempt.now()));
                } else {
                  draft.insert(key, AmendmentLock.document(attempt.now()));
                }
                return draft.result(true);
              }
            },
            session.deadline());
    return session
        .ledger()
        .read(key)
        .orElseThrow(
            () ->
                new ConflictException(
                    ErrorCode.CONFLICT,
                    "Cannot "
                        + action
                        + ": it was amended by somebody else at the same time. Nothing was changed."
                        + " Look at the plan again."));
  }

  /** One that stays keeps new subscriptions away for a day at most. */
  private void takeAway(VersionedDocument mark) {
    try {
      session
          .ledger()
          .commit(
              new Marking() {
                @Override
                public CommitDraft<Boolean> draft(Ledger.Attempt attempt) {
                  Optional<VersionedDocument> there =
                      session
                          .ledger()
                          .read(mark.key())
                          .filter(now -> now.version().equals(mark.version()));
                  return there.isEmpty()
                      ? CommitDraft.unchanged(false)
                      : CommitDraft.<Boolean>unlogged().delete(there.get()).result(true);
                }
              },
              session.deadline());
    } catch (MeshException e) {
      LOG.warn(
          "{} is over, and new subscriptions are kept away for a day at most: {}",
          action,
          e.errorCode());
    }
  }

  private abstract class Marking implements Ledger.Change<Boolean> {
    @Override
    public MeshAction action() {
      return AmendmentOperation.this.action();
    }

    @Override
    public String partition() {
      return RegistryKeys.partition(product);
    }
  }
}
