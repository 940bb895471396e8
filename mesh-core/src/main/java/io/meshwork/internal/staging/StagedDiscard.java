package io.meshwork.internal.staging;

import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.MeshAction;
import io.meshwork.event.MeshEvent;
import io.meshwork.internal.catalog.DomainEntry;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.event.EventDetails;
import io.meshwork.internal.ledger.CommitDraft;
import io.meshwork.internal.ledger.Ledger;
import io.meshwork.internal.session.ClientSession;
import java.util.Optional;

/** Ends a staged publish without publishing its rows. */
final class StagedDiscard implements Ledger.Change<Boolean> {
  private final ClientSession session;
  private final StagedEntry entry;
  private final MeshAction action;

  StagedDiscard(ClientSession session, StagedEntry entry, MeshAction action) {
    this.session = session;
    this.entry = entry;
    this.action = action;
  }

  @Override
  public MeshAction action() {
    return action;
  }

  @Override
  public String partition() {
    return RegistryKeys.partition(entry.product());
  }

  @Override
  public CommitDraft<Boolean> draft(Ledger.Attempt attempt) {
    DomainEntry owner = session.authorizer().requireOwner(entry.product().domain(), action);
    Optional<StagedEntry> now = entry.now(session.ledger());
    if (now.isPresent()) {
      return CommitDraft.<Boolean>of(
              MeshEvent.Type.PRODUCT_UNSTAGED.text(),
              session.principal(),
              entry.product().toString())
          .check(owner.stored())
          .delete(now.get().files().stored())
          .details(
              new EventDetails.UnstagedRows(
                  entry.files().publishId(), entry.files().major(), "discarded"))
          .result(true);
    }
    if (session.ledger().holds(RegistryKeys.receipt(entry.product(), entry.idempotencyKey()))) {
      throw Failure.of(action)
          .because("it was promoted: its key has a receipt")
          .state("Nothing was changed.")
          .fix("Look at the receipt with publishHistory(..); to remove the rows, roll back.")
          .alreadyExists(ErrorCode.ALREADY_EXISTS);
    }
    return CommitDraft.unchanged(false);
  }
}
