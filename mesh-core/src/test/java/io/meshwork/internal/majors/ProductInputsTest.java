package io.meshwork.internal.majors;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.internal.ledger.DocumentJson;
import io.meshwork.internal.ledger.VersionedDocument;
import io.meshwork.product.MajorVersion;
import io.meshwork.product.ProductName;
import io.meshwork.registry.Registry.Key;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ProductInputsTest {
  private static final Instant NOW = Instant.parse("2026-11-20T08:00:00Z");
  private static final Instant SINCE = NOW.minus(Duration.ofDays(90));
  private static final MajorVersion ORDERS = new MajorVersion(ProductName.of("shop/orders"), 1);
  private static final MajorVersion STOCK = new MajorVersion(ProductName.of("shop/stock"), 2);

  private final Map<Long, VersionedDocument> log = new HashMap<>();
  private final List<Long> pages = new ArrayList<>();

  private void publish(long sequence, int daysAgo, long rows, MajorVersion... inputs) {
    ObjectNode entry = DocumentJson.create();
    entry.put("sequence", sequence).put("event", "product.published");
    entry.put("at", NOW.minus(Duration.ofDays(daysAgo)).toString());
    ObjectNode details = entry.putObject("details").put("major", 1).put("rowsAccepted", rows);
    for (MajorVersion input : inputs) {
      details
          .withArray("/derivedFrom")
          .addObject()
          .put("product", input.product().toString())
          .put("contractVersion", input.major() + ".0.0");
    }
    log.put(sequence, new VersionedDocument(new Key("p", "log/" + sequence), entry, "1"));
  }

  private void columns(long sequence, int input, String... pairs) {
    ArrayNode columns =
        ((ObjectNode) log.get(sequence).json().at("/details/derivedFrom/" + input))
            .putArray("columns");
    Arrays.asList(pairs).forEach(columns::add);
  }

  private ProductInputs read(long newest) {
    pages.clear();
    return ProductInputs.of(
        page -> {
          pages.add(page);
          List<VersionedDocument> entries = new ArrayList<>();
          for (long sequence = page * 1_000; sequence < (page + 1) * 1_000; sequence++) {
            if (log.containsKey(sequence)) {
              entries.add(log.get(sequence));
            }
          }
          return entries;
        },
        newest,
        SINCE);
  }

  @Test
  void allPublishesOfTheLastDaysCount() {
    publish(1, 200, 5, ORDERS);
    publish(2, 89, 5, STOCK);
    publish(3, 1, 5);

    assertThat(read(3)).isEqualTo(new ProductInputs(Map.of(STOCK, List.of()), true));
  }

  @Test
  void theNewestPublishThatAddedRowsCountsHoweverOldItIs() {
    publish(1, 300, 5, STOCK);
    publish(2, 200, 5, ORDERS);
    publish(2_500, 150, 0);

    assertThat(read(2_500)).isEqualTo(new ProductInputs(Map.of(ORDERS, List.of()), true));
    assertThat(pages).containsExactly(2L, 1L, 0L);
  }

  @Test
  void aLogWithoutAPublishIsReadToItsBound() {
    publish(1, 300, 5, STOCK);

    assertThat(read(99_999)).isEqualTo(new ProductInputs(Map.of(STOCK, List.of()), true));
    assertThat(read(100_000)).isEqualTo(new ProductInputs(Map.of(), false));
    assertThat(pages).hasSize(100).doesNotContain(0L);
  }

  @Test
  void theColumnsOfAllPublishesCountUnlessOneNamesNone() {
    publish(1, 20, 5, ORDERS, STOCK);
    publish(2, 10, 5, ORDERS, STOCK);
    columns(1, 0, "total=amount");
    columns(2, 0, "id=id", "sum=amount");
    columns(2, 1, "id=id");

    assertThat(read(2))
        .isEqualTo(
            new ProductInputs(Map.of(ORDERS, List.of("amount", "id"), STOCK, List.of()), true));
  }

  @Test
  void anEmptyLogHasNoInputs() {
    assertThat(read(0)).isEqualTo(new ProductInputs(Map.of(), true));
  }
}
