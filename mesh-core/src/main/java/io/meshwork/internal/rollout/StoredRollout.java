package io.meshwork.internal.rollout;

import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.ledger.Ledger;
import io.meshwork.internal.ledger.VersionedDocument;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.product.ProductName;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** A rollout with its document. */
public record StoredRollout(RolloutEntry entry, VersionedDocument stored) {
  /** All rollouts of a product, by number. */
  public static List<StoredRollout> all(Ledger ledger, ProductName product) {
    return ledger.list(RegistryKeys.partition(product), RegistryKeys.ROLLOUTS).stream()
        .map(stored -> new StoredRollout(RolloutEntry.of(stored), stored))
        .sorted(Comparator.comparing(each -> each.entry().number()))
        .toList();
  }

  /** The rollouts of a product that the caller sees, by number. */
  public static List<StoredRollout> visible(ClientSession session, ProductName product) {
    return all(session.ledger(), product).stream()
        .filter(each -> session.catalog().isVisible(product, each.stored()))
        .toList();
  }

  /** The same without their documents. */
  public static Stream<RolloutEntry> entries(Ledger ledger, ProductName product) {
    return all(ledger, product).stream().map(StoredRollout::entry);
  }

  public static int nextNumber(Ledger ledger, ProductName product) {
    return entries(ledger, product).mapToInt(RolloutEntry::number).max().orElse(0) + 1;
  }
}
