package io.meshwork.internal.index;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import com.fasterxml.jackson.annotation.JsonValue;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.meshwork.error.BackendException;
import io.meshwork.internal.ledger.DocumentCodec;
import io.meshwork.internal.ledger.PackedPart;
import io.meshwork.internal.ledger.VersionedDocument;
import io.meshwork.internal.session.PublishQuality;
import io.meshwork.internal.table.Manifests;
import io.meshwork.internal.table.QuarantineTable;
import io.meshwork.internal.table.TableState;
import io.meshwork.internal.text.InstantText;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.DataOperations;
import org.apache.iceberg.ManifestFile;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.apache.iceberg.types.Conversions;
import org.apache.iceberg.types.Types;
import org.jspecify.annotations.Nullable;

/**
 * What happens to a major version: when its rows were updated, how many they are, how good the last
 * publish was, and what it derives from. Immutable.
 *
 * @param snapshot the ID of the newest snapshot; empty before the first publish
 * @param times when rows were updated
 * @param rows the number of rows
 * @param bytes the size of the data files
 * @param quality the quality of the newest publish
 * @param waiting the rows in the quarantine; empty if it could not be read
 * @param inputs what publishes stated as their inputs
 * @param updates the times as of each of the last publishes, oldest first
 */
public record ProductActivity(
    Optional<String> snapshot,
    @JsonUnwrapped ActivityTimes times,
    long rows,
    long bytes,
    Optional<PublishQuality> quality,
    Optional<WaitingRows> waiting,
    DeclaredInputs inputs,
    List<ActivityTimes> updates) {
  /** How many times of publishes are stored. */
  static final int MAX_UPDATES = 60;

  private static final String INPUTS = "inputs";

  public ProductActivity {
    updates = List.copyOf(updates);
  }

  /** Returns the known times of publishes, each once, in no order. */
  public Stream<Instant> publishes() {
    return Stream.concat(Stream.of(times), updates.stream())
        .flatMap((ActivityTimes each) -> each.published().stream())
        .distinct();
  }

  /** Returns the same with other rows in the quarantine. */
  ProductActivity withWaiting(Optional<WaitingRows> rows) {
    return new ProductActivity(snapshot, times, this.rows, bytes, quality, rows, inputs, updates);
  }

  /**
   * Returns the same with the rows that wait in all major versions. A publish to several puts a row
   * into the quarantine of each, from which each is corrected: it counts in each.
   */
  ProductActivity withWaitingIn(List<ProductActivity> others) {
    return withWaiting(
        waiting.map(
            own ->
                others.stream()
                    .flatMap(activity -> activity.waiting().stream())
                    .reduce(own, WaitingRows::with)));
  }

  /**
   * The rows that wait in a quarantine.
   *
   * @param rows their number
   * @param since when the oldest was quarantined; empty without one, and if its file does not say
   */
  public record WaitingRows(long rows, Optional<Instant> since) {
    private static final int QUARANTINED_AT =
        QuarantineTable.SCHEMA.findField(QuarantineTable.QUARANTINED_AT).fieldId();

    /**
     * The rows in a quarantine.
     *
     * @param before the rows before the current snapshot; empty if they are unknown
     * @throws BackendException if a manifest cannot be read
     */
    static WaitingRows in(Table quarantine, Optional<WaitingRows> before) {
      Snapshot current = quarantine.currentSnapshot();
      long waiting = TableState.of(quarantine).rows();
      if (current == null || waiting == 0) {
        return new WaitingRows(0, Optional.empty());
      }
      Optional<Instant> oldest =
          before
              .filter(rows -> DataOperations.APPEND.equals(current.operation()))
              .flatMap(WaitingRows::since);
      return new WaitingRows(waiting, oldest.or(() -> oldest(quarantine, current)));
    }

    private WaitingRows with(WaitingRows other) {
      return new WaitingRows(
          rows + other.rows,
          Stream.of(since, other.since).flatMap(Optional::stream).min(Instant::compareTo));
    }

    private static Optional<Instant> oldest(Table quarantine, Snapshot current) {
      AtomicReference<@Nullable Instant> oldest = new AtomicReference<>();
      for (ManifestFile manifest : Manifests.ofData(quarantine, current)) {
        Manifests.forEach(
            quarantine,
            current,
            manifest,
            file -> oldest(file).ifPresent(at -> oldest.accumulateAndGet(at, WaitingRows::min)));
      }
      return Optional.ofNullable(oldest.get());
    }

    private static Optional<Instant> oldest(DataFile file) {
      return Optional.ofNullable(file.lowerBounds())
          .map(bounds -> bounds.get(QUARANTINED_AT))
          .map(bound -> Conversions.<Long>fromByteBuffer(Types.LongType.get(), bound))
          .map(micros -> Instant.EPOCH.plus(micros, ChronoUnit.MICROS));
    }

    private static Instant min(@Nullable Instant one, Instant other) {
      return one == null || other.isBefore(one) ? other : one;
    }
  }

  /**
   * True if the last publishes have this one, or it may be older than all of them: a rollback makes
   * an early publish one of the last that a table names.
   */
  boolean remembers(ActivityTimes update) {
    Optional<Instant> oldest =
        updates.size() < MAX_UPDATES ? Optional.empty() : updates.get(0).published();
    return updates.contains(update)
        || oldest.flatMap(at -> update.published().filter(at::isAfter)).isPresent();
  }

  /**
   * When rows were updated.
   *
   * @param updated when rows were last added or replaced; empty if it is unknown
   * @param published when the last publish was committed, even without rows
   * @param dataTime the newest event time, with the field ID of its column, as {@code 3@TIME}
   * @param completeUpTo the time up to which the rows are complete
   */
  public record ActivityTimes(
      Optional<Instant> updated,
      Optional<Instant> published,
      Optional<String> dataTime,
      Optional<Instant> completeUpTo) {
    public ActivityTimes {
      dataTime.ifPresent(ActivityTimes::time); // refuses a string without a time
    }

    /** The times of a publish of which only its own time is known. */
    static ActivityTimes at(Instant published) {
      return new ActivityTimes(
          Optional.of(published), Optional.of(published), Optional.empty(), Optional.empty());
    }

    /** The newest event time in a column; empty if it is unknown. */
    public Optional<Instant> dataTime(OptionalInt column) {
      return column.isEmpty()
          ? Optional.empty()
          : dataTime
              .filter(text -> text.startsWith(column.getAsInt() + "@"))
              .map(ActivityTimes::time);
    }

    private static Instant time(String text) {
      return InstantText.parse(text.substring(text.indexOf('@') + 1));
    }

    @JsonCreator
    private static ActivityTimes of(JsonNode json) {
      return json.isTextual()
          ? at(InstantText.parse(json.asText()))
          : DocumentCodec.of(ActivityTimes.class).read(json);
    }

    @JsonValue
    private JsonNode json() {
      return published
          .filter(time -> equals(at(time)))
          .<JsonNode>map(time -> TextNode.valueOf(time.toString()))
          .orElseGet(() -> DocumentCodec.toJson(this));
    }
  }

  /** True if it is known when rows were published, and from what. */
  boolean isComplete() {
    return !inputs.isPartial() && (snapshot.isEmpty() || times.updated().isPresent());
  }

  /** True if maintenance adds what a commit could not read. */
  boolean isToBeCompleted() {
    return inputs.isPartial() || waiting.isEmpty();
  }

  /** Reads its document; empty if that is damaged. */
  static Optional<ProductActivity> find(VersionedDocument stored) {
    return DerivedDocument.find(stored, ProductActivity::of);
  }

  private static ProductActivity of(ObjectNode json) {
    return DocumentCodec.of(ProductActivity.class).read(PackedPart.unpack(json, INPUTS));
  }

  ObjectNode toDocument() {
    ObjectNode json = DocumentCodec.of(ProductActivity.class).write(this, Optional.empty());
    PackedPart.pack(json, INPUTS);
    return json;
  }
}
