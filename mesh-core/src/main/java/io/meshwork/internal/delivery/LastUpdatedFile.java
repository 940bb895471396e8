package io.meshwork.internal.delivery;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.contract.QualityReport;
import io.meshwork.error.BackendException;
import io.meshwork.event.EventDetails.RowsChanged;
import io.meshwork.event.MeshEvent;
import io.meshwork.internal.catalog.Keys;
import io.meshwork.internal.ledger.Documents;
import io.meshwork.internal.ledger.Stored;
import io.meshwork.internal.session.Session;
import io.meshwork.internal.table.Completeness;
import io.meshwork.internal.table.TableName;
import io.meshwork.registry.Registry.Key;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalDouble;
import org.apache.iceberg.io.InputFile;
import org.jspecify.annotations.Nullable;

/**
 * The file {@code _metadata/last_updated.json} in a table's folder, for tools that look at files.
 * It is made anew from the log and the receipt after each commit that moved the table, so that the
 * next one mends what a crash left; Meshwork itself never takes anything from it. Holds nothing.
 */
public final class LastUpdatedFile {
  private static final String NAME = "/_metadata/last_updated.json";
  private static final String SEQUENCE = "snapshot_sequence";
  private static final int TRIES = 5;

  /** How far back in the log rows are looked for; older than that the time is not told. */
  private static final int STEPS = 1_000;

  private final Session session;
  private final TableName table;

  private LastUpdatedFile(Session session, TableName table) {
    this.session = session;
    this.table = table;
  }

  /**
   * Replaces the file by what the log says now.
   *
   * @throws BackendException if the registry cannot be read
   * @throws RuntimeException of the store, if the file cannot be written; the next commit tries
   *     again
   */
  public static void refresh(Session session, TableName table) {
    new LastUpdatedFile(session, table).refresh();
  }

  /** Others may commit meanwhile: whoever writes last looks whether it is still the newest. */
  private void refresh() {
    for (int tries = 0; tries < TRIES; tries++) {
      Optional<Stored> newest = session.ledger().newestEntry(table.partition());
      if (newest.isEmpty()) {
        return;
      }
      ObjectNode content = content(newest.get());
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

  private boolean isNewest(Stored entry) {
    return session
        .ledger()
        .newestEntry(table.partition())
        .filter(now -> now.version().equals(entry.version()))
        .isPresent();
  }

  /**
   * The event that made the present snapshot, and the newest that brought rows, which may be it.
   */
  private @Nullable ObjectNode content(Stored newest) {
    MeshEvent current = null;
    Optional<Stored> entry = Optional.of(newest);
    for (int step = 0; step < STEPS && entry.isPresent(); step++) {
      MeshEvent event = MeshEvent.fromJson(table.partition(), Documents.write(entry.get().json()));
      if (event.details() instanceof RowsChanged rows
          && rows.major() == table.major()
          && rows.snapshot().isPresent()) {
        current = current == null ? event : current;
        if (bringsRows(event, rows)) {
          return content(current, event);
        }
      }
      entry = session.ledger().entryBefore(entry.get());
    }
    return current == null ? null : content(current, null);
  }

  /** Rollbacks, erasures and new layouts make nothing newer. */
  private static boolean bringsRows(MeshEvent event, RowsChanged rows) {
    String mode = rows.mode().orElse("append");
    return !event.type().equals(MeshEvent.PRODUCT_ROLLED_BACK)
        && (mode.equals("append") || mode.startsWith("replace"));
  }

  private ObjectNode content(MeshEvent current, @Nullable MeshEvent filled) {
    RowsChanged now = (RowsChanged) current.details();
    var snapshot = now.snapshot().orElseThrow();
    ObjectNode json = Documents.create();
    json.put("product", table.product().toString());
    json.put("major", table.major());
    json.put("contract_version", now.contract().toString());
    json.put("last_updated", filled == null ? null : filled.at().toString());
    json.putNull("data_time");
    json.put("complete_up_to", completeUpTo().map(Instant::toString).orElse(null));
    json.putNull("fresh_within_seconds");
    json.putNull("fresh_until");
    json.put("snapshot_id", snapshot.id());
    json.put(SEQUENCE, snapshot.sequence());
    json.put("committed_at", current.at().toString());
    quality(json, filled);
    json.put("total_records", snapshot.rowsTotal());
    json.put(
        "status",
        session
            .ledger()
            .read(Keys.major(table.product(), table.major()))
            .map(stored -> stored.json().path("state").asText())
            .orElse(null));
    json.put("deprecated", false);
    json.putNull("retire_at");
    json.putNull("successor_major");
    json.put("publish_id", now.publishId());
    json.put("producer", table.product().domain());
    return json;
  }

  private Optional<Instant> completeUpTo() {
    return session
        .tables()
        .find(table)
        .flatMap(now -> Completeness.asOf(now, now.currentSnapshot()));
  }

  /** Of the publish that brought rows; its receipt may have been cleared away since. */
  private void quality(ObjectNode json, @Nullable MeshEvent filled) {
    Optional<QualityReport> report = filled == null ? Optional.empty() : report(filled);
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

  private Optional<QualityReport> report(MeshEvent event) {
    return event.documents().keySet().stream()
        .filter(sort -> sort.startsWith(Keys.RECEIPTS))
        .findFirst()
        .flatMap(sort -> session.ledger().read(new Key(table.partition(), sort)))
        .map(stored -> QualityReport.fromJson(stored.json().path("quality").toString()));
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
      return Documents.parseObject(NAME, text).path(SEQUENCE).asLong();
    } catch (IOException | BackendException e) {
      return 0; // whatever it is, it is replaced
    }
  }

  private void write(ObjectNode content) {
    try (OutputStream out = session.files().newOutputFile(location()).createOrOverwrite()) {
      out.write((Documents.write(content) + "\n").getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
