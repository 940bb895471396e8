package io.meshwork.internal.staging;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.MeshAction;
import io.meshwork.error.OutcomeUnknownException;
import io.meshwork.event.MeshEvent;
import io.meshwork.internal.catalog.DomainEntry;
import io.meshwork.internal.catalog.MajorState.Use;
import io.meshwork.internal.catalog.ProductEntry;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.catalog.VersionEntry;
import io.meshwork.internal.event.EventDetails;
import io.meshwork.internal.ingest.RowInput;
import io.meshwork.internal.ingest.StagedRows;
import io.meshwork.internal.ingest.write.UncommittedFiles;
import io.meshwork.internal.ledger.CommitDraft;
import io.meshwork.internal.ledger.Ledger;
import io.meshwork.internal.ledger.PackedPart;
import io.meshwork.internal.ledger.VersionedDocument;
import io.meshwork.internal.publish.run.MajorTarget;
import io.meshwork.internal.publish.run.PublishContext;
import io.meshwork.internal.publish.run.PublishOptions;
import io.meshwork.internal.publish.run.PublishRun;
import io.meshwork.internal.receipts.PublishReceipts;
import io.meshwork.internal.receipts.PublishRequest;
import io.meshwork.internal.replacement.BaseSnapshot;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.internal.staging.StagedEntry.StagedTerms;
import io.meshwork.internal.table.StagedFiles;
import io.meshwork.internal.table.TableName;
import io.meshwork.product.ProductName;
import io.meshwork.registry.Registry.Key;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Stages the rows of one publish: writes them separately from the rows of the product, then records
 * them in the registry. No rule is evaluated, so that rows that break the contract can be
 * inspected. It runs once. Not thread-safe.
 */
final class StagingRun {
  private final PublishRun run;
  private final PublishContext publish;
  private final ClientSession session;
  private final ProductName product;
  private final PublishOptions options;
  private final MeshAction action;
  private Optional<String> rowsDigest = Optional.empty();

  /** Creates the run from what the publish would have, which is not run. */
  StagingRun(PublishContext publish) {
    this.run = new PublishRun(publish);
    this.publish = publish;
    this.session = publish.session();
    this.product = publish.product();
    this.options = publish.options();
    this.action = publish.action();
  }

  /** Stages the rows; under a key that has staged rows already, returns these. */
  StagedEntry run() {
    checkOptions();
    ProductEntry entry = session.catalog().requireProduct(product, action);
    session.authorizer().requireOwner(product.domain(), action);
    MajorTarget leading = MajorTarget.open(publish, majorOf(entry), options.filter());
    PublishRequest request = run.request(leading);
    Optional<StagedEntry> earlier = earlier(request);
    if (earlier.isPresent()) {
      return earlier.get();
    }
    leading.requireUse();
    run.checkOptions(leading);
    Map<Integer, BaseSnapshot> bases = bases(leading);
    StagedRows rows = write(leading);
    return commit(new Change(request, bases, rows), rows, request);
  }

  /** That under whose key rows are staged, so that a retry finds them; otherwise as a publish. */
  private int majorOf(ProductEntry entry) {
    Optional<Integer> staged =
        Optional.ofNullable(options.major() == null ? options.key() : null)
            .flatMap(key -> session.ledger().read(RegistryKeys.staged(product, key)))
            .map(stored -> StagedFiles.of(stored).major());
    return staged.isPresent() ? staged.get() : options.majorOf(session, entry);
  }

  private void checkOptions() {
    if (publish.rows().taken().isPresent()) {
      throw refused(
          "republish(..) removes rows from the quarantine, which is not staged",
          "Call plan() to see the result, and commit the publish.");
    }
    if (!options.alsoTo().isEmpty() || !options.code().isEmpty()) {
      throw refused(
          "alsoTo(..) and customRule(..) pass code, which is not stored",
          "Call them on promote().");
    }
  }

  private RuntimeException refused(String why, String fix) {
    return Failure.of(action)
        .because(why)
        .state("Nothing was staged.")
        .fix(fix)
        .invalidRequest(ErrorCode.INVALID_ARGUMENT);
  }

  /**
   * The rows that are staged under the key.
   *
   * @throws io.meshwork.error.AlreadyExistsException if something was published under the key,
   *     another request was staged, or an erase removed the rows
   */
  private Optional<StagedEntry> earlier(PublishRequest request) {
    Optional<StagedEntry> staged = session.ledger().read(key(request)).map(StagedEntry::of);
    if (staged.isPresent() && staged.get().erasedBy().isPresent()) {
      throw Failure.of(action)
          .because(
              "the erase "
                  + staged.get().erasedBy().get()
                  + " removed the rows that were staged under the same idempotency key, "
                  + staged.get().files().publishId()
                  + " with fingerprint "
                  + staged.get().fingerprint()
                  + ", and this one has fingerprint "
                  + request.fingerprint())
          .state("Nothing was staged.")
          .fix("Discard it, and stage the rows again without the erased ones.")
          .alreadyExists(ErrorCode.ALREADY_EXISTS);
    }
    if (staged.isEmpty() && PublishReceipts.replay(session, request).isPresent()) {
      throw Failure.of(action)
          .because("its rows were published under the same idempotency key")
          .state("Nothing was staged.")
          .fix("Look at the receipt with publishHistory(..), or use another key.")
          .alreadyExists(ErrorCode.ALREADY_EXISTS);
    }
    if (staged.isPresent() && !staged.get().fingerprint().equals(request.fingerprint())) {
      throw Failure.of(action)
          .because(
              "another request is staged under the same idempotency key, "
                  + staged.get().files().publishId())
          .state("Nothing was staged.")
          .fix("Use another key, or discard what is staged.")
          .alreadyExists(ErrorCode.KEY_REUSED);
    }
    return staged;
  }

