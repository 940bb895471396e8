package io.meshwork.internal.rights;

import io.meshwork.product.Classification;
import io.meshwork.product.ProductName;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * The highest classification of data that was agreed when a grant was created. Columns above it are
 * withheld until they are granted again. INTERNAL and lower need no agreement. Immutable.
 *
 * @param level the level for everything that the grant is on
 * @param products higher levels of single products that the grant was on when it was created
 */
record AgreedClassification(Classification level, Map<ProductName, Classification> products) {
  /** All classifications. */
  static final AgreedClassification ALL =
      new AgreedClassification(Classification.RESTRICTED, Map.of());

  AgreedClassification {
    products = Map.copyOf(products);
  }

  /** Returns one level, at least INTERNAL. */
  static AgreedClassification of(Classification level) {
    return new AgreedClassification(atLeastInternal(level), Map.of());
  }

  /** Returns the highest classification of some columns, at least INTERNAL. */
  static Classification highest(
      Function<String, Classification> classificationOf, Collection<String> columns) {
    return columns.stream()
        .map(classificationOf)
        .reduce(Classification.INTERNAL, AgreedClassification::higher);
  }

  static Classification higher(Classification one, Classification other) {
    return one.compareTo(other) >= 0 ? one : other;
  }

  private static Classification atLeastInternal(Classification level) {
    return higher(level, Classification.INTERNAL);
  }

  /** Returns the level of a product. */
  Classification on(ProductName product) {
    return products.getOrDefault(product, level);
  }

  static List<String> above(Classification level, TableRights table, List<String> columns) {
    return columns.stream()
        .filter(column -> table.classificationOf(column).compareTo(level) > 0)
        .toList();
  }
}
