package io.meshwork.internal.catalog;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.internal.ledger.DocumentJson;
import io.meshwork.internal.ledger.VersionedDocument;
import io.meshwork.product.ContractVersion;
import io.meshwork.product.ProductName;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The stored use of a major by a subscription.
 *
 * @param product the product that is read
 * @param major the major that is read
 * @param name the subscription's name
 * @param at when it was read last, to the hour or better
 * @param by the principal that read it
 * @param version the contract version in force at that time; empty for an old document
 * @param columns paths of the columns that were read recently, each with the day of the last read;
 *     {@link #ALL} if there are too many
 */
public record UsageEntry(
    ProductName product,
    int major,
    String name,
    Instant at,
    String by,
    Optional<ContractVersion> version,
    SortedMap<String, Instant> columns) {
  /** All columns. */
  public static final String ALL = "*";

  /** The age at which the document is rewritten. */
  public static final Duration REWRITE_AFTER = Duration.ofHours(1);

  /** The time since the last read after which a column counts as unused. */
  public static final Duration RECENT = Duration.ofDays(90);

  private static final int MAX_COLUMNS = 500;

  /** Copies the columns. */
  public UsageEntry {
    columns = Collections.unmodifiableSortedMap(new TreeMap<>(columns));
  }

  /** Reads its document. */
  public static UsageEntry of(VersionedDocument stored) {
    JsonNode json = stored.json();
    SortedMap<String, Instant> columns = new TreeMap<>();
    for (Map.Entry<String, JsonNode> column : json.path("columns").properties()) {
      columns.put(column.getKey(), Instant.parse(column.getValue().asText()));
    }
    return new UsageEntry(
        ProductName.of(json.path("product").asText()),
        json.path("major").asInt(),
        json.path("name").asText(),
        Instant.parse(json.path("at").asText()),
        json.path("by").asText(),
        Optional.ofNullable(json.path("contractVersion").textValue()).map(ContractVersion::parse),
        columns);
  }

  /** True if it already has a recent read of these columns under this version. */
  public boolean covers(ContractVersion read, Collection<String> paths, Instant now) {
    return at.isAfter(now.minus(REWRITE_AFTER))
        && version.equals(Optional.of(read))
        && (columns.containsKey(ALL) || columns.keySet().containsAll(paths));
  }

  /** The same with a read of these columns, without columns that are no longer read. */
  public UsageEntry used(String who, ContractVersion read, Collection<String> paths, Instant now) {
    Instant day = now.truncatedTo(ChronoUnit.DAYS);
    SortedMap<String, Instant> all = new TreeMap<>(columns);
    all.values().removeIf(last -> last.isBefore(now.minus(RECENT)));
    paths.forEach(path -> all.put(path, day));
    if (all.size() > MAX_COLUMNS) {
      all.clear();
      all.put(ALL, day);
    }
    return new UsageEntry(
        product, major, name, now.truncatedTo(ChronoUnit.MILLIS), who, Optional.of(read), all);
  }

  /** The paths that were read recently; contains {@link #ALL} for all columns. */
  public Set<String> paths() {
    return columns.keySet();
  }

  /** Its document; unknown fields of the existing one are kept. */
  public ObjectNode toDocument(Optional<VersionedDocument> existing) {
    ObjectNode json =
        existing.map(stored -> stored.json().deepCopy()).orElseGet(DocumentJson::create);
    json.put("product", product.toString());
    json.put("major", major);
    json.put("name", name);
    json.put("at", at.toString());
    json.put("by", by);
    version.ifPresent(read -> json.put("contractVersion", read.toString()));
    ObjectNode read = json.putObject("columns");
    columns.forEach((path, last) -> read.put(path, last.toString()));
    return json;
  }
}
