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
 * How a subscription uses a major, as it stands in the registry.
 *
 * @param product what is read
 * @param major the major that is read
 * @param name the subscription's name
 * @param at when it was read, to the hour or better
 * @param by who read it
 * @param version the contract version in force then; empty in notes of an older SDK
 * @param columns paths of the columns that were read lately, each with the day of the last time;
 *     {@link #ALL} for more than can be kept
 */
public record UsageEntry(
    ProductName product,
    int major,
    String name,
    Instant at,
    String by,
    Optional<ContractVersion> version,
    SortedMap<String, Instant> columns) {
  /** Stands for all columns. */
  public static final String ALL = "*";

  /** A note is written anew when it is so old. */
  public static final Duration EVERY = Duration.ofHours(1);

  /** A column that was not read for so long is not counted among those that are. */
  public static final Duration LATELY = Duration.ofDays(90);

  private static final int MOST_COLUMNS = 500;

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

  /** True if it says already, and lately, that these columns are read under this version. */
  public boolean covers(ContractVersion read, Collection<String> paths, Instant now) {
    return at.isAfter(now.minus(EVERY))
        && version.equals(Optional.of(read))
        && (columns.containsKey(ALL) || columns.keySet().containsAll(paths));
  }

  /** The same with a use of these columns, without those that were not read for long. */
  public UsageEntry used(String who, ContractVersion read, Collection<String> paths, Instant now) {
    Instant day = now.truncatedTo(ChronoUnit.DAYS);
    SortedMap<String, Instant> all = new TreeMap<>(columns);
    all.values().removeIf(last -> last.isBefore(now.minus(LATELY)));
    paths.forEach(path -> all.put(path, day));
    if (all.size() > MOST_COLUMNS) {
      all.clear();
      all.put(ALL, day);
    }
    return new UsageEntry(
        product, major, name, now.truncatedTo(ChronoUnit.MILLIS), who, Optional.of(read), all);
  }

  /** The paths that were read lately; {@link #ALL} among them for any. */
  public Set<String> paths() {
    return columns.keySet();
  }

  /** Its document; fields that this version does not know stay. */
  public ObjectNode toDocument(Optional<VersionedDocument> before) {
    ObjectNode json =
        before.map(stored -> stored.json().deepCopy()).orElseGet(DocumentJson::create);
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
