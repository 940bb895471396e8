package io.meshwork.internal.consume;

import io.meshwork.error.MeshAction;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.internal.session.RowsUpdateTime;
import io.meshwork.internal.table.CompletenessStatement;
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

  static Freshness of(
      ClientSession session, ProductName product, ProductRead.Version version, MeshAction action) {
    Table table = version.table();
    Optional<Instant> updated = lastUpdated(session, product, version, action);
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
        CompletenessStatement.asOf(table, table.currentSnapshot()),
        over,
        session.catalog().ownerOf(session.catalog().requireProduct(product, action), action));
  }

  private static Optional<Instant> lastUpdated(
      ClientSession session, ProductName product, ProductRead.Version version, MeshAction action) {
    Table table = version.table();
    if (table.currentSnapshot() == null) {
      return Optional.empty();
    }
    if (version.seen().hidesRows()) {
      // Whether rows came is not told to one who does not see them all, but that one published.
      Optional<Instant> published = LastUpdate.publishedAsOf(table, table.currentSnapshot());
      if (published.isPresent()) {
        return published;
      }
    }
    return RowsUpdateTime.fromTable(table, version.line(), action)
        .or(() -> RowsUpdateTime.fromLog(session.ledger(), product, version.entry().major()))
        .map(LastUpdate::at);
  }
}
