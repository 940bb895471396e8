package io.meshwork.internal.discovery;

import io.meshwork.discovery.AvoidedCopies;
import io.meshwork.discovery.AvoidedCopies.ReadProduct;
import io.meshwork.internal.index.IndexedProduct;
import io.meshwork.internal.index.ProductActivity;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Sums up the copies that the readers of the caller's products did not make. Stateless. */
final class CopyCount {
  private static final Duration RECENT = Duration.ofDays(30);

  private CopyCount() {}

  static AvoidedCopies of(VisibleMesh mesh, VisibleUses uses) {
    Instant since = mesh.now().minus(RECENT);
    List<ReadProduct> avoided = new ArrayList<>();
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
          avoided.add(
              new ReadProduct(
                  product.name(), product.pulse().map(ProductActivity::bytes).orElse(0L), domains));
        }
      }
    }
    avoided.sort(
        Comparator.comparing(ReadProduct::avoidedBytes, Comparator.reverseOrder())
            .thenComparing(each -> each.product().toString()));
    return new AvoidedCopies(
        avoided.stream().mapToLong(ReadProduct::avoidedBytes).sum(), avoided, uses.unreachable());
  }
}
