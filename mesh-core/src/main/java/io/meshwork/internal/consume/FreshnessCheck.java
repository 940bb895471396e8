package io.meshwork.internal.consume;

import io.meshwork.consume.Subscription.Freshness;
import io.meshwork.contract.ServiceLevel;
import io.meshwork.error.MeshAction;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.internal.table.CompletenessStatement;
import io.meshwork.internal.table.LastUpdate;
import io.meshwork.internal.table.LastUpdate.DataTime;
import io.meshwork.product.ProductName;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.apache.iceberg.Table;

/** Determines how fresh one major version of a product is. */
final class FreshnessCheck {
  private FreshnessCheck() {}

  static Freshness of(
      ClientSession session, ProductName product, ProductRead.Version version, MeshAction action) {
    Table table = version.table();
    Optional<Instant> updated = lastUpdated(version, action);
    Optional<Duration> limit = version.entry().contract().freshWithin();
    Optional<Instant> dataTime = dataTime(version);
    Optional<Instant> complete = CompletenessStatement.asOf(table, table.currentSnapshot());
    Duration delay =
        DataTime.reference(updated, dataTime, complete)
            .flatMap(
                at ->
                    limit.map(
                        maxAge ->
                            Duration.between(at.plus(maxAge), session.runtime().clock().instant())))
            .filter(late -> !late.isNegative())
            .orElse(Duration.ZERO);
    Freshness.Status status =
        limit.isEmpty()
            ? Freshness.Status.UNBOUND
            : updated.isEmpty()
                ? Freshness.Status.NEVER_PUBLISHED
                : delay.isZero() ? Freshness.Status.FRESH : Freshness.Status.LATE;
    return new Freshness(
        status,
        updated,
        dataTime,
        complete,
        delay,
        session.catalog().ownerOf(session.catalog().requireProduct(product, action), action));
  }

  /** Empty for readers who may not read each value of the column. */
  private static Optional<Instant> dataTime(ProductRead.Version version) {
    ServiceLevel level = version.entry().contract().serviceLevel();
    if (version.permission().hidesRows()
        || level.eventTime().filter(version.permission()::showsColumn).isEmpty()) {
      return Optional.empty();
    }
    Table table = version.table();
    return DataTime.of(level, table).flatMap(time -> time.asOf(table, table.currentSnapshot()));
  }

  private static Optional<Instant> lastUpdated(ProductRead.Version version, MeshAction action) {
    Table table = version.table();
    if (table.currentSnapshot() == null) {
      return Optional.empty();
    }
    if (version.permission().hidesRows()) {
      // A reader with a row filter may learn when a publish happened, not whether it added rows.
      Optional<Instant> published = LastUpdate.publishedAsOf(table, table.currentSnapshot());
      if (published.isPresent()) {
        return published;
      }
    }
    return version
        .history()
        .lastUpdate(action)
        .or(version.history()::lastUpdateInLog)
        .map(LastUpdate::at);
  }
}
