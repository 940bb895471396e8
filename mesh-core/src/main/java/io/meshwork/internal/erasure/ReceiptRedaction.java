package io.meshwork.internal.erasure;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.error.MeshAction;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.event.EventDetails;
import io.meshwork.internal.ledger.CommitDraft;
import io.meshwork.internal.ledger.Ledger;
import io.meshwork.internal.ledger.VersionedDocument;
import io.meshwork.internal.maintenance.MeshInventory;
import io.meshwork.internal.receipts.ReceiptFilters;
import io.meshwork.internal.session.ClientSession;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Removes the filters with a constant of an erasure from receipts, and from staged publishes that
 * an erase ended. A subscription that has not received the change gets the whole table. Its result
 * is the number of documents, at most {@link #MAX_PER_COMMIT}.
 */
record ReceiptRedaction(ClientSession session, ErasureRequest request, FilterConstants constants)
    implements Ledger.Change<Integer> {
  /** A transaction has at most 90 actions, some of which are the log's. */
  static final int MAX_PER_COMMIT = 40;

  @Override
  public MeshAction action() {
    return request.action();
  }

  @Override
  public String partition() {
    return RegistryKeys.partition(request.product());
  }

  @Override
  public CommitDraft<Integer> draft(Ledger.Attempt attempt) {
    Map<VersionedDocument, ObjectNode> redacted = find();
    if (redacted.isEmpty()) {
      return CommitDraft.unchanged(0);
    }
    CommitDraft<Integer> draft =
        CommitDraft.of(
            "receipts.redacted",
            session.principal(),
            MeshInventory.displayName(session, request.product()));
    redacted.forEach(draft::replace);
    return draft.details(new EventDetails.ChangedReceipts(redacted.size())).result(redacted.size());
  }

  /** The documents to change, with what they become. */
  Map<VersionedDocument, ObjectNode> find() {
    Map<VersionedDocument, ObjectNode> redacted = new LinkedHashMap<>();
    for (String prefix : new String[] {RegistryKeys.RECEIPTS, RegistryKeys.STAGED}) {
      for (VersionedDocument stored : session.ledger().list(partition(), prefix)) {
        if (redacted.size() < MAX_PER_COMMIT) {
          ReceiptFilters.without(stored.json(), constants::anyIn)
              .ifPresent(without -> redacted.put(stored, without));
        }
      }
    }
    return redacted;
  }
}
