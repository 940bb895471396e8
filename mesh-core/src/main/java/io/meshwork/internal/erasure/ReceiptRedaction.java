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
import io.meshwork.internal.table.StagedFiles;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Removes the filters with a constant of an erasure from receipts, and from staged replacements,
 * which then cannot be promoted. A subscription that has not received the change gets the whole
 * table. Its result is the number of documents, at most {@link #MAX_PER_COMMIT}.
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

  /** Documents to change, with what they become. */
  Map<VersionedDocument, ObjectNode> find() {
    Map<VersionedDocument, ObjectNode> redacted = new LinkedHashMap<>();
    for (String prefix : new String[] {RegistryKeys.RECEIPTS, RegistryKeys.STAGED}) {
      for (VersionedDocument stored : session.ledger().list(partition(), prefix)) {
        if (redacted.size() < MAX_PER_COMMIT) {
          redacted(stored).ifPresent(without -> redacted.put(stored, without));
        }
      }
    }
    return redacted;
  }

  private Optional<ObjectNode> redacted(VersionedDocument stored) {
    return ReceiptFilters.without(stored.json(), constants::anyIn);
  }

  /** The number of all receipts to change. */
  long receipts() {
    return session.ledger().list(partition(), RegistryKeys.RECEIPTS).stream()
        .filter(stored -> redacted(stored).isPresent())
        .count();
  }

  /** The IDs of all staged replacements to change. */
  List<String> staged() {
    return StagedFiles.list(session.ledger(), partition()).stream()
        .filter(staged -> redacted(staged.stored()).isPresent())
        .map(StagedFiles::publishId)
        .toList();
  }
}
