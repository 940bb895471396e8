package io.meshwork.internal.consume;

import io.meshwork.card.Health;
import io.meshwork.consume.Subscription.Freshness;
import io.meshwork.error.MeshAction;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.internal.session.DataAge;
import io.meshwork.internal.table.LastUpdate;
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
    Instant now = session.runtime().clock().instant();
    DataAge age =
        DataAge.of(version.table(), version.entry().contract(), lastUpdate(version, action));
    if (!seesDataTime(version)) {
      age = age.withoutDataTime();
    }
    Duration delay =
        age.limit().isEmpty()
            ? Duration.ZERO
            : age.orSinceDefinition(session.ledger(), product, version.entry().major()).lateBy(now);
    Health.Status status =
        age.limit().isEmpty()
            ? Health.Status.NO_PROMISE
            : age.update().isEmpty()
                ? Health.Status.NEVER_PUBLISHED
                : delay.isZero() ? Health.Status.FRESH : Health.Status.LATE;
    return new Freshness(
        status,
        age.updated(),
        age.dataTime(),
        age.completeUpTo(),
        delay,
        session.catalog().ownerOf(session.catalog().requireProduct(product, action), action));
  }

  /** False for readers who may not read each value of the column. */
  private static boolean seesDataTime(ProductRead.Version version) {
    return !version.permission().hidesRows()
        && version
            .entry()
            .contract()
            .serviceLevel()
            .eventTime()
            .filter(version.permission()::showsColumn)
            .isPresent();
  }

  private static Optional<LastUpdate> lastUpdate(ProductRead.Version version, MeshAction action) {
    Table table = version.table();
    if (version.permission().hidesRows()) {
      // A reader with a row filter may learn when a publish happened, not whether it added rows.
      Optional<Instant> published = LastUpdate.publishedAsOf(table, table.currentSnapshot());
      if (published.isPresent()) {
        return published.map(at -> new LastUpdate(at, Optional.empty()));
      }
    }
    return DataAge.lastUpdate(table, version.history(), action);
  }
}
