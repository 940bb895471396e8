package io.meshwork.internal.delivery;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.error.BackendException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.catalog.Catalog;
import io.meshwork.internal.catalog.MajorState;
import io.meshwork.internal.catalog.MajorState.Use;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.catalog.VersionEntry;
import io.meshwork.internal.delivery.LostCommits.Note;
import io.meshwork.internal.files.LocalFileIO.ReplaceableFile;
import io.meshwork.internal.index.IndexUpdates;
import io.meshwork.internal.ledger.CommitDraft;
import io.meshwork.internal.ledger.DocumentJson;
import io.meshwork.internal.ledger.Ledger;
import io.meshwork.internal.ledger.LedgerExtension;
import io.meshwork.internal.ledger.VersionedDocument;
import io.meshwork.internal.runtime.IdGenerator;
import io.meshwork.internal.runtime.MeshRuntime;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.internal.session.DataAge;
import io.meshwork.internal.session.PublishQuality;
import io.meshwork.internal.session.SnapshotHistory;
import io.meshwork.internal.session.TableSnapshots;
import io.meshwork.internal.table.FileOrigin;
import io.meshwork.internal.table.LastUpdate;
import io.meshwork.internal.table.MeshTables;
import io.meshwork.internal.table.ProductTable;
import io.meshwork.internal.table.TableName;
import io.meshwork.internal.text.InstantText;
import io.meshwork.product.ProductName;
import io.meshwork.product.Snapshot;
import io.meshwork.registry.Registry.Key;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.iceberg.Table;
import org.apache.iceberg.exceptions.NotFoundException;
import org.apache.iceberg.exceptions.RuntimeIOException;
import org.apache.iceberg.io.OutputFile;
import org.jspecify.annotations.Nullable;

/**
 * Writes the file {@code _metadata/last_updated.json} in a table's folder, for tools that read
 * files only. Each commit that changes the table, its staged rows, or its rollout writes it again
 * from the registry, so a stale file after a crash is corrected by the next commit. Maintenance and
 * purges read from it whether the registry lost a commit, as after a restore. Its fields have the
 * names and nulls of such tools, so that it is not written by {@code DocumentCodec}.
 */
public final class LastUpdatedFile {
  private static final String NAME = "/_metadata/last_updated.json";
  private static final String LOG_SEQUENCE = "log_sequence";
  private static final String ATTEMPT = "attempt_id";

  /** Until when the registry may have lost commits, because this file named one. */
  private static final String LOST_UNTIL = "registry_incomplete_until";

  private static final int MAX_ATTEMPTS = 5;
  private static final Pattern OF_MAJOR =
      Pattern.compile("(?:major|contract)/([1-9][0-9]{0,8})(?:\\..*)?");

  private final Ledger ledger;
  private final Catalog catalog;
  private final MeshTables tables;
  private final MeshRuntime runtime;
  private final TableName table;
  private String folder = "";
  private JsonNode inFile = DocumentJson.create();

  private LastUpdatedFile(
      Ledger ledger, Catalog catalog, MeshTables tables, MeshRuntime runtime, TableName table) {
    this.ledger = ledger;
    this.catalog = catalog;
    this.tables = tables;
    this.runtime = runtime;
    this.table = table;
  }

  /** Replaces the file after each later commit to a ledger that changes its content. */
  public static void install(
      Ledger ledger, Catalog catalog, MeshTables tables, MeshRuntime runtime) {
    ledger.extend(
        new LedgerExtension() {
          @Override
          public void complete(CommitDraft<?> draft, Ledger.Attempt attempt) {
            for (TableName table : changed(draft)) {
              draft.onCommitted(
                  new LastUpdatedFile(ledger, catalog, tables, runtime, table)::refresh);
            }
          }
        });
  }

  /** The tables whose rows, staged rows, contract, or rollout a draft changes. */
  private static Set<TableName> changed(CommitDraft<?> draft) {
    Set<TableName> changed = new LinkedHashSet<>();
    for (Key key : draft.writtenKeys()) {
      if (IndexUpdates.isOfProduct(key)) {
        ProductName product = ProductName.of(key.partition());
        majors(draft, key).forEach(major -> changed.add(TableName.of(product, major)));
      }
    }
    return changed;
  }

  private static IntStream majors(CommitDraft<?> draft, Key key) {
    Matcher ofMajor = OF_MAJOR.matcher(key.sort());
    if (ofMajor.matches()) {
      return IntStream.of(Integer.parseInt(ofMajor.group(1)));
    }
    boolean isStaged = key.sort().startsWith(RegistryKeys.STAGED);
    boolean isRollout = key.sort().startsWith(RegistryKeys.ROLLOUTS);
    if (!isStaged && !isRollout) {
      return TableName.at(key).map(table -> IntStream.of(table.major())).orElse(IntStream.empty());
    }
    return (isStaged ? Stream.of("major") : Stream.of("from", "newMajor"))
        .flatMap(field -> draft.written(key).map(json -> json.path(field).asInt()).stream())
        .filter(major -> major > 0)
        .mapToInt(major -> major);
  }

