package io.meshwork.internal.consume;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a subscription reads, from its document. Immutable.
 *
 * @param columns paths; empty for all
 * @param where the filter in canonical form; empty for all rows
 * @param atMost the maximum number of added rows in a batch
 */
record SubscriptionTerms(
    int major,
    String purpose,
    String contact,
    List<String> columns,
    Optional<String> where,
    long atMost) {
  static final String FILTER = "where";
  static final String AT_MOST = "atMost";
  private static final long DEFAULT_AT_MOST = 1_000_000;

  SubscriptionTerms {
    columns = List.copyOf(columns);
  }

  static SubscriptionTerms of(JsonNode document) {
    return new SubscriptionTerms(
        document.path("major").asInt(),
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
