package io.meshwork.publish;

import com.fasterxml.jackson.databind.JsonNode;
import io.meshwork.internal.catalog.Keys;
import io.meshwork.internal.catalog.ProductEntry;
import io.meshwork.internal.ledger.Stored;
import io.meshwork.internal.session.Session;
import io.meshwork.internal.session.TableSnapshots;
import io.meshwork.internal.session.Target;
import io.meshwork.internal.table.TableName;
import io.meshwork.product.ContractVersion;
import io.meshwork.product.ProductName;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.jspecify.annotations.Nullable;

/**
 * What happened to a product's rows, read from its log, which knows who and when and outlives
 * snapshots. Receipts add scores, and snapshots the filters, as long as they are kept.
 */
public final class History {
  private static final String SNAPSHOT_ID = "snapshotId";

  private final Session session;
  private final ProductName product;
  private final boolean owner;
  private final Map<String, JsonNode> receipts = new HashMap<>();
  private final Map<Integer, Optional<Table>> tables = new HashMap<>();

  private History(Session session, ProductName product, boolean owner) {
    this.session = session;
    this.product = product;
    this.owner = owner;
  }

  /** Called by {@code MeshClient.history}: all changes of rows, newest first. */
  public static List<HistoryEntry> of(Session session, @Nullable CharSequence product) {
    ProductName name = Target.consumed(session, product, "show the history of").product();
    String doing = "show the history of " + name;
    session.checkOpen(doing);
    ProductEntry entry = session.catalog().requireProduct(name, doing);
    session
        .admission()
        .readsAll(
            entry, session.catalog().requireVersion(name, entry.currentMajor(), doing), doing);
    boolean owner =
        session
            .catalog()
            .findDomain(name.domain())
            .filter(d -> d.domain().accounts().contains(session.principal().account()))
            .isPresent();
    Set<Integer> majors =
        session.catalog().majors(name).stream()
            .filter(major -> session.admission().mayRead(entry, major))
            .collect(Collectors.toSet());
    return new History(session, name, owner).entries(majors);
  }

  private List<HistoryEntry> entries(Set<Integer> majors) {
    // Receipts are read after the log, so that none is missed that the log tells of.
    List<Stored> log = session.ledger().entries(Keys.partition(product));
    for (Stored receipt : session.ledger().list(Keys.partition(product), Keys.RECEIPTS)) {
      receipts.put(receipt.json().path("publishId").asText(), receipt.json());
    }
    List<HistoryEntry> entries = new ArrayList<>();
    for (Stored each : log) {
      JsonNode details = each.json().path("details");
      if (details.has(SNAPSHOT_ID) && majors.contains(details.path("major").asInt())) {
        entries.add(entry(each.json(), details));
      }
    }
    Collections.reverse(entries);
    return List.copyOf(entries);
  }

  private HistoryEntry entry(JsonNode logged, JsonNode details) {
    ContractVersion contract = ContractVersion.parse(details.path("contractVersion").asText());
    String publishId = details.path("publishId").asText();
    String snapshotId = details.path(SNAPSHOT_ID).asText();
    JsonNode receipt = receipts.get(publishId);
    Snapshot snapshot = snapshot(details.path("major").asInt(), snapshotId);
    PublishIntent told = PublishIntent.read(details);
    JsonNode score = receipt == null ? null : receipt.get("qualityScore");
    return new HistoryEntry(
        snapshotId,
        details.path("sequence").asLong(snapshot == null ? 0 : snapshot.sequenceNumber()),
        Instant.parse(logged.path("at").asText()),
        logged.path("principal").asText(),
        told.mode(),
        owner ? scope(receipt, snapshot) : Optional.empty(),
        owner ? told.reason() : Optional.empty(),
        contract,
        publishId,
        added(told.mode(), details),
        details.path("rowsRemoved").asLong(),
        details.path("rowsTotal").asLong(snapshot == null ? 0 : TableSnapshots.rows(snapshot)),
        details.path("files").asLong(),
        score == null || !score.isNumber()
            ? OptionalDouble.empty()
            : OptionalDouble.of(score.asDouble()),
        told.derivedFrom(),
        snapshot != null);
  }

  private static long added(PublishMode mode, JsonNode details) {
    return mode == PublishMode.ROLLBACK
        ? details.path("rowsRestored").asLong()
        : details.path("rowsAccepted").asLong();
  }

  private static Optional<String> scope(@Nullable JsonNode receipt, @Nullable Snapshot snapshot) {
    Optional<String> kept =
        receipt == null ? Optional.empty() : PublishIntent.read(receipt).scope();
    return kept.or(
        () -> Optional.ofNullable(snapshot).map(made -> made.summary().get(TableSnapshots.SCOPE)));
  }

  private @Nullable Snapshot snapshot(int major, String snapshotId) {
    Table table =
        tables
            .computeIfAbsent(major, each -> session.tables().find(TableName.of(product, each)))
            .orElse(null);
    return table == null ? null : table.snapshot(Long.parseLong(snapshotId));
  }
}