  /**
   * Replaces the file by the current state of the registry. The cost does not grow with the log. A
   * file that cannot be replaced in two attempts is deleted, because it does not name the newest
   * commit; the next commit writes it again.
   *
   * @throws BackendException if the registry cannot be read
   * @throws RuntimeException of the store, if the file cannot be written
   */
  private void refresh() {
    try {
      replace();
    } catch (RuntimeException first) {
      try {
        replace();
      } catch (RuntimeException second) {
        second.addSuppressed(first);
        delete(second);
        throw second;
      }
    }
  }

  private void delete(RuntimeException failure) {
    try {
      if (!folder.isEmpty()) {
        tables.files().deleteFile(location());
      }
    } catch (RuntimeException e) {
      failure.addSuppressed(e);
    }
  }

  /** Checks after writing whether the entry is still the newest: others may commit meanwhile. */
  private void replace() {
    for (int attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
      Optional<VersionedDocument> newest = ledger.newestEntry(table.partition());
      if (newest.isEmpty()) {
        return;
      }
      ObjectNode content = content(newest.get());
      if (content == null) {
        return;
      }
      // A higher sequence is from a faster writer, or from a mesh that was restored since.
      if (inFile.path(LOG_SEQUENCE).asLong() <= content.path(LOG_SEQUENCE).asLong()
          || isNewest(newest.get())) {
        write(content);
        if (isNewest(newest.get())) {
          return;
        }
      }
    }
  }

  private boolean isNewest(VersionedDocument entry) {
    return ledger.newestSequence(table.partition()) == Ledger.sequence(entry);
  }

  /** The content for the current snapshot, if there is one; null without a table. */
  private @Nullable ObjectNode content(VersionedDocument newestEntry) {
    Table iceberg = tables.find(table).orElse(null);
    if (iceberg == null) {
      return null;
    }
    folder = ((ProductTable) iceberg).folder();
    inFile = read(tables, folder);
    org.apache.iceberg.Snapshot stored = iceberg.currentSnapshot();
    ObjectNode json =
        stored == null ? DocumentJson.create() : described(iceberg, stored, newestEntry);
    json.put(LOG_SEQUENCE, Ledger.sequence(newestEntry));
    json.put(ATTEMPT, attempt(newestEntry));
    String metadata = ((ProductTable) iceberg).operations().current().metadataFileLocation();
    boolean isFirst = FileOrigin.of(metadata.substring(folder.length() + 1)).number() == 0;
    Instant until = lostUntil(isFirst);
    if (until.isAfter(Instant.MIN)) {
      json.put(LOST_UNTIL, until.toString());
      // In case another takes the place of this file, such as an older copy of it.
      Note note = new Note(ledger, table.partition(), until);
      ledger.commit(note, runtime.startDeadline(runtime.deadline()));
    }
    return json;
  }

  private ObjectNode described(
      Table iceberg, org.apache.iceberg.Snapshot stored, VersionedDocument newestEntry) {
    MeshAction action = MeshAction.of(Verb.WRITE, "last_updated.json of " + table);
    VersionEntry version = catalog.requireFor(Use.DESCRIBE, table.product(), table.major(), action);
    SnapshotHistory history =
        new SnapshotHistory(ledger, iceberg, table.product(), version.version(), newestEntry);
    Snapshot snapshot = history.newest().orElseThrow().snapshot();
    DataAge age = DataAge.of(iceberg, version.contract(), history.lastUpdate(action));
    ObjectNode json = DocumentJson.create();
    json.put("product", table.product().toString());
    json.put("major", table.major());
    json.put("contract_version", snapshot.contract().toString());
    json.put("last_updated", text(age.updated()));
    json.put("data_time", text(age.dataTime()));
    json.put("complete_up_to", text(age.completeUpTo()));
    json.put("fresh_within_seconds", age.limit().map(Duration::toSeconds).orElse(null));
    json.put("fresh_until", text(age.freshUntil()));
    json.put("snapshot_id", snapshot.id());
    json.put("snapshot_sequence", snapshot.sequence());
    json.put("committed_at", snapshot.committedAt().toString());
    quality(json, age.update());
    json.put("total_records", TableSnapshots.rows(stored));
    json.put("status", version.state().name());
    json.put(
        "deprecated",
        version.state() != MajorState.PREPARED && version.state() != MajorState.ACTIVE);
    json.putNull("retire_at");
    json.put("successor_major", version.entry().succession().successor().orElse(null));
    json.put("publish_id", stored.summary().get(TableSnapshots.PUBLISH_ID));
    json.put("producer", table.product().domain());
    return json;
  }

  private static String attempt(VersionedDocument entry) {
    return entry.json().path("attempt").asText();
  }

