package io.meshwork.internal.index;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import com.fasterxml.jackson.annotation.JsonValue;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.meshwork.internal.ledger.DocumentCodec;
import io.meshwork.internal.ledger.PackedPart;
import io.meshwork.internal.ledger.VersionedDocument;
import io.meshwork.internal.runtime.InstantText;
import io.meshwork.internal.session.PublishQuality;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What happens to a major version: when its rows were updated, how many they are, how good the last
 * publish was, and what it derives from. Immutable.
 *
 * @param snapshot the ID of the newest snapshot; empty before the first publish
 * @param times when rows were updated
 * @param rows the number of rows
 * @param bytes the size of the data files
 * @param quality the quality of the newest publish
 * @param inputs what publishes stated as their inputs
 * @param updates the times as of each of the last publishes, oldest first
 */
public record ProductActivity(
    Optional<String> snapshot,
    @JsonUnwrapped PulseTimes times,
    long rows,
    long bytes,
    Optional<PublishQuality> quality,
    DeclaredInputs inputs,
    List<PulseTimes> updates) {
  /** How many times of publishes are kept. */
  static final int MAX_UPDATES = 60;

  private static final String INPUTS = "inputs";

  public ProductActivity {
    updates = List.copyOf(updates);
  }

  /**
   * True if the last publishes have this one, or it may be older than all of them: a rollback makes
   * an early publish one of the last that a table names.
   */
  boolean remembers(PulseTimes update) {
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
  public record PulseTimes(
      Optional<Instant> updated,
      Optional<Instant> published,
      Optional<String> dataTime,
      Optional<Instant> completeUpTo) {
    public PulseTimes {
      dataTime.ifPresent(PulseTimes::time); // refuses a text without a time
    }

    /** The times of a publish of which only its own time is known. */
    static PulseTimes at(Instant published) {
      return new PulseTimes(
          Optional.of(published), Optional.of(published), Optional.empty(), Optional.empty());
    }

    /** The newest event time in a column; empty if it is unknown. */
    public Optional<Instant> dataTime(OptionalInt column) {
      return column.isEmpty()
          ? Optional.empty()
          : dataTime.filter(text -> text.startsWith(column.getAsInt() + "@")).map(PulseTimes::time);
    }

    private static Instant time(String text) {
      return InstantText.parse(text.substring(text.indexOf('@') + 1));
    }

    @JsonCreator
    private static PulseTimes of(JsonNode json) {
      return json.isTextual()
          ? at(InstantText.parse(json.asText()))
          : DocumentCodec.of(PulseTimes.class).read(json);
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
