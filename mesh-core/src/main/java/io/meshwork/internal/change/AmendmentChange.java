package io.meshwork.internal.change;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.card.ProductCard;
import io.meshwork.contract.ServiceLevel;
import io.meshwork.error.MeshAction;
import io.meshwork.event.MeshEvent;
import io.meshwork.internal.card.ProductDescriptions;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.catalog.VersionEntry;
import io.meshwork.internal.event.EventDetails;
import io.meshwork.internal.ledger.CommitDraft;
import io.meshwork.internal.ledger.Ledger;
import io.meshwork.internal.ledger.VersionedDocument;
import io.meshwork.internal.scan.NewestEvent;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.internal.table.TableDraft;
import io.meshwork.internal.table.TableName;
import io.meshwork.product.ContractVersion;
import io.meshwork.product.Principal;
import io.meshwork.product.ProductName;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The registry transaction of an amendment: the new contract version, the major version that
 * references it, the table's pointer if its columns or bloom filters change, and the log entry. It
 * requires that the contract, its state, the product, its owner, and checked rows are unchanged.
 */
final class AmendmentChange implements Ledger.Change<ProductCard> {
  private final ClientSession session;
  private final ProductName product;
  private final Supplier<AmendmentContext> evaluation;
  private final @Nullable String fingerprint;
  private final Optional<VersionedDocument> lock;
  private final @Nullable String reason;
  private final MeshAction action;

  /**
   * Creates the transaction of an amendment.
   *
   * @param evaluation reads the current state and evaluates the amendment
   * @param fingerprint the fingerprint of the plan; null if there is none
   * @param lock the lock that prevents new subscriptions; empty if there is none
   * @param reason the caller's reason; null if none was given
   */
  AmendmentChange(
      ClientSession session,
      ProductName product,
      Supplier<AmendmentContext> evaluation,
      @Nullable String fingerprint,
      Optional<VersionedDocument> lock,
      @Nullable String reason,
      MeshAction action) {
    this.session = session;
    this.product = product;
    this.evaluation = evaluation;
    this.fingerprint = fingerprint;
    this.lock = lock;
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
    AmendmentContext amendment = evaluation.get();
    AmendmentPlan evaluated = amendment.evaluation();
    evaluated.requireSame(fingerprint, action);
    AmendmentOperation.requireAllowed(evaluated, action);
    if (amendment.difference().isEmpty()) {
      return CommitDraft.unchanged(ProductDescriptions.of(session, amendment.entry()));
    }
    if (amendment.awaitsSecondApproval()) {
      return propose(amendment);
    }
    CommitDraft<ProductCard> draft = draft(MeshEvent.Type.PRODUCT_AMENDED.text(), amendment);
    draft.check(amendment.current().contractStored());
    if (amendment.requiresNoSubscriptions()) {
      draft.delete(currentLock());
    }
    amendment.secondApproval().flatMap(SecondApproval::stored).ifPresent(draft::delete);
    amendment.rights().ifPresent(rights -> checkRightsUnchanged(draft, rights));
    addLogEntry(draft, amendment);
    evolveTable(draft, amendment, attempt);
    return draft.result(writeContract(draft, amendment));
  }

  private CommitDraft<ProductCard> draft(String event, AmendmentContext amendment) {
    return CommitDraft.<ProductCard>of(event, session.principal(), product.toString())
        .check(amendment.domain().stored())
        .check(amendment.entry().stored());
  }

  /** Stores the first of two approvals for less protection; the contract does not change. */
  private CommitDraft<ProductCard> propose(AmendmentContext amendment) {
    SecondApproval second = amendment.secondApproval().orElseThrow();
    ProductCard unchanged = ProductDescriptions.of(session, amendment.entry());
    if (second.repeated()) {
      return CommitDraft.unchanged(unchanged);
    }
    CommitDraft<ProductCard> draft =
        draft(MeshEvent.Type.PRODUCT_AMENDMENT_PROPOSED.text(), amendment);
    draft.check(amendment.current().majorStored()).check(amendment.current().contractStored());
    second.store(draft);
    addLogEntry(draft, amendment);
    return draft.result(unchanged);
  }

  /** A concurrent change of rights could refer to a dropped column. */
  private void checkRightsUnchanged(CommitDraft<?> draft, AmendmentAccessChange rights) {
    rights
        .policies()
        .forEach(
            (key, policy) -> policy.ifPresentOrElse(draft::check, () -> draft.checkAbsent(key)));
  }

  /** The lock, if it has not changed since subscriptions were counted. */
  private VersionedDocument currentLock() {
    return lock.flatMap(set -> session.ledger().read(set.key()))
        .filter(current -> current.version().equals(lock.orElseThrow().version()))
        .orElseThrow(() -> AmendmentOperation.amendedConcurrently(action));
  }

  private void addLogEntry(CommitDraft<?> draft, AmendmentContext amendment) {
    draft.details(
        new EventDetails.ContractVersionChange(
            amendment.current().major(),
            amendment.evaluation().version(),
            amendment.current().version(),
            amendment.next().fingerprint(),
            amendment.evaluation().verdict(),
            amendment.difference().reasonCode().name(),
            Optional.ofNullable(reason),
            amendment.secondApproval().flatMap(SecondApproval::approvedBy).map(Principal::toString),
            OptionalInt.empty()));
  }

  private void evolveTable(
      CommitDraft<?> draft, AmendmentContext amendment, Ledger.Attempt attempt) {
    TableName name = TableName.of(product, amendment.current().major());
    ServiceLevel terms = amendment.next().serviceLevel();
    boolean byOther = NewestEvent.isRenamed(amendment.current().contract().serviceLevel(), terms);
    if (!amendment.affectsTable() && !byOther) {
      return;
    }
    TableDraft table = session.tables().draft(name, attempt);
    amendment.requireUnchanged(table.table());
    amendment
        .tableChange()
        .ifPresent(schema -> table.evolve(schema.schema(), schema.lastColumnId()));
    if (!amendment.filters().isEmpty()) {
      table.setProperties(amendment.filters());
    }
    if (byOther && table.table().currentSnapshot() != null) {
      table.setProperties(
          NewestEvent.properties(terms, table.table(), session.files(), attempt.now(), action));
    }
    table.stage(draft);
  }

  private ProductCard writeContract(CommitDraft<?> draft, AmendmentContext amendment) {
    VersionEntry current = amendment.current();
    ContractVersion version = amendment.evaluation().version();
    ObjectNode contract =
        VersionEntry.document(
            version, amendment.next(), amendment.partitioning(), amendment.nextColumns());
    draft
        .replace(current.majorStored(), current.document(current.entry().status().amended(version)))
        .insert(RegistryKeys.contract(product, version), contract);
    amendment.protect(draft);
    return ProductDescriptions.amended(
        ProductDescriptions.of(session, amendment.entry()),
        version,
        amendment.next(),
        amendment.partitioning());
  }
}
