package io.meshwork.internal.delivery;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.contract.QualityReport;
import io.meshwork.error.BackendException;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.catalog.VersionEntry;
import io.meshwork.internal.ledger.DocumentJson;
import io.meshwork.internal.ledger.PackedPart;
import io.meshwork.internal.ledger.VersionedDocument;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.internal.session.RowsUpdateTime;
import io.meshwork.internal.session.SnapshotHistory;
import io.meshwork.internal.session.TableSnapshots;
import io.meshwork.internal.table.CompletenessStatement;
import io.meshwork.internal.table.LastUpdate;
import io.meshwork.internal.table.TableName;
import io.meshwork.registry.Registry.Key;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalDouble;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.apache.iceberg.io.InputFile;
import org.jspecify.annotations.Nullable;

/**
 * The file {@code _metadata/last_updated.json} in a table's folder, for tools that look at files.
 * It is made anew from the snapshot and its receipt after each commit that moved the table, so that
 * the next one fixes what a crash left; Meshwork itself never takes anything from it. Holds
 * nothing.
 */
public final class LastUpdatedFile {
  private static final String NAME = "/_metadata/last_updated.json";
  private static final String SEQUENCE = "snapshot_sequence";
  private static final int TRIES = 5;

  private final ClientSession session;
  private final TableName table;

  private LastUpdatedFile(ClientSession session, TableName table) {
    this.session = session;
    this.table = table;
  }

  /**
   * Replaces the file by what the registry says now; looks at nothing that grows with the log.
   *
   * @throws BackendException if the registry cannot be read
   * @throws RuntimeException of the store, if the file cannot be written; the next commit tries
   *     again
   */
  public static void refresh(ClientSession session, TableName table) {
    new LastUpdatedFile(session, table).refresh();
  }

  /** Others may commit meanwhile: whoever writes last looks whether it is still the newest. */
  private void refresh() {
    for (int tries = 0; tries < TRIES; tries++) {
      Optional<VersionedDocument> newest = session.ledger().newestEntry(table.partition());
      if (newest.isEmpty()) {
        return;
      }
      ObjectNode content = content();
      if (content == null) {
        return;
      }
      // A higher one is of a faster writer, or of a mesh that was restored since.
      if (sequenceInFile() <= content.path(SEQUENCE).asLong() || isNewest(newest.get())) {
        write(content);
        if (isNewest(newest.get())) {
          return;
        }
      }
    }
  }

  private boolean isNewest(VersionedDocument entry) {
    return session
        .ledger()
        .newestEntry(table.partition())
        .filter(now -> now.version().equals(entry.version()))
        .isPresent();
  }

  /** What the present snapshot says of itself; null if there is none. */
  private @Nullable ObjectNode content() {
    Table now = session.tables().find(table).orElse(null);
    Snapshot stored = now == null ? null : now.currentSnapshot();
    if (now == null || stored == null) {
      return null;
    }
    MeshAction action = MeshAction.of(Verb.WRITE, "last_updated.json of " + table);
    VersionEntry version = session.catalog().requireVersion(table.product(), table.major(), action);
    SnapshotHistory line =
        new SnapshotHistory(session.ledger(), now, table.product(), version.version());
    io.meshwork.product.Snapshot snapshot = line.newest().orElseThrow().snapshot();
    Optional<LastUpdate> update = RowsUpdateTime.fromTable(now, line, action);
    Optional<Duration> within = version.contract().freshWithin();
    ObjectNode json = DocumentJson.create();
    json.put("product", table.product().toString());
    json.put("major", table.major());
    json.put("contract_version", snapshot.contract().toString());
    json.put("last_updated", update.map(known -> known.at().toString()).orElse(null));
    json.putNull("data_time");
    json.put(
        "complete_up_to",
        CompletenessStatement.asOf(now, stored).map(Instant::toString).orElse(null));
    json.put("fresh_within_seconds", within.map(Duration::toSeconds).orElse(null));
    json.put(
        "fresh_until",
        update
            .flatMap(known -> within.map(limit -> known.at().plus(limit).toString()))
            .orElse(null));
    json.put("snapshot_id", snapshot.id());
    json.put(SEQUENCE, snapshot.sequence());
    json.put("committed_at", snapshot.committedAt().toString());
    quality(json, update.flatMap(LastUpdate::keyHash));
    json.put("total_records", TableSnapshots.rows(stored));
    json.put("status", version.majorStored().json().path("state").asText());
    json.put("deprecated", false);
    json.putNull("retire_at");
    json.putNull("successor_major");
    json.put("publish_id", stored.summary().get(TableSnapshots.PUBLISH_ID));
    json.put("producer", table.product().domain());
    return json;
  }

  /** Of the publish that brought rows; its receipt may have been cleared away since. */
  private void quality(ObjectNode json, Optional<String> keyHash) {
    Optional<QualityReport> report = keyHash.flatMap(this::report);
    if (report.isEmpty()) {
      json.putNull("records_processed").putNull("records_quarantined");
      json.putNull("quality_score").putNull("row_score");
      json.putNull("rules_passed").putNull("rules_evaluated");
      return;
    }
    QualityReport quality = report.get();
    json.put("records_processed", quality.rowsOffered());
    json.put("records_quarantined", quality.rowsQuarantined());
    json.put("quality_score", boxed(quality.qualityScore()));
    json.put("row_score", boxed(quality.rowScore()));
    json.put("rules_passed", quality.rulesPassed());
    json.put("rules_evaluated", quality.rulesEvaluated());
  }

  private Optional<QualityReport> report(String keyHash) {
    return session
        .ledger()
        .read(new Key(table.partition(), RegistryKeys.RECEIPTS + keyHash))
        .map(
            stored -> QualityReport.fromJson(PackedPart.read(stored.json(), "quality").toString()));
  }

  private static @Nullable Double boxed(OptionalDouble value) {
    return value.isPresent() ? value.getAsDouble() : null;
  }

  private String location() {
    return session.tables().location(table) + NAME;
  }

  private long sequenceInFile() {
    InputFile file = session.files().newInputFile(location());
    if (!file.exists()) {
      return 0;
    }
    try (InputStream in = file.newStream()) {
      String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      return DocumentJson.parseObject(NAME, text).path(SEQUENCE).asLong();
    } catch (IOException | BackendException e) {
      return 0; // whatever it is, it is replaced
    }
  }

  private void write(ObjectNode content) {
    try (OutputStream out = session.files().newOutputFile(location()).createOrOverwrite()) {
      out.write((DocumentJson.write(content) + "\n").getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
