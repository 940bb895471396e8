package io.meshwork.internal.index;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.contract.Contract;
import io.meshwork.contract.Rule;
import io.meshwork.internal.catalog.MajorState;
import io.meshwork.internal.catalog.VersionEntry;
import io.meshwork.internal.ledger.DocumentJson;
import io.meshwork.internal.ledger.PackedPart;
import io.meshwork.internal.ledger.VersionedDocument;
import io.meshwork.internal.rights.TableRights;
import io.meshwork.internal.runtime.InstantText;
import io.meshwork.internal.schema.IcebergSchemas;
import io.meshwork.product.Classification;
import io.meshwork.product.ContractVersion;
import io.meshwork.product.ProductName;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import org.apache.avro.Schema;
import org.apache.iceberg.types.Types;

/**
 * What a major version is: the part of its contract and its tags that concerns questions about many
 * products. Immutable.
 *
 * @param product the product
 * @param major the major version
 * @param state its state
 * @param version its current contract version
 * @param classification the sensitivity of the product as a whole
 * @param tags the tags of the product itself
 * @param columns its top-level columns
 * @param terms what its contract promises
 * @param activated when the major version was defined; empty if it is unknown
 */
public record ProductShape(
    ProductName product,
    int major,
    MajorState state,
    ContractVersion version,
    Classification classification,
    Map<String, String> tags,
    List<IndexedColumn> columns,
    ContractPromises terms,
    Optional<Instant> activated) {
  private static final String CLASSIFICATION = "classification";
  private static final String DESCRIPTION = "description";
  private static final String COLUMNS = "columns";
  private static final String TAGS = "tags";
  private static final String EVENT_TIME = "eventTime";

  /** Copies the collections. */
  public ProductShape {
    tags = Map.copyOf(tags);
    columns = List.copyOf(columns);
  }

  /**
   * A top-level column.
   *
   * @param tags its own tags
   */
  public record IndexedColumn(
      String name, String description, Classification classification, Map<String, String> tags) {
    /** Copies the map. */
    public IndexedColumn {
      tags = Map.copyOf(tags);
    }
  }

  /**
   * The promises of a contract.
   *
   * @param freshWithin the greatest age of rows
   * @param eventTime the field ID of the column of the event time
   * @param hasKey true if it declares a primary key
   * @param rules the number of its rules
   * @param references the products that its rules refer to, each with the columns that they name
   */
  public record ContractPromises(
      Optional<Duration> freshWithin,
      OptionalInt eventTime,
      boolean hasKey,
      int rules,
      List<Reference> references) {
    /** Copies the list. */
    public ContractPromises {
      references = List.copyOf(references);
    }
  }

  /** A product that a rule refers to. */
  public record Reference(ProductName product, List<String> columns) {
    /** Copies the list. */
    public Reference {
      columns = List.copyOf(columns);
    }
  }

  /**
   * Derives the shape from the documents of a major version and its tags.
   *
   * @param activated when the major version was defined
   */
  static ProductShape of(
      ProductName product, VersionEntry version, TableRights rights, Optional<Instant> activated) {
    Contract contract = version.contract();
    Map<String, String> descriptions = contract.columnDescriptions();
    List<IndexedColumn> columns = new ArrayList<>();
    for (Schema.Field field : contract.schema().getFields()) {
      columns.add(
          new IndexedColumn(
              field.name(),
              descriptions.getOrDefault(field.name(), ""),
              contract.classificationOf(field.name()),
              rights.columnTags().getOrDefault(field.name(), Map.of())));
    }
    return new ProductShape(
        product,
        version.major(),
        version.state(),
        version.version(),
        contract.classification(),
        rights.tags(),
        columns,
        new ContractPromises(
            contract.freshWithin(),
            eventTime(version),
            !contract.primaryKey().isEmpty(),
            contract.rules().size(),
            references(product, contract)),
        activated);
  }

  private static OptionalInt eventTime(VersionEntry version) {
    org.apache.iceberg.Schema schema =
        version
            .schemaWithIds()
            .orElseGet(() -> IcebergSchemas.fromAvro(version.contract().schema()));
    return version
        .contract()
        .serviceLevel()
        .eventTime()
        .map(schema::findField)
        .map((Types.NestedField field) -> OptionalInt.of(field.fieldId()))
        .orElse(OptionalInt.empty());
  }

  private static List<Reference> references(ProductName product, Contract contract) {
    List<Reference> references = new ArrayList<>();
    for (Rule rule : contract.rules()) {
      rule.product()
          .filter(other -> !other.equals(product))
          .map(other -> new Reference(other, rule.otherColumns()))
          .filter(reference -> !references.contains(reference))
          .ifPresent(references::add);
    }
    return references;
  }

  /** The highest classification of the product and of its columns. */
  public Classification highest() {
    Classification highest = classification;
    for (IndexedColumn column : columns) {
      highest = column.classification().compareTo(highest) > 0 ? column.classification() : highest;
    }
    return highest;
  }

  /** True if every column may be read by all domains once the product is open to the mesh. */
  public boolean isOpenWithAllColumns() {
    return columns.stream()
        .allMatch(column -> column.classification().compareTo(Classification.INTERNAL) <= 0);
  }

  /** Reads its document; empty if that is damaged. */
  static Optional<ProductShape> find(VersionedDocument stored) {
    return DerivedDocument.find(stored, ProductShape::of);
  }

  private static ProductShape of(ObjectNode json) {
    List<IndexedColumn> columns = new ArrayList<>();
    for (JsonNode column : PackedPart.read(json, COLUMNS)) {
      columns.add(
          new IndexedColumn(
              column.path("name").asText(),
              column.path(DESCRIPTION).asText(),
              Classification.valueOf(column.path(CLASSIFICATION).asText()),
              texts(column.path(TAGS))));
    }
    List<Reference> references = new ArrayList<>();
    for (JsonNode reference : json.path("references")) {
      List<String> named = new ArrayList<>();
      reference.path("columns").forEach(column -> named.add(column.asText()));
      references.add(new Reference(ProductName.of(reference.path("product").asText()), named));
    }
    return new ProductShape(
        ProductName.of(json.path("product").asText()),
        json.path("major").asInt(),
        MajorState.valueOf(json.path("state").asText()),
        ContractVersion.parse(json.path("version").asText()),
        Classification.valueOf(json.path(CLASSIFICATION).asText()),
        texts(json.path(TAGS)),
        columns,
        new ContractPromises(
            text(json, "freshWithin").map(Duration::parse),
            json.has(EVENT_TIME)
                ? OptionalInt.of(json.get(EVENT_TIME).asInt())
                : OptionalInt.empty(),
            json.path("hasKey").asBoolean(),
            json.path("rules").asInt(),
            references),
        text(json, "activated").map(InstantText::parse));
  }

  /** Returns its document. */
  ObjectNode toDocument() {
    ObjectNode json = DocumentJson.create();
    json.put("product", product.toString());
    json.put("major", major);
    json.put("state", state.name());
    json.put("version", version.toString());
    json.put(CLASSIFICATION, classification.name());
    write(tags, json);
    terms.freshWithin().ifPresent(limit -> json.put("freshWithin", limit.toString()));
    terms.eventTime().ifPresent(column -> json.put(EVENT_TIME, column));
    json.put("hasKey", terms.hasKey());
    json.put("rules", terms.rules());
    activated.ifPresent(at -> json.put("activated", at.toString()));
    ArrayNode all = json.putArray(COLUMNS);
    for (IndexedColumn column : columns) {
      ObjectNode each =
          all.addObject()
              .put("name", column.name())
              .put(CLASSIFICATION, column.classification().name());
      if (!column.description().isEmpty()) {
        each.put(DESCRIPTION, column.description());
      }
      write(column.tags(), each);
    }
    ArrayNode referred = json.putArray("references");
    for (Reference reference : terms.references()) {
      ArrayNode named =
          referred.addObject().put("product", reference.product().toString()).putArray("columns");
      reference.columns().forEach(named::add);
    }
    PackedPart.pack(json, COLUMNS);
    return json;
  }

  private static void write(Map<String, String> tags, ObjectNode json) {
    if (!tags.isEmpty()) {
      ObjectNode object = json.putObject(TAGS);
      new TreeMap<>(tags).forEach(object::put);
    }
  }

  private static Map<String, String> texts(JsonNode json) {
    Map<String, String> tags = new TreeMap<>();
    json.properties().forEach(tag -> tags.put(tag.getKey(), tag.getValue().asText()));
    return tags;
  }

  static Optional<String> text(JsonNode json, String field) {
    return Optional.ofNullable(json.path(field).textValue());
  }
}
