package io.meshwork.portal;

import io.meshwork.MeshClient;
import io.meshwork.card.Health;
import io.meshwork.card.ProductCard;
import io.meshwork.consume.Rows;
import io.meshwork.error.AccessDeniedException;
import io.meshwork.error.BackendException;
import io.meshwork.error.ConflictException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.NotFoundException;
import io.meshwork.portal.DataBlock.PublishRow;
import io.meshwork.portal.DataBlock.SampleRow;
import io.meshwork.portal.ProductPage.Fact;
import io.meshwork.portal.ProductPage.Snippet;
import io.meshwork.portal.QuarantineBlock.QuarantinedRow;
import io.meshwork.portal.QuarantineBlock.RuleCount;
import io.meshwork.publish.PublishReceipt;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Reads what a product holds. Rows are read for the owner alone: the read of another domain counts
 * as its use of the product, for which a rollout waits.
 */
final class DataReader {
  private static final int PUBLISHES = 5;
  private static final int SAMPLES = 3;

  /** So many waiting rows are counted by rule. */
  private static final int MOST_COUNTED = 1_000;

  private final MeshClient client;
  private final ProductCard card;
  private final Health health;
  private final SampleText text;

  DataReader(MeshClient client, ProductCard card, Health health) {
    this.client = client;
    this.card = card;
    this.health = health;
    this.text = new SampleText(card);
  }

  DataBlock data() {
    boolean visible = card.access() == ProductCard.Access.READ_ALL;
    List<Fact> facts = new ArrayList<>();
    health
        .rows()
        .ifPresent(rows -> facts.add(new Fact("Rows", String.format(Locale.ROOT, "%,d", rows))));
    health.bytes().ifPresent(bytes -> facts.add(new Fact("Size", ByteText.of(bytes))));
    List<SampleRow> sample = health.isForOwner() ? known(this::sample) : List.of();
    return new DataBlock(
        visible,
        facts,
        health.isForOwner() ? known(this::publishes) : List.of(),
        sample.isEmpty()
            ? List.of()
            : card.columns().stream().map(ProductCard.Column::name).toList(),
        sample,
        card.access() == ProductCard.Access.DESCRIBE_ONLY
            ? ""
            : "mesh read " + card.name() + " --limit 20");
  }

  /** The files of a table may be damaged or missing, and reads of it suspended. */
  private static <T> List<T> known(Supplier<List<T>> question) {
    try {
      return question.get();
    } catch (AccessDeniedException | BackendException | NotFoundException e) {
      return List.of();
    } catch (ConflictException e) {
      if (e.errorCode() == ErrorCode.READS_SUSPENDED) {
        return List.of();
      }
      throw e;
    }
  }

  private List<PublishRow> publishes() {
    List<PublishReceipt> oldestFirst = client.publishHistory(card.name()).receipts();
    List<PublishRow> rows = new ArrayList<>();
    for (PublishReceipt receipt :
        oldestFirst.subList(Math.max(0, oldestFirst.size() - PUBLISHES), oldestFirst.size())) {
      rows.add(
          0,
          new PublishRow(
              PageTime.of(receipt.committedAt()),
              receipt.mode().text().replace('-', ' '),
              receipt.keyWasGiven() ? receipt.idempotencyKey() : "",
              receipt.rowsAccepted(),
              receipt.quality().rowsQuarantined(),
              receipt.rowsRemoved()));
    }
    return rows;
  }

  private List<SampleRow> sample() {
    if (health.rows().orElse(0) == 0) {
      return List.of();
    }
    List<SampleRow> sample = new ArrayList<>();
    try (Rows<Map<String, Object>> rows = client.read(card.name()).limit(SAMPLES).asMaps().rows()) {
      rows.forEach(
          row ->
              sample.add(
                  new SampleRow(
                      card.columns().stream()
                          .map(column -> text.of(column.name(), row.get(column.name())))
                          .toList())));
    }
    return sample;
  }

  /** Returns the rows that wait; empty if there are none, and for others than the owner. */
  Optional<QuarantineBlock> quarantine() {
    long waiting = health.rowsWaiting().orElse(0);
    if (!health.isForOwner() || waiting == 0) {
      return Optional.empty();
    }
    Map<String, Long> counts = new HashMap<>();
    List<QuarantinedRow> samples = known(() -> quarantined(counts));
    List<RuleCount> rules =
        counts.entrySet().stream()
            .map(entry -> new RuleCount(entry.getKey(), entry.getValue()))
            .sorted(
                Comparator.comparingLong(RuleCount::rows).reversed().thenComparing(RuleCount::rule))
            .toList();
    return Optional.of(
        new QuarantineBlock(
            Plural.of(waiting, "row")
                + (waiting > MOST_COUNTED ? "; the newest 1,000 are counted by rule" : ""),
            health.waitingSince().map(PageTime::of),
            rules,
            samples,
            commands(rules.isEmpty() ? "RULE" : rules.get(0).rule())));
  }

  /** A publish to several versions puts a row into the quarantine of each. */
  private record Place(@Nullable Object publish, @Nullable Object number) {}

  private List<QuarantinedRow> quarantined(Map<String, Long> counts) {
    Map<Place, Map<String, Object>> waiting = new LinkedHashMap<>();
    Map<Place, String> versions = new HashMap<>();
    // A rollout may have quarantined rows of the next version, which is not listed yet.
    int newest = card.versions().stream().mapToInt(each -> each.version().major()).max().orElse(0);
    for (int major = newest + 1; major > 0; major--) {
      for (Map<String, Object> row : quarantined(major)) {
        Place place = new Place(row.get("publish"), row.get("row_number"));
        waiting.putIfAbsent(place, row);
        versions.merge(place, String.valueOf(major), (one, other) -> one + ", " + other);
      }
    }
    List<QuarantinedRow> samples = new ArrayList<>();
    waiting.forEach(
        (place, row) -> {
          String broken = String.valueOf(row.get("rules"));
          for (String rule : broken.split(",", -1)) {
            counts.merge(rule.strip(), 1L, Long::sum);
          }
          if (samples.size() < SAMPLES) {
            samples.add(
                new QuarantinedRow(
                    versions.getOrDefault(place, ""),
                    broken,
                    String.valueOf(row.get("reason")),
                    text.ofRow(String.valueOf(row.get("row")))));
          }
        });
    return samples;
  }

  private List<Map<String, Object>> quarantined(int major) {
    List<Map<String, Object>> all = new ArrayList<>();
    try (Rows<Map<String, Object>> rows =
        client.quarantine(card.name()).majorVersion(major).limit(MOST_COUNTED).asMaps().rows()) {
      rows.forEach(all::add);
    } catch (NotFoundException e) {
      return List.of(); // aborted, purged, or never made
    }
    return all;
  }

  private List<Snippet> commands(String rule) {
    String where = " \\\n  --where \"rules LIKE '%" + rule + "%'\"";
    return List.of(
        new Snippet("Show them", "mesh quarantine " + card.name() + where),
        new Snippet(
            "Correct and publish them",
            "mesh republish " + card.name() + where + " \\\n  --set COLUMN=VALUE --dry-run"));
  }
}
