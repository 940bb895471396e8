package io.meshwork.internal.publish.run;

import io.meshwork.internal.catalog.VersionEntry;
import io.meshwork.internal.ingest.LateRows;
import io.meshwork.internal.receipts.PublishEffects;
import io.meshwork.internal.receipts.PublishRequest;
import io.meshwork.internal.runtime.Sha256;
import io.meshwork.internal.scan.NewestEvent;
import io.meshwork.internal.table.CompletenessStatement;
import io.meshwork.internal.table.DataFileEntry;
import io.meshwork.internal.table.LastUpdate;
import io.meshwork.internal.table.NewestEventTime;
import io.meshwork.internal.table.TableDraft;
import io.meshwork.publish.PublishReceipt.PublishMode;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.Table;

/**
 * The summary of the snapshot that one publish adds to a major version: its contract, what it
 * states about freshness, completeness, and lateness, and the rules that rows still break. Not
 * thread-safe.
 */
final class MajorSummary {
  private static final String LATE_ROWS = "meshwork.late-rows";
  private static final String LARGEST_LATENESS = "meshwork.largest-lateness";

  private final PublishContext publish;
  private final VersionEntry version;
  private final RemainingViolations remaining;

  MajorSummary(PublishContext publish, VersionEntry version) {
    this.publish = publish;
    this.version = version;
    this.remaining =
        new RemainingViolations(
            publish.session(), publish.product(), version, publish.deadline(), publish.action());
  }

  /**
   * Determines before the commit which rules a replacement leaves broken, so that an attempt reads
   * only what was committed since.
   *
   * @param base the table before the publish
   * @param files all its files after the publish
   */
  void prepare(Table base, List<DataFile> files) {
    remaining.addTo(base, files, new HashMap<>());
  }

  /**
   * The summary of a snapshot that replaces or erases rows, with the newest event of the rows that
   * are left.
   *
   * @param files all files of the table after the publish
   */
  Map<String, String> ofReplacement(
      PublishRequest request, LateRows late, TableDraft draft, List<DataFile> files, Instant now) {
    Map<String, String> summary = of(request, late, draft, now, true);
    Table before = draft.table();
    boolean erases = publish.options().mode() == PublishMode.ERASE;
    if (erases) {
      NewestEventTime.forget(before, summary);
    }
    dataTime(before)
        .ifPresent(
            column -> {
              NewestEvent event = event(column, before);
              column.addTo(
                  erases ? event.of(files, now, Optional::empty) : newest(event, files, now),
                  summary);
            });
    remaining.addTo(before, files, summary);
    return summary;
  }

  /** The summary of a snapshot that adds files; the newest event is theirs or an earlier one. */
  Map<String, String> ofAddedFiles(
      PublishRequest request,
      LateRows late,
      TableDraft draft,
      List<DataFileEntry> files,
      Instant now) {
    Map<String, String> summary = of(request, late, draft, now, true);
    Table before = draft.table();
    dataTime(before)
        .ifPresent(
            column -> {
              Iterable<DataFile> added =
                  () -> files.stream().map(file -> file.toDataFile(before.spec())).iterator();
              NewestEvent event = event(column, before);
              column.addTo(
                  Stream.concat(
                          newest(event, added, now).stream(),
                          LatenessLimit.newest(event, now).stream())
                      .max(Instant::compareTo),
                  summary);
            });
    return summary;
  }

  /** The summary of a snapshot that changes no row, which is fresh if the publish states it. */
  Map<String, String> ofNoRows(
      PublishRequest request, LateRows late, TableDraft draft, Instant now) {
    return of(request, late, draft, now, PublishEffects.updatesFreshness(request.intent()));
  }

  /**
   * The properties that do not depend on the rows. The stated completeness never decreases.
   *
   * @param fresh true if the publish updates the freshness of the rows
   */
  private Map<String, String> of(
      PublishRequest request, LateRows late, TableDraft draft, Instant now, boolean fresh) {
    Map<String, String> summary = request.summary(version.version());
    if (late.count() > 0) {
      summary.put(LATE_ROWS, Long.toString(late.count()));
      summary.put(LARGEST_LATENESS, late.largest().toString());
    }
    if (publish.options().mode() != PublishMode.ERASE) {
      LastUpdate.addPublishedAt(now, summary);
      if (fresh) {
        LastUpdate.addTo(
            Optional.of(new LastUpdate(now, Optional.of(Sha256.hex(request.idempotencyKey())))),
            summary);
      }
    }
    request
        .intent()
        .completeUpTo()
        .ifPresent(
            upTo ->
                summary.put(
                    CompletenessStatement.PROPERTY,
                    CompletenessStatement.stated(draft.table(), upTo)));
    return summary;
  }

  private Optional<NewestEventTime> dataTime(Table table) {
    return NewestEventTime.of(version.contract().serviceLevel(), table);
  }

  private NewestEvent event(NewestEventTime column, Table table) {
    return new NewestEvent(column, table, publish.files(), publish.action());
  }

  private static Optional<Instant> newest(
      NewestEvent event, Iterable<DataFile> files, Instant now) {
    return event.of(files, now, () -> LatenessLimit.newest(event, now));
  }
}
