package io.meshwork.portal.internal.site;

import io.meshwork.MeshClient;
import io.meshwork.card.Health;
import io.meshwork.card.ProductCard;
import io.meshwork.consume.Rows;
import io.meshwork.error.AccessDeniedException;
import io.meshwork.error.BackendException;
import io.meshwork.error.ConflictException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.NotFoundException;
import io.meshwork.portal.internal.page.DataBlock;
import io.meshwork.portal.internal.page.DataBlock.PublishRow;
import io.meshwork.portal.internal.page.DataBlock.SampleRow;
import io.meshwork.portal.internal.page.ProductPage.Fact;
import io.meshwork.portal.internal.text.ByteText;
import io.meshwork.portal.internal.text.PageTime;
import io.meshwork.portal.internal.text.SampleText;
import io.meshwork.publish.PublishReceipt;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Reads what a product holds: how much, its last publishes, and a sample. Rows are read for the
 * owner alone: the read of another domain counts as its use of the product, for which a rollout
 * waits.
 */
final class DataReader {
  private static final int PUBLISHES = 5;
  private static final int SAMPLES = 3;

  private final MeshClient client;
  private final ProductCard card;
  private final Health health;
  private final SampleText text;

  DataReader(MeshClient client, ProductCard card, Health health, SampleText text) {
    this.client = client;
    this.card = card;
    this.health = health;
    this.text = text;
  }

  DataBlock block() {
    boolean visible = card.access() == ProductCard.Access.READ_ALL;
    List<Fact> facts = new ArrayList<>();
    health
        .rows()
        .ifPresent(rows -> facts.add(new Fact("Rows", String.format(Locale.ROOT, "%,d", rows))));
    health.bytes().ifPresent(bytes -> facts.add(new Fact("Size", ByteText.of(bytes))));
    List<SampleRow> sample = health.isForOwner() ? known(this::shownSample) : List.of();
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
  static <T> List<T> known(Supplier<List<T>> question) {
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

  /** A sample of which all values are masked is left out. */
  private List<SampleRow> shownSample() {
    List<SampleRow> sample = sample();
    return sample.stream().flatMap(row -> row.values().stream()).allMatch(SampleText.MASKED::equals)
        ? List.of()
        : sample;
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
}
