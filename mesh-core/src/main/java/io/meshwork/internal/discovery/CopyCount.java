package io.meshwork.internal.discovery;

import io.meshwork.discovery.AvoidedCopies;
import io.meshwork.internal.index.IndexedProduct;
import io.meshwork.internal.index.ProductActivity;
import io.meshwork.product.ProductName;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Sums up the copies that the readers of the caller's products did not make. Stateless. */
final class CopyCount {
  private static final Duration RECENT = Duration.ofDays(30);

  private CopyCount() {}

  static AvoidedCopies of(VisibleMesh mesh, VisibleUses uses) {
    Instant since = mesh.now().minus(RECENT);
    Map<ProductName, Long> bytes = new TreeMap<>(Comparator.comparing(ProductName::toString));
    Map<ProductName, List<String>> readers = new HashMap<>();
    for (IndexedProduct product : mesh.index().products()) {
      if (mesh.owns(product)) {
        List<String> domains =
            uses.of(product.name()).stream()
                .flatMap(use -> use.details().stream())
                .filter(use -> !use.domain().equals(product.name().domain()))
                .filter(use -> use.isReadSince(since))
                .map(ConsumerUse::domain)
                .distinct()
                .sorted()
                .toList();
        if (!domains.isEmpty()) {
          readers.put(product.name(), domains);
          bytes.put(
              product.name(),
              domains.size() * product.activity().map(ProductActivity::bytes).orElse(0L));
        }
      }
    }
    Map<ProductName, Long> mostFirst = new LinkedHashMap<>();
    bytes.entrySet().stream()
        .sorted(Map.Entry.comparingByValue(Comparator.reverseOrder()))
        .forEach(each -> mostFirst.put(each.getKey(), each.getValue()));
    return new AvoidedCopies(
        bytes.values().stream().mapToLong(Long::longValue).sum(),
        mostFirst,
        readers,
        uses.unreachable());
  }
}
