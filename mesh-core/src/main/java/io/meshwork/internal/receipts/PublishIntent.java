package io.meshwork.internal.receipts;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.ledger.CommitDraft;
import io.meshwork.internal.session.TableSnapshots;
import io.meshwork.internal.table.StagedFiles;
import io.meshwork.publish.PublishReceipt.Input;
import io.meshwork.publish.PublishReceipt.PublishMode;
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
 *     constants, or its columns and the number of values if documents must not contain it; for a
 *     rollback, the ID of the restored snapshot; otherwise empty
 * @param filterHash the hash of a filter that documents must not contain; otherwise empty
 * @param reason the caller's reason; empty if none was given
 * @param derivedFrom the inputs of the rows that the caller named
 * @param completeUpTo all rows with an event time before this are published; empty if not stated
 */
public record PublishIntent(
    PublishMode mode,
    Optional<String> scope,
    Optional<String> filterHash,
    Optional<String> reason,
    List<Input> derivedFrom,
    Optional<Instant> completeUpTo) {
  static final String MODE = StagedFiles.MODE;
  static final String REASON = "reason";
  public static final String DATA_TIME = "dataTime";
  public static final String SCOPE = "scope";
  private static final String DERIVED_FROM = "derivedFrom";

  /** The scope without constants, which no erasure has to remove. */
  private static final String VALUES = "values";

  public PublishIntent {
    derivedFrom = List.copyOf(derivedFrom);
  }

  /** An intent without a filter that documents must not contain. */
  public PublishIntent(
      PublishMode mode,
      Optional<String> scope,
      Optional<String> reason,
      List<Input> derivedFrom,
      Optional<Instant> completeUpTo) {
    this(mode, scope, Optional.empty(), reason, derivedFrom, completeUpTo);
  }

  /** An append without options. */
  public static PublishIntent append() {
    return new PublishIntent(
        PublishMode.APPEND, Optional.empty(), Optional.empty(), List.of(), Optional.empty());
  }

  /**
   * The properties of the snapshot's summary. Every reader of the table sees them, so they contain
   * neither the filter, whose constants may be personal data, nor the reason.
   */
  public Map<String, String> summary() {
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
    identity().ifPresent(text -> details.put("scopeHash", RegistryKeys.sha256(text)));
    reason.ifPresent(text -> details.put(REASON, text));
    if (!derivedFrom.isEmpty()) {
      details.set(DERIVED_FROM, RowInputJson.write(derivedFrom));
    }
    completeUpTo.ifPresent(time -> details.put(DATA_TIME, time.toString()));
  }

  /** Adds the details of an erase from the quarantine, whose event type implies the mode. */
  public void addEraseTo(CommitDraft<?> draft) {
    identity().ifPresent(text -> draft.detail("scopeHash", RegistryKeys.sha256(text)));
    reason.ifPresent(text -> draft.detail(REASON, text));
  }

  /** Adds the public fields; not the scope, because it may contain field values. */
  public void write(ObjectNode json) {
    json.put(MODE, mode.text());
    reason.ifPresent(text -> json.put(REASON, text));
    if (!derivedFrom.isEmpty()) {
      json.set(DERIVED_FROM, RowInputJson.write(derivedFrom));
    }
  }

  /** What distinguishes the scope from others. */
  public Optional<String> identity() {
    return filterHash.map(hash -> "sha256:" + hash).or(() -> scope);
  }

  /** The same in another major version, where the filter can have other columns. */
  public PublishIntent in(Optional<String> its, Optional<String> itsHash) {
    return its.isEmpty()
        ? this
        : new PublishIntent(mode, its, itsHash, reason, derivedFrom, completeUpTo);
  }

  /** Adds the fields that only the receipt's document contains. */
  public void writeDocument(ObjectNode json) {
    scope.ifPresent(text -> json.put(filterHash.isPresent() ? VALUES : SCOPE, text));
  }

  /** Reads a document; one without a mode is of an append. */
  public static PublishIntent read(JsonNode json) {
    return new PublishIntent(
        PublishMode.parse(json.path(MODE).asText(PublishMode.APPEND.text())),
        Optional.ofNullable(json.path(SCOPE).textValue())
            .or(() -> Optional.ofNullable(json.path(VALUES).textValue())),
        Optional.ofNullable(json.path(REASON).textValue()),
        RowInputJson.read(json.path(DERIVED_FROM)),
        Optional.ofNullable(json.path(DATA_TIME).textValue()).map(Instant::parse));
  }
}
