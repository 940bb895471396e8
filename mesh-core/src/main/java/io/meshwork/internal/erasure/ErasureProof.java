package io.meshwork.internal.erasure;

import io.meshwork.error.MeshAction;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.erasure.StoredProof.ErasureCounter;
import io.meshwork.internal.event.EventDetails;
import io.meshwork.internal.ledger.CommitDraft;
import io.meshwork.internal.ledger.Ledger;
import io.meshwork.internal.maintenance.MeshInventory;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.internal.table.TableName;
import io.meshwork.publish.Erase.Proof;
import io.meshwork.publish.PublishReceipt;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;

/**
 * Proves an erasure: reads all retained files within the attempt that records the proof, so that no
 * commit is in between. Its result is empty if rows were found.
 *
 * @param kept how many recorded files were not deleted
 * @param filesOutOfReach sentences about files that may contain the rows
 * @param placesOutOfReach sentences about other places, which are few
 */
record ErasureProof(
    ClientSession session,
    ErasureRequest request,
    ErasureScan scan,
    List<PublishReceipt> erases,
    int kept,
    FirstSentences filesOutOfReach,
    List<String> placesOutOfReach)
    implements Ledger.Change<Optional<Proof>> {
  @Override
  public MeshAction action() {
    return request.action();
  }

  @Override
  public String partition() {
    return RegistryKeys.partition(request.product());
  }

  @Override
  public String idempotencyKey() {
    return request.key();
  }

  @Override
  public CommitDraft<Optional<Proof>> draft(Ledger.Attempt attempt) {
    Optional<Proof> earlier = StoredProof.find(session, request);
    if (earlier.isPresent()) {
      return CommitDraft.unchanged(earlier);
    }
    session.authorizer().requireOwner(request.product().domain(), request.action());
    scan.refreshMajors();
    Set<String> files = new HashSet<>(scan.stagedFiles());
    boolean isFound = !scan.staged().isEmpty();
    for (TableName name : scan.tables()) {
      TableErasure table = scan.scan(name);
      isFound |= !table.holding().isEmpty();
      files.addAll(table.files());
    }
    if (isFound || !new ReceiptRedaction(session, request, scan.constants()).find().isEmpty()) {
      return CommitDraft.unchanged(Optional.empty());
    }
    ErasureFiles records = new ErasureFiles(session, request);
    ErasureFiles.Totals totals = records.totals();
    Map<ErasureCounter, Long> counts = new EnumMap<>(ErasureCounter.class);
    counts.put(ErasureCounter.ROWS_ERASED, erased(PublishReceipt::rowsRemoved));
    counts.put(
        ErasureCounter.QUARANTINED_ROWS_ERASED, erased(PublishReceipt::quarantineRowsRemoved));
    counts.put(ErasureCounter.SNAPSHOTS_EXPIRED, totals.snapshots());
    counts.put(ErasureCounter.FILES_DELETED, totals.files() - kept);
    counts.put(ErasureCounter.FILES_READ, (long) files.size());
    counts.put(ErasureCounter.ROWS_READ, scan.rowsIn(files));
    counts.values().removeIf(count -> count == 0);
    List<String> outOfReach = new ArrayList<>(filesOutOfReach.stated("files"));
    outOfReach.addAll(placesOutOfReach);
    StoredProof proof =
        new StoredProof(
            request.product(),
            request.key(),
            erases.stream().map(PublishReceipt::publishId).toList(),
            counts,
            totals.readers().stated("readers"),
            outOfReach,
            attempt.now());
    CommitDraft<Optional<Proof>> draft =
        CommitDraft.of(
            "product.erasure-proved",
            session.principal(),
            MeshInventory.displayName(session, request.product()));
    draft.insert(RegistryKeys.erasure(request.product(), request.key()), proof.document(request));
    totals.first().forEach(draft::delete);
    if (totals.first().size() < totals.records().size()) {
      draft.onCommitted(() -> records.forget(session.ledger().startDeadline()));
    }
    return draft
        .details(
            new EventDetails.ProvedErasure(
                proof.publishIds().get(0),
                proof.rowsErased(),
                proof.snapshotsExpired(),
                proof.filesDeleted(),
                proof.filesRead(),
                proof.rowsRead(),
                totals.readers().count(),
                filesOutOfReach.count() + placesOutOfReach.size()))
        .result(Optional.of(proof));
  }

  private long erased(ToLongFunction<PublishReceipt> rows) {
    return erases.stream()
        .flatMap(erase -> Stream.concat(Stream.of(erase), erase.otherVersions().stream()))
        .mapToLong(rows)
        .sum();
  }
}
