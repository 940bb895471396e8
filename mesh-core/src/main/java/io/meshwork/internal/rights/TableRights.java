package io.meshwork.internal.rights;

import io.meshwork.contract.Contract;
import io.meshwork.product.Classification;
import io.meshwork.product.ProductName;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.apache.iceberg.Schema;
import org.apache.iceberg.types.Types;

/**
 * A major version of a product with its tags, or several versions together. Immutable.
 *
 * @param contracts the contract of each version
 * @param tags the tags of the product itself, in lower case
 * @param columnTags tags of its columns, by column
 * @param fields its columns by field id
 */
public record TableRights(
    ProductName product,
    List<Contract> contracts,
    Map<String, String> tags,
    Map<String, Map<String, String>> columnTags,
    ProductColumns fields) {
  /** The tag with the classification, which the mesh sets on products and columns. */
  public static final String CLASSIFICATION = "classification";

  public TableRights {
    contracts = List.copyOf(contracts);
    tags = Map.copyOf(tags);
    columnTags = Map.copyOf(columnTags);
  }

  /** Returns the version with its stored tags, by current column names. */
  static TableRights of(
      ProductName product, List<Contract> contracts, StoredTags stored, ProductColumns fields) {
    Map<String, Map<String, String>> columns = new TreeMap<>();
    stored
        .columns()
        .forEach(
            (column, tags) ->
                fields.currentNames(List.of(column), stored.fieldIds(), false).stream()
                    .filter(name -> !ProductColumns.isDropped(name))
                    .forEach(name -> columns.put(name, tags)));
    return new TableRights(product, contracts, stored.tags(), columns, fields);
  }

  /** Returns the version with other tags. */
  public TableRights tagged(Map<String, String> own, Map<String, Map<String, String>> ofColumns) {
    return new TableRights(product, contracts, own, ofColumns, fields);
  }

  /** Returns the contract of the first version. */
  public Contract contract() {
    return contracts.get(0);
  }

  /** Returns true if the contract of any version requires two approvals of a request. */
  public boolean needsFourEyes() {
    return contracts.stream().anyMatch(Contract::requiresFourEyes);
  }

  /** Returns the highest classification of a version. */
  public Classification classification() {
    return Collections.max(contracts.stream().map(Contract::classification).toList());
  }

  /**
   * Returns the highest classification of a column in the versions that have it, in any case of
   * letters; the product's if none has it.
   */
  public Classification classificationOf(String column) {
    return contracts.stream()
        .flatMap(
            contract ->
                contract.schema().getFields().stream()
                    .map(org.apache.avro.Schema.Field::name)
                    .filter(column::equalsIgnoreCase)
                    .map(contract::classificationOf))
        .max(Comparator.naturalOrder())
        .orElseGet(this::classification);
  }

  /** Returns the columns with their types. */
  public Schema schema() {
    return fields.allColumns();
  }

  /** Returns the names of the top-level columns, in order. */
  public List<String> columns() {
    return schema().columns().stream().map(Types.NestedField::name).toList();
  }

  /** Returns the tags of the product with the mesh's. */
  Map<String, String> allTags() {
    Map<String, String> all = new TreeMap<>(tags);
    all.put(CLASSIFICATION, text(classification()));
    return all;
  }

  /** Returns the tags of the columns, with the mesh's if it differs from the product's. */
  Map<String, Map<String, String>> allColumnTags() {
    Map<String, Map<String, String>> all = new TreeMap<>();
    for (String column : columns()) {
      Map<String, String> own = new TreeMap<>(columnTags.getOrDefault(column, Map.of()));
      Classification classification = classificationOf(column);
      if (classification != classification()) {
        own.put(CLASSIFICATION, text(classification));
      }
      if (!own.isEmpty()) {
        all.put(column, own);
      }
    }
    return all;
  }

  static String text(Classification classification) {
    return classification.name().toLowerCase(Locale.ROOT);
  }
}
