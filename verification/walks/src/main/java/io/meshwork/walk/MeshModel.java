package io.meshwork.walk;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** What a registry knows: the products that were committed in it, and their rows. */
final class MeshModel {
  final SortedMap<String, Product> products = new TreeMap<>();
  final SortedSet<String> domains = new TreeSet<>();

  /** A product. */
  static final class Product {
    final String name;
    final boolean partitioned;
    final SortedSet<Long> rows = new TreeSet<>();
    final List<StagedRows> staged = new ArrayList<>();

    /** When each row that broke a rule was quarantined. */
    final SortedMap<Long, Instant> quarantined = new TreeMap<>();

    /** Contents of files of other programs that were registered; null if it has none. */
    @Nullable SortedSet<Integer> lakeFiles;

    int commits;
    boolean rolledOut;
    boolean purged;

    /** True if rows were erased on purpose beside another registry: it is not known what it has. */
    boolean unknown;

    Product(String name, boolean partitioned) {
      this.name = name;
      this.partitioned = partitioned;
    }

    String domain() {
      return name.substring(0, name.indexOf('/'));
    }

    Product copy() {
      Product copy = new Product(name, partitioned);
      copy.rows.addAll(rows);
      copy.staged.addAll(staged);
      copy.quarantined.putAll(quarantined);
      copy.lakeFiles = lakeFiles == null ? null : new TreeSet<>(lakeFiles);
      copy.commits = commits;
      copy.rolledOut = rolledOut;
      copy.purged = purged;
      copy.unknown = unknown;
      return copy;
    }
  }

  /** Rows that were staged. */
  record StagedRows(String id, List<Long> rows) {}

  MeshModel copy() {
    MeshModel copy = new MeshModel();
    products.forEach((name, product) -> copy.products.put(name, product.copy()));
    copy.domains.addAll(domains);
    return copy;
  }
}
