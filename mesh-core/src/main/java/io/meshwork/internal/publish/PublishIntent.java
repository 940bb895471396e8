package io.meshwork.internal.publish;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.ledger.CommitDraft;
import io.meshwork.internal.session.TableSnapshots;
import io.meshwork.publish.PublishMode;
import io.meshwork.publish.PublishReceipt.Input;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What a publish was asked to do, apart from its rows. Immutable.
 *
 * @param mode what happens to the rows that are there
 * @param scope of replace-where and erase the filter in its canonical form, which holds the
 *     filter's constants; of a rollback the id of the snapshot that comes back; else empty
 * @param reason why, where a reason was given
 * @param derivedFrom what the rows were made from, as far as was said
 * @param completeUpTo all rows of an event time before this are there with it; empty if not said
 */
record PublishIntent(
    PublishMode mode,
    Optional<String> scope,
    Optional<String> reason,
    List<Input> derivedFrom,
    Optional<Instant> completeUpTo) {
  private static final String MODE = "mode";
  private static final String SCOPE = "scope";
  private static final String REASON = "reason";
  private static final String DATA_TIME = "dataTime";
  private static final String DERIVED_FROM = "derivedFrom";

  /** Copies the list. */
  PublishIntent {
    derivedFrom = List.copyOf(derivedFrom);
  }

  /** Rows are added, and nothing else was said. */
  static PublishIntent append() {
    return new PublishIntent(
        PublishMode.APPEND, Optional.empty(), Optional.empty(), List.of(), Optional.empty());
  }

  /**
   * What the snapshot says of itself. Whoever may read the table may read it, other domains too: so
   * neither the filter, whose constants may name a person, nor the reason is in it.
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

  /** What the log says; it is never forgotten, so a filter's constants are not in it. */
  void addTo(CommitDraft<?> draft) {
    draft.detail(MODE, mode.text());
    scope.ifPresent(text -> draft.detail("scopeHash", RegistryKeys.sha256(text)));
    reason.ifPresent(text -> draft.detail(REASON, text));
    if (!derivedFrom.isEmpty()) {
      draft.detail(DERIVED_FROM, RowInputJson.write(derivedFrom));
    }
    completeUpTo.ifPresent(time -> draft.detail(DATA_TIME, time.toString()));
  }

  /** The same of an erase of quarantined rows, whose event says what was done. */
  void tellErase(CommitDraft<?> draft) {
    scope.ifPresent(text -> draft.detail("scopeHash", RegistryKeys.sha256(text)));
    reason.ifPresent(text -> draft.detail(REASON, text));
  }

  /** Adds what people are shown; the scope is left out, since it may hold values of fields. */
  void write(ObjectNode json) {
    json.put(MODE, mode.text());
    reason.ifPresent(text -> json.put(REASON, text));
    if (!derivedFrom.isEmpty()) {
      json.set(DERIVED_FROM, RowInputJson.write(derivedFrom));
    }
  }

  /** Adds what only the receipt's document holds. */
  void writeDocument(ObjectNode json) {
    scope.ifPresent(text -> json.put(SCOPE, text));
  }

  /** What a document says; one from before there were modes is of an append. */
  static PublishIntent read(JsonNode json) {
    return new PublishIntent(
        PublishMode.parse(json.path(MODE).asText(PublishMode.APPEND.text())),
        Optional.ofNullable(json.path(SCOPE).textValue()),
        Optional.ofNullable(json.path(REASON).textValue()),
        RowInputJson.read(json.path(DERIVED_FROM)),
        Optional.ofNullable(json.path(DATA_TIME).textValue()).map(Instant::parse));
  }
}
