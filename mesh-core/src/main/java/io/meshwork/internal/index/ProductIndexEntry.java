package io.meshwork.internal.index;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.contract.Contract;
import io.meshwork.contract.Rule;
import io.meshwork.discovery.Search;
import io.meshwork.internal.catalog.MajorState;
import io.meshwork.internal.catalog.VersionEntry;
import io.meshwork.internal.ledger.DocumentCodec;
import io.meshwork.internal.ledger.PackedPart;
import io.meshwork.internal.ledger.VersionedDocument;
import io.meshwork.internal.rights.TableRights;
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
 * @param searchTerms the strings by which other tools' documents let it be found
 */
public record ProductIndexEntry(
    ProductName product,
    int major,
    MajorState state,
    ContractVersion version,
    Classification classification,
    Map<String, String> tags,
    List<IndexedColumn> columns,
    @JsonUnwrapped ContractPromises terms,
    Optional<Instant> activated,
    List<Search.Match> searchTerms) {
  private static final List<String> PACKED = List.of("searchTerms", "columns");

  public ProductIndexEntry {
    tags = Map.copyOf(tags);
    columns = List.copyOf(columns);
    searchTerms = List.copyOf(searchTerms);
  }

  /**
   * A top-level column.
   *
   * @param tags its own tags
   */
  public record IndexedColumn(
      String name,
      @JsonInclude(JsonInclude.Include.NON_DEFAULT) String description,
      Classification classification,
      Map<String, String> tags) {
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
    public ContractPromises {
      references = List.copyOf(references);
    }
  }

  /** A product that a rule refers to. */
  public record Reference(ProductName product, List<String> columns) {
    public Reference {
      columns = List.copyOf(columns);
    }
  }

  /**
   * Derives the index entry from the documents of a major version and its tags.
   *
   * @param activated when the major version was defined
   */
  static ProductIndexEntry of(
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
    return new ProductIndexEntry(
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
        activated,
        SearchTerms.of(contract));
  }

  private static OptionalInt eventTime(VersionEntry version) {
    org.apache.iceberg.Schema schema = version.schemaWithIds();
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
          .filter(referenced -> !referenced.equals(product))
          .map(referenced -> new Reference(referenced, rule.otherColumns()))
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
  static Optional<ProductIndexEntry> find(VersionedDocument stored) {
    return DerivedDocument.find(stored, ProductIndexEntry::of);
  }

  private static ProductIndexEntry of(ObjectNode json) {
    ObjectNode unpacked = json;
    for (String member : PACKED) {
      unpacked = PackedPart.unpack(unpacked, member);
    }
    return DocumentCodec.of(ProductIndexEntry.class).read(unpacked);
  }

  ObjectNode toDocument() {
    ObjectNode json = DocumentCodec.of(ProductIndexEntry.class).write(this, Optional.empty());
    PACKED.forEach(member -> PackedPart.pack(json, member));
    return json;
  }
}
