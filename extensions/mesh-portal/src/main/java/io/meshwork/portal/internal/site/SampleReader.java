package io.meshwork.portal.internal.site;

import io.meshwork.MeshClient;
import io.meshwork.card.ProductCard;
import io.meshwork.consume.Rows;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.MeshException;
import io.meshwork.internal.consume.ConsumerOperations;
import io.meshwork.portal.internal.page.DataBlock.SampleRow;
import io.meshwork.portal.internal.text.SampleText;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads the first rows of a product, for viewers who may read all of them, or says why not. */
final class SampleReader {
  /** Of wide products, so that a page stays small. */
  private static final int MOST_COLUMNS = 40;

  private final MeshClient client;
  private final ProductCard card;
  private final SampleText text;

  SampleReader(MeshClient client, ProductCard card, SampleText text) {
    this.client = client;
    this.card = card;
    this.text = text;
  }

  /**
   * The first rows, or why there are none.
   *
   * @param moreColumns the number of columns that are left out
   * @param reason a sentence; empty if the viewer may see the rows, even if there are none yet
   */
  record Sample(List<String> columns, int moreColumns, List<SampleRow> rows, String reason) {
    Sample {
      columns = List.copyOf(columns);
      rows = List.copyOf(rows);
    }

    private static Sample none(String reason) {
      return new Sample(List.of(), 0, List.of(), reason);
    }
  }

  Sample sample() {
    if (card.access() == ProductCard.Access.DESCRIBE_ONLY) {
      return Sample.none(sentence(ErrorCode.ACCESS_DENIED));
    }
    try {
      Optional<Rows<Map<String, Object>>> sample =
          ConsumerOperations.sample(client.read(card.name()));
      return sample
          .map(this::shown)
          .orElse(Sample.none("You may read only some of its rows, so no sample is shown."));
    } catch (MeshException e) {
      return Sample.none(sentence(e.errorCode()));
    }
  }

  private static String sentence(ErrorCode code) {
    return switch (code) {
      case ACCESS_DENIED, LINK_MISSING, DOMAIN_MISSING ->
          "You may not read its rows, so no sample is shown.";
      case FILTERED_READ -> "You may read only a part of it, and not here, so no sample is shown.";
      case READS_SUSPENDED -> "Reads of it are suspended, so no sample is shown.";
      case MAJOR_RETIRED -> "This version was retired, so no sample is shown.";
      default -> "Its rows cannot be read now, so no sample is shown.";
    };
  }

  private Sample shown(Rows<Map<String, Object>> source) {
    try (source) {
      List<String> all = source.columns();
      List<String> columns = all.subList(0, Math.min(all.size(), MOST_COLUMNS));
      List<SampleRow> rows = new ArrayList<>();
      source.forEach(
          row ->
              rows.add(
                  new SampleRow(
                      columns.stream().map(name -> text.of(name, row.get(name))).toList())));
      boolean masked =
          rows.stream().flatMap(row -> row.values().stream()).allMatch(SampleText.MASKED::equals);
      return rows.isEmpty() || !masked
          ? new Sample(columns, all.size() - columns.size(), rows, "")
          : Sample.none("Its values are sensitive, so a written site shows no sample.");
    }
  }
}
