package io.meshwork.internal.receipts;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.internal.ledger.DocumentCodec;
import io.meshwork.internal.runtime.Sha256;
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
 * What a publish does, without its rows. Immutable.
 *
 * @param mode what happens to the existing rows
 * @param reason the caller's reason; empty if none was given
 * @param derivedFrom the inputs of the rows that the caller named
 * @param completeUpTo all rows with an event time before this are published; empty if not stated
 * @param filter for replace-where and erase, the filter in its canonical form, including its
 *     constants; for a rollback, the ID of the restored snapshot; otherwise empty
 * @param values the columns of a filter and the number of values if documents must not contain it,
 *     so that no erasure has to remove them; otherwise empty
 * @param filterHash the hash of such a filter
 */
public record PublishIntent(
    PublishMode mode,
    Optional<String> reason,
    List<Input> derivedFrom,
    @JsonProperty(DATA_TIME) Optional<Instant> completeUpTo,
    @JsonProperty(SCOPE) Optional<String> filter,
    Optional<String> values,
    @JsonIgnore Optional<String> filterHash) {
  static final String MODE = StagedFiles.MODE;
  static final String REASON = "reason";
  static final String DATA_TIME = "dataTime";
  public static final String SCOPE = "scope";
  private static final String DERIVED_FROM = "derivedFrom";

  public PublishIntent {
    derivedFrom = List.copyOf(derivedFrom);
  }

  /**
   * An intent.
   *
   * @param scope the filter, or what documents contain instead of it
   * @param filterHash the hash of a filter that documents must not contain; otherwise empty
   */
  public PublishIntent(
      PublishMode mode,
      Optional<String> scope,
      Optional<String> filterHash,
      Optional<String> reason,
      List<Input> derivedFrom,
      Optional<Instant> completeUpTo) {
    this(
        mode,
        reason,
        derivedFrom,
        completeUpTo,
        scope.filter(text -> filterHash.isEmpty()),
        scope.filter(text -> filterHash.isPresent()),
        filterHash);
  }

  /** An append without options. */
  public static PublishIntent append() {
    return new PublishIntent(
        PublishMode.APPEND,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        List.of(),
        Optional.empty());
  }

  /** The filter, the snapshot, or what documents contain instead of a filter. */
  public Optional<String> scope() {
    return filter.or(() -> values);
  }

  /** True if an erasure removed the filter of the rows that it replaces. */
  public boolean isFilterRemoved() {
    return mode == PublishMode.REPLACE_WHERE && scope().isEmpty();
  }

  /**
   * The properties of the snapshot's summary. Every reader of the table sees them, so they contain
   * neither the filter, whose constants may be personal data, nor the reason.
   */
  public Map<String, String> summary() {
    Map<String, String> summary = new LinkedHashMap<>();
    summary.put(TableSnapshots.MODE, mode.text());
    if (mode == PublishMode.ROLLBACK) {
      filter.ifPresent(snapshot -> summary.put(TableSnapshots.SCOPE, snapshot));
    }
    if (!derivedFrom.isEmpty()) {
      summary.put(
          "meshwork.derived-from",
          derivedFrom.stream().map(Input::toString).collect(Collectors.joining(",")));
    }
    return summary;
  }

  /** The hash of the filter for the log entry, which is permanent; empty without a filter. */
  public Optional<String> scopeHash() {
    return identity().map(Sha256::hex);
  }

  /** The public fields; not the scope, because it may contain field values. */
  ObjectNode published() {
    return DocumentCodec.toJson(this).retain(MODE, REASON, DERIVED_FROM);
  }

  /** What distinguishes the scope from others. */
  public Optional<String> identity() {
    return filterHash.map(hash -> "sha256:" + hash).or(() -> filter);
  }

  /** The same in another major version, where the filter can have other columns. */
  public PublishIntent in(Optional<String> its, Optional<String> itsHash) {
    return its.isEmpty()
        ? this
        : new PublishIntent(mode, its, itsHash, reason, derivedFrom, completeUpTo);
  }
}
