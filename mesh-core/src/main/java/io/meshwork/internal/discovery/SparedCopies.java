package io.meshwork.internal.discovery;

import io.meshwork.discovery.CopiesSpared;
import io.meshwork.discovery.CopiesSpared.SparedProduct;
import io.meshwork.internal.index.IndexedProduct;
import io.meshwork.internal.index.ProductActivity;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Sums up the copies that the readers of the caller's products did not make. Stateless. */
final class SparedCopies {
  private static final Duration RECENT = Duration.ofDays(30);

  private SparedCopies() {}

  static CopiesSpared of(VisibleMesh mesh, KnownUses uses) {
    Instant since = mesh.now().minus(RECENT);
    List<SparedProduct> spared = new ArrayList<>();
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
          spared.add(
              new SparedProduct(
                  product.name(), product.pulse().map(ProductActivity::bytes).orElse(0L), domains));
        }
      }
    }
    spared.sort(
        Comparator.comparing(SparedProduct::sparedBytes, Comparator.reverseOrder())
            .thenComparing(each -> each.product().toString()));
    return new CopiesSpared(
        spared.stream().mapToLong(SparedProduct::sparedBytes).sum(), spared, uses.unreachable());
  }
}
