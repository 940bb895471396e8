package io.meshwork.change;

import io.meshwork.card.ProductCard;
import io.meshwork.contract.Contract;
import io.meshwork.error.ConflictException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Finding;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.error.MeshException;
import io.meshwork.error.OutcomeUnknownException;
import io.meshwork.internal.catalog.Keys;
import io.meshwork.internal.ledger.Draft;
import io.meshwork.internal.ledger.Ledger;
import io.meshwork.internal.ledger.Stored;
import io.meshwork.internal.session.AmendingMark;
import io.meshwork.internal.session.Session;
import io.meshwork.product.ProductName;
import io.meshwork.product.Verdict;
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
 */
record Amending(
    Session session,
    ProductName product,
    @Nullable Integer major,
    UnaryOperator<Contract> change,
    @Nullable String reason,
    String doing) {
  private static final Logger LOG = LoggerFactory.getLogger(Amending.class);

  /** What it would mean, with all who subscribed. */
  Judgement judged() {
    return look(true, present()).judged();
  }

  /**
   * Puts it in force.
   *
   * @param fingerprint of the plan that was looked at; null if none was
   */
  ProductCard commit(@Nullable String fingerprint) {
    PresentRows present = present();
    AmendmentCase first = look(fingerprint != null, present);
    requireSame(first.judged(), fingerprint, doing);
    requireAllowed(first.judged(), doing);
    if (!first.needsNobody()) {
      return commit(fingerprint, Optional.empty(), present);
    }
    Key key = AmendingMark.key(product, first.current().major());
    Stored mark = set(key);
    try {
      return commit(fingerprint, Optional.of(mark), present);
    } catch (OutcomeUnknownException e) {
      throw e;
    } catch (RuntimeException e) {
      takeAway(mark);
      throw e;
    }
  }

  private PresentRows present() {
    return new PresentRows(session, product, doing);
  }

  private ProductCard commit(
      @Nullable String fingerprint, Optional<Stored> mark, PresentRows present) {
    return session
        .ledger()
        .commit(
            new AmendmentChange(
                session,
                product,
                () -> look(fingerprint != null, present),
                fingerprint,
                mark,
                reason,
                doing),
            session.deadline());
  }

  private AmendmentCase look(boolean atConsumers, PresentRows present) {
    return AmendmentCase.of(session, product, major, change, atConsumers, present, doing);
  }

  /**
   * Goes on only if this is what was looked at.
   *
   * @throws ConflictException otherwise
   */
  static void requireSame(Judgement judged, @Nullable String fingerprint, String doing) {
    if (fingerprint != null && !judged.fingerprint().equals(fingerprint)) {
      throw new ConflictException(
          ErrorCode.CONFLICT,
          "Cannot "
              + doing
              + " as planned: this is not the fingerprint of what it would mean now. The contract, its"
              + " table or its subscriptions changed meanwhile, or there was never such a plan."
              + " Nothing was changed. Look at the plan again.",
          false);
    }
  }

  /**
   * Goes on only if nothing stands in the way.
   *
   * @throws InvalidRequestException CHANGE_INCOMPATIBLE otherwise, with each finding
   */
  static void requireAllowed(Judgement judged, String doing) {
    if (judged.isAllowed()) {
      return;
    }
    Finding first = judged.errors().get(0);
    int more = judged.errors().size() - 1;
    String breaks =
        judged.consumers().stream()
            .filter(consumer -> !consumer.isSafe())
            .map(AffectedConsumer::subscription)
            .reduce((some, other) -> some + ", " + other)
            .map(names -> " It would break " + names + ".")
            .orElse("");
    throw new InvalidRequestException(
        ErrorCode.CHANGE_INCOMPATIBLE,
        "Cannot "
            + doing
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
            + first.mend(),
        judged.errors());
  }

  private Stored set(Key key) {
    session
        .ledger()
        .commit(
            new Marking() {
              @Override
              public Draft<Boolean> draft(Ledger.Attempt attempt) {
                Optional<Stored> there = session.ledger().read(key);
                Draft<Boolean> draft = Draft.unlogged();
                if (there.isPresent()) {
                  draft.replace(there.get(), AmendingMark.document(attempt.now()));
                } else {
                  draft.insert(key, AmendingMark.document(attempt.now()));
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
                        + doing
                        + ": it was amended by somebody else at the same time. Nothing was changed."
                        + " Look at the plan again."));
  }

  /** One that stays keeps new subscriptions away for a day at most. */
  private void takeAway(Stored mark) {
    try {
      session
          .ledger()
          .commit(
              new Marking() {
                @Override
                public Draft<Boolean> draft(Ledger.Attempt attempt) {
                  Optional<Stored> there =
                      session
                          .ledger()
                          .read(mark.key())
                          .filter(now -> now.version().equals(mark.version()));
                  return there.isEmpty()
                      ? Draft.settled(false)
                      : Draft.<Boolean>unlogged().delete(there.get()).result(true);
                }
              },
              session.deadline());
    } catch (MeshException e) {
      LOG.warn(
          "{} is over, and new subscriptions are kept away for a day at most: {}",
          doing,
          e.errorCode());
    }
  }

  private abstract class Marking implements Ledger.Change<Boolean> {
    @Override
    public String doing() {
      return Amending.this.doing();
    }

    @Override
    public String partition() {
      return Keys.partition(product);
    }
  }
}