  private static Key key(PublishRequest request) {
    return RegistryKeys.staged(request.product(), request.idempotencyKey());
  }

  /** The newest snapshots of the major versions that the publish would write to now. */
  private Map<Integer, BaseSnapshot> bases(MajorTarget leading) {
    Map<Integer, BaseSnapshot> bases = new HashMap<>();
    bases.put(leading.version().major(), BaseSnapshot.of(leading.table()));
    if (!options.only()) {
      for (int major : leading.version().publishedWith()) {
        bases.put(major, BaseSnapshot.of(session.tables().load(TableName.of(product, major))));
      }
    }
    return bases;
  }

  private StagedRows write(MajorTarget leading) {
    try (RowInput source = run.source(leading)) {
      StagedRows rows =
          StagedRows.write(
              source,
              leading.version().contract(),
              leading.table(),
              leading.ingestion().quarantine(),
              publish.files(),
              publish.publishId(),
              session.runtime().clock().instant(),
              run.progress(),
              session.runtime().executor(),
              publish.deadline(),
              action);
      rowsDigest = run.digest(source);
      return rows;
    }
  }

  private StagedEntry commit(Change change, StagedRows rows, PublishRequest request) {
    StagedEntry staged;
    try {
      staged = session.ledger().commit(change, publish.deadline());
    } catch (OutcomeUnknownException e) {
      throw e;
    } catch (RuntimeException e) {
      discard(rows);
      throw e;
    }
    if (!staged.files().publishId().equals(request.publishId())) {
      discard(rows);
    }
    return staged;
  }

  private void discard(StagedRows rows) {
    UncommittedFiles.deleteAll(publish.files(), rows.fitting());
    UncommittedFiles.deleteAll(publish.files(), rows.malformed());
  }

  /** The transaction: the document of the staged publish and the log entry. */
  private final class Change implements Ledger.Change<StagedEntry> {
    private final PublishRequest request;
    private final Map<Integer, BaseSnapshot> bases;
    private final StagedRows rows;

    Change(PublishRequest request, Map<Integer, BaseSnapshot> bases, StagedRows rows) {
      this.request = request;
      this.bases = bases;
      this.rows = rows;
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
    public String idempotencyKey() {
      return request.idempotencyKey();
    }

    @Override
    public Set<Key> fences() {
      return Set.of(RegistryKeys.fence(product, request.publishId()));
    }

    @Override
    public CommitDraft<StagedEntry> draft(Ledger.Attempt attempt) {
      Optional<StagedEntry> earlier = earlier(request);
      if (earlier.isPresent()) {
        return CommitDraft.unchanged(earlier.get());
      }
      DomainEntry owner = session.authorizer().requireOwner(product.domain(), action);
      ProductEntry entry = session.catalog().requireProduct(product, action);
      VersionEntry version =
          session.catalog().requireFor(Use.PUBLISH, product, request.major(), action);
      ObjectNode document =
          StagedEntry.document(
              request,
              version.version(),
              StagedTerms.of(options, rowsDigest),
              bases,
              session.principal(),
              attempt.now(),
              rows);
      checkSize(document);
      StagedEntry staged =
          StagedEntry.of(new VersionedDocument(key(request), document, attempt.id()));
      return CommitDraft.<StagedEntry>of(
              MeshEvent.Type.PRODUCT_STAGED.text(), session.principal(), product.toString())
          .check(owner.stored())
          .check(entry.stored())
          .check(version.majorStored())
          .insert(key(request), document)
          .details(
              new EventDetails.StagedRowCounts(
                  request.publishId(),
                  request.major(),
                  request.intent().mode().text(),
                  StagedFiles.rows(staged.files().fitting()),
                  StagedFiles.rows(staged.files().malformed())))
          .result(staged);
    }

    private void checkSize(ObjectNode document) {
      if (PackedPart.bytes(document) > PackedPart.MAX_BYTES) {
        throw Failure.of(action)
            .because(
                "its rows are in "
                    + (rows.fitting().size() + rows.malformed().size())
                    + " files, more than one document names")
            .state("Nothing was staged.")
            .fix("Stage the rows in parts.")
            .invalidRequest(ErrorCode.LIMIT_EXCEEDED);
      }
    }
  }
}
