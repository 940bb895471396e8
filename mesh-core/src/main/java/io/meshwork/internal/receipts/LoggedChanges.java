package io.meshwork.internal.receipts;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.meshwork.contract.QualityReport;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.catalog.ProductEntry;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.event.EventDetails;
import io.meshwork.internal.event.EventDetails.Restoration;
import io.meshwork.internal.ledger.DocumentCodec;
import io.meshwork.internal.ledger.MovedTables;
import io.meshwork.internal.ledger.MovedTables.MovedTable;
import io.meshwork.internal.ledger.PackedPart;
import io.meshwork.internal.ledger.RowChangeEntries;
import io.meshwork.internal.ledger.VersionedDocument;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.internal.session.ResolvedProduct;
import io.meshwork.internal.session.TableSnapshots;
import io.meshwork.internal.table.TableName;
import io.meshwork.product.ProductName;
import io.meshwork.publish.PublishHistory.RowChange;
import io.meshwork.publish.PublishReceipt.PublishMode;
import io.meshwork.registry.Registry.Key;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.jspecify.annotations.Nullable;

/**
 * The changes of a product's rows, read from its log, which records principals and times and
 * outlives snapshots. Retained receipts add scores and filters. Reads pages of the log when they
 * are needed. Not thread-safe.
 */
final class LoggedChanges implements Iterator<RowChange> {
  /** A log or receipts of this number are read at once. */
  private static final int FEW = 100;

  private final ClientSession session;
  private final ProductName product;
  private final boolean owner;
  private final Set<Integer> majors;
  private final RowChangeEntries log;
  private final Deque<RowChange> next = new ArrayDeque<>();
  private final Map<String, JsonNode> receipts = new HashMap<>();
  private final Map<Integer, Optional<Table>> tables = new HashMap<>();
  private boolean allReceipts;

  private LoggedChanges(
      ClientSession session, ProductName product, boolean owner, Set<Integer> majors) {
    this.session = session;
    this.product = product;
    this.owner = owner;
    this.majors = Set.copyOf(majors);
    this.log = session.ledger().rowChanges(RegistryKeys.partition(product));
  }

  /** All changes of rows, newest first. */
  public static List<RowChange> of(ClientSession session, @Nullable CharSequence product) {
    ProductName name =
        ResolvedProduct.forConsumer(session, product, MeshAction.of(Verb.SHOW, "the history of"))
            .product();
    MeshAction action = MeshAction.of(Verb.SHOW, "the history of " + name);
    session.checkOpen(action);
    ProductEntry entry = session.catalog().requireProduct(name, action);
    Set<Integer> majors = ReadableMajors.require(session, entry, action);
    boolean owner =
        session
            .catalog()
            .findDomain(name.domain())
            .filter(d -> d.domain().accounts().contains(session.principal().account()))
            .isPresent();
    LoggedChanges changes = new LoggedChanges(session, name, owner, majors);
    return changes.log.logged() < FEW
        ? List.copyOf(new RowChanges(changes))
        : new RowChanges(changes);
  }

  @Override
  public boolean hasNext() {
    while (next.isEmpty() && log.hasNext()) {
      VersionedDocument logged = log.next();
      for (MovedTable table : MovedTables.of(logged.json().path("details"))) {
        if (table.snapshotId().isPresent() && majors.contains(table.major())) {
          next.add(entry(logged.json(), table));
        }
      }
    }
    return !next.isEmpty();
  }

  @Override
  public RowChange next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    return next.remove();
  }

  /**
   * The receipt of a publish; null if it is not stored. Receipts of the newest entries are read by
   * the keys that the entries name, and all of them for more entries.
   */
  private @Nullable JsonNode receipt(JsonNode logged, String publishId) {
    if (!receipts.containsKey(publishId) && !allReceipts) {
      String partition = RegistryKeys.partition(product);
      JsonNode documents = logged.path("documents");
      if (receipts.size() >= FEW || documents.isMissingNode()) {
        session.ledger().list(partition, RegistryKeys.RECEIPTS).forEach(this::add);
        allReceipts = true;
      } else {
        documents
            .fieldNames()
            .forEachRemaining(
                sort -> {
                  if (sort.startsWith(RegistryKeys.RECEIPTS)) {
                    session.ledger().read(new Key(partition, sort)).ifPresent(this::add);
                  }
                });
      }
    }
    return receipts.get(publishId);
  }

  private void add(VersionedDocument receipt) {
    receipts.put(receipt.json().path("publishId").asText(), receipt.json());
  }

  private RowChange entry(JsonNode logged, MovedTable table) {
    EventDetails.TableCommit commit =
        DocumentCodec.of(EventDetails.TableCommit.class).read(table.details());
    EventDetails.MajorCommit major =
        DocumentCodec.of(EventDetails.MajorCommit.class).read(table.details());
    EventDetails.NewSnapshot created = major.snapshot().orElseThrow();
    Optional<Restoration> restoration = major.restoration();
    JsonNode stored = receipt(logged, commit.publishId());
    JsonNode receipt = stored == null ? null : MovedTables.inReceipt(stored, table.major());
    Snapshot snapshot = snapshot(table.major(), created.snapshotId());
    PublishMode mode = commit.mode().map(PublishMode::parse).orElse(PublishMode.APPEND);
    return new LoggedPublish(
        created.snapshotId(),
        created.sequence(),
        Instant.parse(logged.path("at").asText()),
        logged.path("principal").asText(),
        mode,
        owner ? scope(receipt, snapshot) : Optional.empty(),
        owner ? commit.reason() : Optional.empty(),
        major.contractVersion(),
        commit.publishId(),
        restoration.map(Restoration::rowsRestored).orElse(major.rowsAccepted()),
        major.rowsRemoved(),
        created.rowsTotal(),
        major.files(),
        score(receipt),
        major.derivedFrom(),
        restoration.map(Restoration::brokenRules).orElse(List.of()),
        snapshot != null);
  }

  private static OptionalDouble score(@Nullable JsonNode receipt) {
    JsonNode quality =
        receipt == null
            ? MissingNode.getInstance()
            : PackedPart.read(receipt, StoredReceipt.QUALITY);
    return quality.isObject()
        ? QualityReport.fromJson(quality.toString()).qualityScore()
        : OptionalDouble.empty();
  }

  private static Optional<String> scope(@Nullable JsonNode receipt, @Nullable Snapshot snapshot) {
    Optional<String> scope =
        Optional.ofNullable(receipt)
            .flatMap(each -> DocumentCodec.of(PublishIntent.class).read(each).scope());
    return scope.or(
        () -> Optional.ofNullable(snapshot).map(each -> each.summary().get(TableSnapshots.SCOPE)));
  }

  private @Nullable Snapshot snapshot(int major, String snapshotId) {
    Table table =
        tables
            .computeIfAbsent(major, each -> session.tables().find(TableName.of(product, each)))
            .orElse(null);
    return table == null ? null : table.snapshot(Long.parseLong(snapshotId));
  }
}
