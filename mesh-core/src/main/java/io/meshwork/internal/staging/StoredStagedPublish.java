package io.meshwork.internal.staging;

import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.catalog.MajorState.Use;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.catalog.VersionEntry;
import io.meshwork.internal.ingest.write.UncommittedFiles;
import io.meshwork.internal.materializers.RowMaterializer;
import io.meshwork.internal.materializers.RowMaterializers;
import io.meshwork.internal.scan.ScanBatches;
import io.meshwork.internal.scan.SnapshotScan;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.internal.session.ResolvedProduct;
import io.meshwork.internal.table.StagedFiles;
import io.meshwork.internal.table.StagedFiles.StagedFile;
import io.meshwork.internal.table.TableName;
import io.meshwork.product.ContractVersion;
import io.meshwork.product.Principal;
import io.meshwork.product.ProductName;
import io.meshwork.publish.Publish.StoredRows;
import io.meshwork.publish.PublishReceipt.PublishMode;
import io.meshwork.publish.StagedPublish;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.avro.generic.GenericRecord;
import org.apache.iceberg.Table;
import org.jspecify.annotations.Nullable;

/** A staged publish, as its document was read. */
record StoredStagedPublish(ClientSession session, StagedEntry entry) implements StagedPublish {
  /** The staged publishes of a product, oldest first. */
  static List<StagedPublish> all(ClientSession session, @Nullable CharSequence product) {
    ProductName name =
        ResolvedProduct.forProducer(
            session, product, MeshAction.of(Verb.LIST, "the staged publishes of"));
    MeshAction action = MeshAction.of(Verb.LIST, "the staged publishes of " + name);
    session.checkOpen(action);
    session.catalog().requireProduct(name, action);
    session.authorizer().requireOwner(name.domain(), action);
    return session.ledger().list(RegistryKeys.partition(name), RegistryKeys.STAGED).stream()
        .map(StagedEntry::of)
        .sorted(
            Comparator.comparing((StagedEntry entry) -> entry.files().stagedAt())
                .thenComparing(entry -> entry.files().publishId()))
        .<StagedPublish>map(entry -> new StoredStagedPublish(session, entry))
        .toList();
  }

  @Override
  public String id() {
    return entry.files().publishId();
  }

  @Override
  public String idempotencyKey() {
    return entry.idempotencyKey();
  }

  @Override
  public ProductName product() {
    return entry.product();
  }

  @Override
  public int major() {
    return entry.files().major();
  }

  @Override
  public ContractVersion contractVersion() {
    return entry.contractVersion();
  }

  @Override
  public PublishMode mode() {
    return entry.intent().mode();
  }

  @Override
  public Optional<String> scope() {
    return entry.intent().scope();
  }

  @Override
  public Instant stagedAt() {
    return entry.files().stagedAt();
  }

  @Override
  public Principal stagedBy() {
    return entry.by();
  }

  @Override
  public long rowCount() {
    return StagedFiles.rows(entry.files().fitting());
  }

  @Override
  public long invalidRowCount() {
    return StagedFiles.rows(entry.files().malformed());
  }

  @Override
  public long bytes() {
    return entry.files().files().mapToLong(StagedFile::bytes).sum();
  }

  @Override
  public Optional<String> erasedBy() {
    return entry.erasedBy();
  }

  @Override
  public Stream<GenericRecord> rows() {
    MeshAction action = MeshAction.of(Verb.READ, "staged rows of " + product());
    session.checkOpen(action);
    session.catalog().requireProduct(product(), action);
    session.authorizer().requireOwner(product().domain(), action);
    StagedSource source = new StagedSource(session, entry);
    source.requireLive(action);
    VersionEntry version = session.catalog().requireFor(Use.DESCRIBE, product(), major(), action);
    Table table = session.tables().load(TableName.of(product(), major()));
    RowMaterializer<GenericRecord> records =
        RowMaterializers.asAvro(table.schema(), version.contract().schema());
    SnapshotScan scan = source.fitting(table.schema(), action);
    return ScanBatches.stream(scan)
        .flatMap(batch -> IntStream.range(0, batch.rows()).mapToObj(row -> records.row(batch, row)))
        .onClose(scan::close);
  }

  @Override
  public StoredRows<GenericRecord> promote() {
    return new StagedPromotion(session, entry);
  }

  @Override
  public void discard() {
    MeshAction action = MeshAction.of(Verb.DISCARD, "staged rows of " + product());
    session.checkOpen(action);
    session.observed(action, () -> discard(action));
  }

  private boolean discard(MeshAction action) {
    session.catalog().requireProduct(product(), action);
    session.authorizer().requireOwner(product().domain(), action);
    List<String> locations = new StagedSource(session, entry).locations();
    boolean discarded =
        session.ledger().commit(new StagedDiscard(session, entry, action), session.deadline());
    UncommittedFiles.delete(session.files(), session.tables().withoutLinks(locations));
    return discarded;
  }

  @Override
  public String toString() {
    return "staged publish " + id() + " of " + product();
  }
}
