package io.meshwork.internal.audit;

import io.meshwork.internal.catalog.Catalog;
import io.meshwork.internal.catalog.Catalog.RecordedContract;
import io.meshwork.internal.session.AccessCount;
import io.meshwork.product.ContractVersion;
import io.meshwork.product.ProductName;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.iceberg.types.Types;

/**
 * The columns that were read, by field ID: a column stays the same when it is renamed, and another
 * one may get its name. Reads the contracts of each product once. Not thread-safe.
 */
final class ReadColumns {
  private final Catalog catalog;
  private final Map<ProductName, List<RecordedContract>> contracts = new HashMap<>();

  ReadColumns(Catalog catalog) {
    this.catalog = catalog;
  }

  /**
   * Returns the IDs of top-level columns.
   *
   * @param version the contract version that was read; if it is not known, only a name that stands
   *     for the same column in all versions counts
   * @param names their names when they were read; {@link AccessCount#ALL} for all of the version
   */
  Set<Integer> ids(
      ProductName product, Optional<ContractVersion> version, Collection<String> names) {
    List<RecordedContract> versions =
        contracts(product).stream()
            .filter(each -> version.filter(read -> !read.equals(each.version())).isEmpty())
            .toList();
    Set<Integer> ids = new HashSet<>();
    for (String name : names) {
      Set<Set<Integer>> found = new HashSet<>();
      versions.forEach(each -> found.add(ids(each, name)));
      found.remove(Set.of());
      if (found.size() == 1) {
        ids.addAll(found.iterator().next());
      }
    }
    return ids;
  }

  /**
   * Returns the IDs of the top-level columns that have a name in any version, also a closed one.
   */
  Set<Integer> idsInAnyVersion(ProductName product, String name) {
    Set<Integer> ids = new HashSet<>();
    contracts(product).forEach(each -> ids.addAll(ids(each, name)));
    return ids;
  }

  private List<RecordedContract> contracts(ProductName product) {
    return contracts.computeIfAbsent(product, catalog::contracts);
  }

  private static Set<Integer> ids(RecordedContract contract, String name) {
    Set<Integer> ids = new HashSet<>();
    for (Types.NestedField column : contract.schemaWithIds().columns()) {
      if (name.equals(AccessCount.ALL) || name.equals(column.name())) {
        ids.add(column.fieldId());
      }
    }
    return ids;
  }
}
