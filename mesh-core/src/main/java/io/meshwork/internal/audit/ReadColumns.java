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

/**
 * The columns that were read, by field ID: a column stays the same when it is renamed, and another
 * one may get its name. Reads the contracts of each product once. Not thread-safe.
 */
final class ReadColumns {
  private final Catalog catalog;
  private final Map<ProductName, List<VersionColumns>> versions = new HashMap<>();

  ReadColumns(Catalog catalog) {
    this.catalog = catalog;
  }

  /** The IDs of the top-level columns of a contract version, by name. */
  private record VersionColumns(ContractVersion version, Map<String, Integer> ids) {
    static VersionColumns of(RecordedContract contract) {
      Map<String, Integer> ids = new HashMap<>();
      contract
          .schemaWithIds()
          .columns()
          .forEach(column -> ids.put(column.name(), column.fieldId()));
      return new VersionColumns(contract.version(), ids);
    }

    Set<Integer> ids(String name) {
      Integer id = ids.get(name);
      return name.equals(AccessCount.ALL)
          ? Set.copyOf(ids.values())
          : id == null ? Set.of() : Set.of(id);
    }
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
    List<VersionColumns> read =
        versions(product).stream()
            .filter(each -> version.isEmpty() || version.get().equals(each.version()))
            .toList();
    Set<Integer> ids = new HashSet<>();
    for (String name : names) {
      Set<Set<Integer>> meanings = new HashSet<>();
      read.forEach(each -> meanings.add(each.ids(name)));
      meanings.remove(Set.of());
      if (meanings.size() == 1) {
        ids.addAll(meanings.iterator().next());
      }
    }
    return ids;
  }

  /**
   * Returns the IDs of the top-level columns that have a name in any version, also a closed one.
   */
  Set<Integer> idsInAnyVersion(ProductName product, String name) {
    Set<Integer> ids = new HashSet<>();
    versions(product).forEach(each -> ids.addAll(each.ids(name)));
    return ids;
  }

  private List<VersionColumns> versions(ProductName product) {
    return versions.computeIfAbsent(
        product, name -> catalog.contracts(name).stream().map(VersionColumns::of).toList());
  }
}
