package io.meshwork.consume;

import com.fasterxml.jackson.databind.JsonNode;
import io.meshwork.internal.catalog.Keys;
import io.meshwork.internal.ledger.Ledger;
import io.meshwork.internal.ledger.Stored;
import io.meshwork.internal.session.Session;
import io.meshwork.internal.session.TableSnapshots;
import io.meshwork.internal.table.Completeness;
import io.meshwork.product.Freshness;
import io.meshwork.product.ProductName;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.apache.iceberg.DataOperations;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.apache.iceberg.util.SnapshotUtil;
import org.jspecify.annotations.Nullable;

/** Looks how fresh one major version of a product is. */
final class FreshnessCheck {
  private static final String APPEND = "append";
  private static final String REPLACE = "replace-";

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
    Snapshot newest = table.currentSnapshot();
    if (newest == null) {
      return Optional.empty();
    }
    for (Snapshot each : SnapshotUtil.ancestorsOf(newest.snapshotId(), table::snapshot)) {
      if (updates(each.summary().get(TableSnapshots.MODE), each.operation())) {
        String id = Long.toString(each.snapshotId());
        return Optional.of(version.line().byId(id, doing).snapshot().committedAt());
      }
    }
    return loggedUpdate(session, product, version.entry().major());
  }

  /** What an expired snapshot did is still in the log. */
  private static Optional<Instant> loggedUpdate(Session session, ProductName product, int major) {
    Optional<Stored> entry = session.ledger().newestEntry(Keys.partition(product));
    while (entry.isPresent()) {
      JsonNode details = entry.get().json().path("details");
      if (details.path("major").asInt() == major
          && details.hasNonNull("snapshotId")
          && updates(details.path("mode").textValue(), DataOperations.REPLACE)) {
        return Optional.of(Ledger.time(entry.get()));
      }
      entry = session.ledger().entryBefore(entry.get());
    }
    return Optional.empty();
  }

  private static boolean updates(@Nullable String mode, String operation) {
    return mode == null
        ? DataOperations.APPEND.equals(operation)
        : mode.equals(APPEND) || mode.startsWith(REPLACE);
  }
}
