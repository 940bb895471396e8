package io.meshwork.change;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.card.ProductCard;
import io.meshwork.error.ConflictException;
import io.meshwork.error.ErrorCode;
import io.meshwork.internal.catalog.Keys;
import io.meshwork.internal.catalog.VersionEntry;
import io.meshwork.internal.ledger.Documents;
import io.meshwork.internal.ledger.Draft;
import io.meshwork.internal.ledger.Ledger;
import io.meshwork.internal.ledger.Stored;
import io.meshwork.internal.session.Cards;
import io.meshwork.internal.session.Session;
import io.meshwork.internal.table.TableDraft;
import io.meshwork.internal.table.TableName;
import io.meshwork.product.ContractVersion;
import io.meshwork.product.ProductName;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The one transaction of an amendment: the new contract version, the major that names it, the
 * pointer of the table if that takes other columns or filters, and the log entry; provided that
 * contract, state, product and owner are those that were judged, and the rows where they were.
 */
final class AmendmentChange implements Ledger.Change<ProductCard> {
  private final Session session;
  private final ProductName product;
  private final Supplier<AmendmentCase> judging;
  private final @Nullable String fingerprint;
  private final Optional<Stored> mark;
  private final @Nullable String reason;
  private final String doing;

  /**
   * An amendment.
   *
   * @param judging reads and judges anew
   * @param fingerprint of the plan that was looked at; null if none was
   * @param mark the mark that keeps subscriptions away; empty if none was set
   * @param reason why; null if not said
   */
  AmendmentChange(
      Session session,
      ProductName product,
      Supplier<AmendmentCase> judging,
      @Nullable String fingerprint,
      Optional<Stored> mark,
      @Nullable String reason,
      String doing) {
    this.session = session;
    this.product = product;
    this.judging = judging;
    this.fingerprint = fingerprint;
    this.mark = mark;
    this.reason = reason;
    this.doing = doing;
  }

  @Override
  public String doing() {
    return doing;
  }

  @Override
  public String partition() {
    return Keys.partition(product);
  }

  @Override
  public Draft<ProductCard> draft(Ledger.Attempt attempt) {
    AmendmentCase amendment = judging.get();
    Judgement judged = amendment.judged();
    Amending.requireSame(judged, fingerprint, doing);
    Amending.requireAllowed(judged, doing);
    if (amendment.difference().isEmpty()) {
      return Draft.settled(Cards.of(session, amendment.entry()));
    }
    Draft<ProductCard> draft = Draft.of("product.amended", session.principal(), product.toString());
    draft
        .check(amendment.domain().stored())
        .check(amendment.entry().stored())
        .check(amendment.current().contractStored());
    if (amendment.needsNobody()) {
      draft.delete(standing());
    }
    tell(draft, amendment);
    evolve(draft, amendment, attempt);
    return draft.result(put(draft, amendment));
  }

  /** The mark, if it is still the one that was set before subscriptions were counted. */
  private Stored standing() {
    Optional<Stored> now =
        mark.flatMap(set -> session.ledger().read(set.key()))
            .filter(there -> there.version().equals(mark.orElseThrow().version()));
    return now.orElseThrow(
        () ->
            new ConflictException(
                ErrorCode.CONFLICT,
                "Cannot "
                    + doing
                    + ": it was amended by somebody else at the same time. Nothing was changed."
                    + " Look at the plan again."));
  }

  private void tell(Draft<?> draft, AmendmentCase amendment) {
    draft
        .detail("major", amendment.current().major())
        .detail("contractVersion", amendment.judged().version().toString())
        .detail("previousVersion", amendment.current().version().toString())
        .detail("contractFingerprint", amendment.next().fingerprint())
        .detail("verdict", amendment.judged().verdict().toString())
        .detail("reasonCode", amendment.difference().reasonCode());
    if (reason != null) {
      draft.detail("reason", reason);
    }
  }

  private void evolve(Draft<?> draft, AmendmentCase amendment, Ledger.Attempt attempt) {
    if (!amendment.concernsTable()) {
      return;
    }
    TableDraft table =
        session.tables().draft(TableName.of(product, amendment.current().major()), attempt);
    amendment.requireAsJudged(table.table());
    amendment
        .tableChange()
        .ifPresent(schema -> table.evolve(schema.schema(), schema.lastColumnId()));
    if (!amendment.filters().isEmpty()) {
      table.say(amendment.filters());
    }
    table.stage(draft);
  }

  private ProductCard put(Draft<?> draft, AmendmentCase amendment) {
    VersionEntry current = amendment.current();
    ContractVersion version = amendment.judged().version();
    ObjectNode major = current.majorStored().json().deepCopy();
    VersionEntry.writeMajor(major, current.major(), current.state(), version);
    ObjectNode contract = Documents.create();
    VersionEntry.writeContract(contract, version, amendment.next(), amendment.partitioning());
    draft.replace(current.majorStored(), major).insert(Keys.contract(product, version), contract);
    return Cards.amended(
        Cards.of(session, amendment.entry()), version, amendment.next(), amendment.partitioning());
  }
}
