package io.meshwork.consume;

import io.meshwork.internal.session.RowsUpdated;
import io.meshwork.internal.session.Session;
import io.meshwork.internal.table.Completeness;
import io.meshwork.internal.table.LastUpdate;
import io.meshwork.product.Freshness;
import io.meshwork.product.ProductName;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.apache.iceberg.Table;

/** Looks how fresh one major version of a product is. */
final class FreshnessCheck {
  private FreshnessCheck() {}

  static Freshness of(Session session, ProductName product, Read.Version version, String doing) {
    Table table = version.table();
    Optional<Instant> updated = lastUpdated(session, product, version, doing);
    Optional<Duration> within = version.entry().contract().freshWithin();
    Duration over =
        updated
            .flatMap(
                at ->
                    within.map(
                        limit ->
                            Duration.between(at.plus(limit), session.runtime().clock().instant())))
            .filter(late -> !late.isNegative())
            .orElse(Duration.ZERO);
    Freshness.Status status =
        within.isEmpty()
            ? Freshness.Status.UNBOUND
            : updated.isEmpty()
                ? Freshness.Status.NEVER_PUBLISHED
                : over.isZero() ? Freshness.Status.FRESH : Freshness.Status.LATE;
    return new Freshness(
        status,
        updated,
        Completeness.asOf(table, table.currentSnapshot()),
        over,
        session.catalog().ownerOf(session.catalog().requireProduct(product, doing), doing));
  }

  private static Optional<Instant> lastUpdated(
      Session session, ProductName product, Read.Version version, String doing) {
    Table table = version.table();
    if (table.currentSnapshot() == null) {
      return Optional.empty();
    }
    return RowsUpdated.inTable(table, version.line(), doing)
        .or(() -> RowsUpdated.inLog(session.ledger(), product, version.entry().major()))
        .map(LastUpdate::at);
  }
}
