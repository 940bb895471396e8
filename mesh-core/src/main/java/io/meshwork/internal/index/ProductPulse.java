package io.meshwork.internal.index;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.card.ProductCard;
import io.meshwork.internal.ledger.DocumentJson;
import io.meshwork.internal.ledger.PackedPart;
import io.meshwork.internal.ledger.VersionedDocument;
import io.meshwork.internal.runtime.InstantText;
import io.meshwork.product.ContractVersion;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
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
public record ProductPulse(
    Optional<String> snapshot,
    PulseTimes times,
    long rows,
    long bytes,
    Optional<PulseQuality> quality,
    DeclaredInputs inputs,
    List<PulseTimes> updates) {
  /** How many times of publishes are kept. */
  static final int MAX_UPDATES = 60;

  /** Copies the list. */
  public ProductPulse {
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

    /** Refuses a text without a time. */
    private static boolean hasTime(String text) {
      return time(text).isBefore(Instant.MAX);
    }
  }

  /**
   * The quality of the newest publish.
   *
   * @param card its public form
   * @param quarantined the rows that were quarantined
   */
  public record PulseQuality(ProductCard.Quality card, long quarantined) {
    /** True if a rule failed or rows were quarantined. */
    public boolean isViolated() {
      return quarantined > 0 || card.rulesPassed() < card.rulesEvaluated();
    }

    /** Reads an entry of the quality history. */
    static PulseQuality of(JsonNode json) {
      return new PulseQuality(
          new ProductCard.Quality(
              json.path("publishId").asText(),
              ContractVersion.parse(json.path("contractVersion").asText()),
              InstantText.parse(json.path("at").asText()),
              json.has("qualityScore")
                  ? OptionalDouble.of(json.get("qualityScore").asDouble())
                  : OptionalDouble.empty(),
              json.path("rulesPassed").asInt(),
              json.path("rulesEvaluated").asInt()),
          json.path("rowsQuarantined").asLong());
    }

    private ObjectNode write(ObjectNode json) {
      json.put("publishId", card.publishId());
      json.put("contractVersion", card.contractVersion().toString());
      json.put("at", card.committedAt().toString());
      card.score().ifPresent(score -> json.put("qualityScore", score));
      json.put("rulesPassed", card.rulesPassed());
      json.put("rulesEvaluated", card.rulesEvaluated());
      json.put("rowsQuarantined", quarantined);
      return json;
    }
  }

  /** True if it is known when rows were published, and from what. */
  boolean isComplete() {
    return !inputs.isPartial() && (snapshot.isEmpty() || times.updated().isPresent());
  }

  /** Reads its document; empty if that is damaged. */
  static Optional<ProductPulse> find(VersionedDocument stored) {
    return DerivedDocument.find(stored, ProductPulse::of);
  }

  private static ProductPulse of(ObjectNode json) {
    List<PulseTimes> updates = new ArrayList<>();
    json.path("updates")
        .forEach(
            each ->
                updates.add(
                    each.isTextual()
                        ? PulseTimes.at(InstantText.parse(each.asText()))
                        : times(each)));
    return new ProductPulse(
        ProductShape.text(json, "snapshot"),
        times(json),
        json.path("rows").asLong(),
        json.path("bytes").asLong(),
        json.has("quality") ? Optional.of(PulseQuality.of(json.path("quality"))) : Optional.empty(),
        DeclaredInputs.of(PackedPart.read(json, "inputs")),
        updates);
  }

  private static PulseTimes times(JsonNode json) {
    return new PulseTimes(
        time(json, "updated"),
        time(json, "published"),
        ProductShape.text(json, "dataTime").filter(PulseTimes::hasTime),
        time(json, "completeUpTo"));
  }

  private static void write(PulseTimes times, ObjectNode json) {
    put(json, "updated", times.updated());
    put(json, "published", times.published());
    times.dataTime().ifPresent(text -> json.put("dataTime", text));
    put(json, "completeUpTo", times.completeUpTo());
  }

  private static Optional<Instant> time(JsonNode json, String field) {
    return ProductShape.text(json, field).map(InstantText::parse);
  }

  /** Returns its document. */
  ObjectNode toDocument() {
    ObjectNode json = DocumentJson.create();
    snapshot.ifPresent(id -> json.put("snapshot", id));
    write(times, json);
    json.put("rows", rows);
    json.put("bytes", bytes);
    quality.ifPresent(known -> known.write(json.putObject("quality")));
    inputs.write(json.putObject("inputs"));
    ArrayNode publishes = json.putArray("updates");
    for (PulseTimes each : updates) {
      if (each.published().filter(at -> each.equals(PulseTimes.at(at))).isPresent()) {
        publishes.add(each.published().orElseThrow().toString());
      } else {
        write(each, publishes.addObject());
      }
    }
    PackedPart.pack(json, "inputs");
    return json;
  }

  private static void put(ObjectNode json, String field, Optional<Instant> time) {
    time.ifPresent(at -> json.put(field, at.toString()));
  }
}