  /** A file that is missing or damaged may have named commits that the registry lost. */
  private Instant lostUntil(boolean isFirst) {
    LostCommits lost = lostCommits(ledger, table.partition(), inFile);
    if (lost.isComplete() && (lost.isNamed() || isFirst)) {
      return lost.until();
    }
    Instant attempted = IdGenerator.time(inFile.path(ATTEMPT).asText()).orElse(Instant.MIN);
    return latest(lost.until(), latest(attempted, runtime.clock().instant()));
  }

  private static Instant latest(Instant one, Instant other) {
    return one.isAfter(other) ? one : other;
  }

  /**
   * Returns which commits to a table or its quarantine the registry lost.
   *
   * @param name the table, or its quarantine
   * @throws BackendException if the store or the registry cannot be read
   */
  public static LostCommits lostCommits(ClientSession session, TableName name) {
    return session
        .tables()
        .position(TableName.of(name.product(), name.major()))
        .map(
            position ->
                lostCommits(
                        session.ledger(),
                        name.partition(),
                        read(session.tables(), position.folder()))
                    .withKept(session.ledger(), name.partition()))
        .orElse(LostCommits.NONE);
  }

  /** A missing file names no commit. */
  private static LostCommits lostCommits(Ledger ledger, String partition, JsonNode json) {
    Optional<String> lacking =
        Optional.of(json.path(ATTEMPT).asText())
            .filter(named -> !named.isEmpty())
            .filter(
                named ->
                    ledger
                        .entry(partition, json.path(LOG_SEQUENCE).asLong())
                        .filter(entry -> attempt(entry).equals(named))
                        .isEmpty());
    return new LostCommits(
        LostCommits.instant(json.path(LOST_UNTIL).asText()), lacking, json.has(ATTEMPT));
  }

  private static @Nullable String text(Optional<Instant> time) {
    return time.map(Instant::toString).orElse(null);
  }

  /** Adds the recorded quality of the publish that added the last rows. */
  private void quality(ObjectNode json, Optional<LastUpdate> update) {
    Optional<JsonNode> scored = update.flatMap(this::scored);
    if (scored.isEmpty()) {
      json.putNull("records_processed").putNull("records_quarantined");
      json.putNull("quality_score");
      json.putNull("rules_passed").putNull("rules_evaluated");
      return;
    }
    PublishQuality quality = PublishQuality.of(scored.get());
    json.put("records_processed", quality.rowsOffered());
    json.put("records_quarantined", quality.rowsQuarantined());
    quality
        .qualityScore()
        .ifPresentOrElse(
            score -> json.put("quality_score", score), () -> json.putNull("quality_score"));
    json.put("rules_passed", quality.rulesPassed());
    json.put("rules_evaluated", quality.rulesEvaluated());
  }

  /** Corrected rows have no score, so that the publish before them has it. */
  private Optional<JsonNode> scored(LastUpdate update) {
    JsonNode publishes =
        ledger
            .read(RegistryKeys.quality(table.product(), table.major()))
            .map(stored -> stored.json().path("publishes"))
            .orElseGet(MissingNode::getInstance);
    String publish = update.keyHash().flatMap(this::publish).orElse("");
    JsonNode last = MissingNode.getInstance();
    for (JsonNode entry : publishes) {
      if (entry.path("publishId").asText().equals(publish)) {
        return Optional.of(entry);
      }
      if (!InstantText.parse(entry.path("at").asText()).isAfter(update.at())) {
        last = entry;
      }
    }
    return Optional.of(last).filter(entry -> !entry.isMissingNode());
  }

  private Optional<String> publish(String keyHash) {
    return ledger
        .read(new Key(table.partition(), RegistryKeys.RECEIPTS + keyHash))
        .map(stored -> stored.json().path("publishId").asText());
  }

  private String location() {
    return folder + NAME;
  }

  /** An empty object if the file is missing or damaged, which the next commit replaces. */
  private static ObjectNode read(MeshTables tables, String folder) {
    try (InputStream in = tables.files().newInputFile(folder + NAME).newStream()) {
      String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      return DocumentJson.parseObject(NAME, text);
    } catch (NotFoundException | BackendException e) {
      return DocumentJson.create();
    } catch (IOException | RuntimeIOException e) {
      throw Failure.of(MeshAction.of(Verb.READ, folder + NAME))
          .because("the store failed")
          .fix("Run it again.")
          .cause(e)
          .passing(ErrorCode.BACKEND_FAILED);
    }
  }

  /** A stream whose write failed stays open: closed, it would replace the file by a part. */
  private void write(ObjectNode content) {
    OutputFile file = tables.files().newOutputFile(location());
    OutputStream out =
        file instanceof ReplaceableFile replaceable
            ? replaceable.replace()
            : file.createOrOverwrite();
    try {
      out.write((DocumentJson.write(content) + "\n").getBytes(StandardCharsets.UTF_8));
      out.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
