package io.meshwork.portal.internal.site;

import io.meshwork.MeshClient;
import io.meshwork.card.Health;
import io.meshwork.card.ProductCard;
import io.meshwork.error.AccessDeniedException;
import io.meshwork.error.BackendException;
import io.meshwork.error.ConflictException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.NotFoundException;
import io.meshwork.portal.internal.page.DataBlock;
import io.meshwork.portal.internal.page.DataBlock.PublishRow;
import io.meshwork.portal.internal.page.ProductPage.Fact;
import io.meshwork.portal.internal.text.ByteText;
import io.meshwork.portal.internal.text.PageTime;
import io.meshwork.portal.internal.text.SampleText;
import io.meshwork.publish.PublishReceipt;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;

/** Reads what a product holds: how much, its last publishes, and a sample. */
final class DataReader {
  private static final int PUBLISHES = 5;

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
    SampleReader.Sample sample = new SampleReader(client, card, text).sample();
    List<Fact> facts = new ArrayList<>();
    health
        .rows()
        .ifPresent(rows -> facts.add(new Fact("Rows", String.format(Locale.ROOT, "%,d", rows))));
    health.bytes().ifPresent(bytes -> facts.add(new Fact("Size", ByteText.of(bytes))));
    return new DataBlock(
        card.access() == ProductCard.Access.READ_ALL || sample.reason().isEmpty(),
        facts,
        health.isForOwner() ? known(this::publishes) : List.of(),
        sample.columns(),
        sample.moreColumns(),
        sample.rows(),
        sample.reason(),
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
}
