package io.meshwork.internal.consume;

import com.fasterxml.jackson.databind.JsonNode;
import io.meshwork.card.ProductConsumer;
import io.meshwork.internal.session.SubscriberList;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What a subscription reads, from its document. Immutable.
 *
 * @param follows true if it moves to the current major version when it is read
 * @param columns paths; empty for all
 * @param where the filter in canonical form; empty for all rows
 * @param atMost the maximum number of added rows in a batch
 */
record SubscriptionTerms(
    int major,
    boolean follows,
    String purpose,
    String contact,
    List<String> columns,
    Optional<String> where,
    long atMost) {
  static final String FILTER = "where";
  static final String AT_MOST = "atMost";
  private static final String FOLLOWING =
      ProductConsumer.MajorMode.FOLLOWING.name().toLowerCase(Locale.ROOT);
  private static final long DEFAULT_AT_MOST = 1_000_000;

  SubscriptionTerms {
    columns = List.copyOf(columns);
  }

  static SubscriptionTerms of(JsonNode document) {
    return new SubscriptionTerms(
        document.path("major").asInt(),
        document.path(SubscriberList.MAJOR_MODE).asText().equals(FOLLOWING),
        document.path("purpose").asText(),
        document.path("contact").asText(),
        columns(document),
        Optional.ofNullable(document.path(FILTER).asText(null)),
        document.path(AT_MOST).asLong(DEFAULT_AT_MOST));
  }

  /** Returns the columns of a subscription's document, as paths; empty for all. */
  static List<String> columns(JsonNode document) {
    List<String> names = new ArrayList<>();
    document.path("columns").forEach(column -> names.add(column.asText()));
    return names;
  }

  ReadOptions toReadOptions() {
    return ReadOptions.of(major).withFilter(where.orElse(null)).withColumns(columns);
  }
}
