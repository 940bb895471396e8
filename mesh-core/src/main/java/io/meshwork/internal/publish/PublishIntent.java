package io.meshwork.internal.publish;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.ledger.CommitDraft;
import io.meshwork.internal.predicate.RowPredicate;
import io.meshwork.internal.session.TableSnapshots;
import io.meshwork.internal.table.StagedFiles;
import io.meshwork.publish.PublishMode;
import io.meshwork.publish.PublishReceipt.Input;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What a publish does, apart from its rows. Immutable.
 *
 * @param mode what happens to the existing rows
 * @param scope for replace-where and erase, the filter in its canonical form, including its
 *     constants, or its hash if documents must not contain it; for a rollback, the ID of the
 *     restored snapshot; otherwise empty
 * @param reason the caller's reason; empty if none was given
 * @param derivedFrom the inputs of the rows that the caller named
 * @param completeUpTo all rows with an event time before this are published; empty if not stated
 */
record PublishIntent(
    PublishMode mode,
    Optional<String> scope,
    Optional<String> reason,
    List<Input> derivedFrom,
    Optional<Instant> completeUpTo) {
  static final String MODE = StagedFiles.MODE;
  static final String REASON = "reason";
  static final String DATA_TIME = "dataTime";
  static final String SCOPE = "scope";
  private static final String DERIVED_FROM = "derivedFrom";

  /** No filter starts with it. */
  private static final String UNKEPT = "sha256:";

  /** Copies the list. */
  PublishIntent {
    derivedFrom = List.copyOf(derivedFrom);
  }

  /** An append without options. */
  static PublishIntent append() {
    return new PublishIntent(
        PublishMode.APPEND, Optional.empty(), Optional.empty(), List.of(), Optional.empty());
  }

  /**
   * The properties of the snapshot's summary. Every reader of the table sees them, so they contain
   * neither the filter, whose constants may be personal data, nor the reason.
   */
  Map<String, String> summary() {
    Map<String, String> summary = new LinkedHashMap<>();
    summary.put(TableSnapshots.MODE, mode.text());
    if (mode == PublishMode.ROLLBACK) {
      scope.ifPresent(snapshot -> summary.put(TableSnapshots.SCOPE, snapshot));
    }
    if (!derivedFrom.isEmpty()) {
      summary.put(
          "meshwork.derived-from",
          derivedFrom.stream().map(Input::toString).collect(Collectors.joining(",")));
    }
    return summary;
  }

  /** Adds the details of the log entry, which is permanent, so without the filter's constants. */
  void addTo(ObjectNode details) {
    details.put(MODE, mode.text());
    scope.ifPresent(text -> details.put("scopeHash", RegistryKeys.sha256(text)));
    reason.ifPresent(text -> details.put(REASON, text));
    if (!derivedFrom.isEmpty()) {
      details.set(DERIVED_FROM, RowInputJson.write(derivedFrom));
    }
    completeUpTo.ifPresent(time -> details.put(DATA_TIME, time.toString()));
  }

  /** Adds the details of an erase from the quarantine, whose event type implies the mode. */
  void addEraseTo(CommitDraft<?> draft) {
    scope.ifPresent(text -> draft.detail("scopeHash", RegistryKeys.sha256(text)));
    reason.ifPresent(text -> draft.detail(REASON, text));
  }

  /** Adds the public fields; not the scope, because it may contain field values. */
  void write(ObjectNode json) {
    json.put(MODE, mode.text());
    reason.ifPresent(text -> json.put(REASON, text));
    if (!derivedFrom.isEmpty()) {
      json.set(DERIVED_FROM, RowInputJson.write(derivedFrom));
    }
  }

  /**
   * The scope of a filter.
   *
   * @param kept true if documents can contain the filter
   */
  static String scope(RowPredicate filter, boolean kept) {
    return kept ? filter.text() : UNKEPT + RegistryKeys.sha256(filter.text());
  }

  /** The same in another major version, where the filter has other columns. */
  PublishIntent in(Optional<String> other) {
    return new PublishIntent(
        mode, other.isPresent() ? other : scope, reason, derivedFrom, completeUpTo);
  }

  /** Adds the fields that only the receipt's document contains. */
  void writeDocument(ObjectNode json) {
    scope.filter(text -> !text.startsWith(UNKEPT)).ifPresent(text -> json.put(SCOPE, text));
  }

  /** Reads a document; one without a mode is of an append. */
  static PublishIntent read(JsonNode json) {
    return new PublishIntent(
        PublishMode.parse(json.path(MODE).asText(PublishMode.APPEND.text())),
        Optional.ofNullable(json.path(SCOPE).textValue()),
        Optional.ofNullable(json.path(REASON).textValue()),
        RowInputJson.read(json.path(DERIVED_FROM)),
        Optional.ofNullable(json.path(DATA_TIME).textValue()).map(Instant::parse));
  }
}
