package io.meshwork.internal.change;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.card.ProductCard;
import io.meshwork.error.ConflictException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.MeshAction;
import io.meshwork.event.MeshEvent;
import io.meshwork.internal.catalog.FieldIds;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.catalog.VersionEntry;
import io.meshwork.internal.ledger.CommitDraft;
import io.meshwork.internal.ledger.DocumentJson;
import io.meshwork.internal.ledger.Ledger;
import io.meshwork.internal.ledger.VersionedDocument;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.internal.session.ProductDescriptions;
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
  private final ClientSession session;
  private final ProductName product;
  private final Supplier<AmendmentContext> judging;
  private final @Nullable String fingerprint;
  private final Optional<VersionedDocument> mark;
  private final @Nullable String reason;
  private final MeshAction action;

  /**
   * An amendment.
   *
   * @param judging reads and judges anew
   * @param fingerprint of the plan that was looked at; null if none was
   * @param mark the mark that keeps subscriptions away; empty if none was set
   * @param reason why; null if not said
   */
  AmendmentChange(
      ClientSession session,
      ProductName product,
      Supplier<AmendmentContext> judging,
      @Nullable String fingerprint,
      Optional<VersionedDocument> mark,
      @Nullable String reason,
      MeshAction action) {
    this.session = session;
    this.product = product;
    this.judging = judging;
    this.fingerprint = fingerprint;
    this.mark = mark;
    this.reason = reason;
    this.action = action;
  }

  @Override
  public MeshAction action() {
    return action;
  }

  @Override
  public String partition() {
    return RegistryKeys.partition(product);
  }

  @Override
  public CommitDraft<ProductCard> draft(Ledger.Attempt attempt) {
    AmendmentContext amendment = judging.get();
    AmendmentEvaluation judged = amendment.evaluate();
    AmendmentOperation.requireSame(judged, fingerprint, action);
    AmendmentOperation.requireAllowed(judged, action);
    if (amendment.difference().isEmpty()) {
      return CommitDraft.unchanged(ProductDescriptions.of(session, amendment.entry()));
    }
    if (amendment.awaitsSecond()) {
      return proposed(amendment);
    }
    CommitDraft<ProductCard> draft = draft(MeshEvent.PRODUCT_AMENDED, amendment);
    draft.check(amendment.current().contractStored());
    if (amendment.needsNobody()) {
      draft.delete(currentVersion());
    }
    amendment.second().flatMap(SecondApproval::stored).ifPresent(draft::delete);
    amendment.rights().ifPresent(rights -> rest(draft, rights));
    addLogEntry(draft, amendment);
    evolve(draft, amendment, attempt);
    return draft.result(put(draft, amendment));
  }

  private CommitDraft<ProductCard> draft(String event, AmendmentContext amendment) {
    return CommitDraft.<ProductCard>of(event, session.principal(), product.toString())
        .check(amendment.domain().stored())
        .check(amendment.entry().stored());
  }

  /** The first of the two that protect less: it is on record, and no contract changes. */
  private CommitDraft<ProductCard> proposed(AmendmentContext amendment) {
    SecondApproval second = amendment.second().orElseThrow();
    ProductCard unchanged = ProductDescriptions.of(session, amendment.entry());
    if (second.repeated()) {
      return CommitDraft.unchanged(unchanged);
    }
    CommitDraft<ProductCard> draft = draft(MeshEvent.AMENDMENT_PROPOSED, amendment);
    draft.check(amendment.current().majorStored()).check(amendment.current().contractStored());
    second.keep(draft);
    addLogEntry(draft, amendment);
    return draft.result(unchanged);
  }

  /** Rights are as they were looked at: none names a column meanwhile that is dropped. */
  private void rest(CommitDraft<?> draft, AmendmentAccessChange rights) {
    rights
        .policy()
        .ifPresentOrElse(
            draft::check, () -> draft.checkAbsent(RegistryKeys.policy(product.domain())));
  }

  /** The mark, if it is still the one that was set before subscriptions were counted. */
  private VersionedDocument currentVersion() {
    Optional<VersionedDocument> now =
        mark.flatMap(set -> session.ledger().read(set.key()))
            .filter(there -> there.version().equals(mark.orElseThrow().version()));
    return now.orElseThrow(
        () ->
            new ConflictException(
                ErrorCode.CONFLICT,
                "Cannot "
                    + action
                    + ": it was amended by somebody else at the same time. Nothing was changed."
                    + " Look at the plan again."));
  }

  private void addLogEntry(CommitDraft<?> draft, AmendmentContext amendment) {
    draft
        .detail("major", amendment.current().major())
        .detail("contractVersion", amendment.evaluate().version().toString())
        .detail("previousVersion", amendment.current().version().toString())
        .detail("contractFingerprint", amendment.next().fingerprint())
        .detail("verdict", amendment.evaluate().verdict().toString())
        .detail("reasonCode", amendment.difference().reasonCode());
    if (reason != null) {
      draft.detail("reason", reason);
    }
    amendment
        .second()
        .flatMap(SecondApproval::agreedBy)
        .ifPresent(by -> draft.detail("proposedBy", by));
  }

  private void evolve(CommitDraft<?> draft, AmendmentContext amendment, Ledger.Attempt attempt) {
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
      table.setProperties(amendment.filters());
    }
    table.stage(draft);
  }

  private ProductCard put(CommitDraft<?> draft, AmendmentContext amendment) {
    VersionEntry current = amendment.current();
    ContractVersion version = amendment.evaluate().version();
    ObjectNode major = current.majorStored().json().deepCopy();
    VersionEntry.writeMajor(major, current.major(), current.state(), version);
    ObjectNode contract = DocumentJson.create();
    VersionEntry.writeContract(contract, version, amendment.next(), amendment.partitioning());
    FieldIds.write(
        contract, amendment.next(), amendment.nextColumns(), current, amendment.columns());
    draft
        .replace(current.majorStored(), major)
        .insert(RegistryKeys.contract(product, version), contract);
    return ProductDescriptions.amended(
        ProductDescriptions.of(session, amendment.entry()),
        version,
        amendment.next(),
        amendment.partitioning());
  }
}
