package io.meshwork.internal.consume;

import io.meshwork.consume.Subscribe;
import io.meshwork.error.MeshAction;
import io.meshwork.internal.catalog.PositionEntry.Place;
import io.meshwork.internal.consume.ComparisonRows.KeyDifference;
import io.meshwork.internal.consume.ComparisonRows.SumPair;
import io.meshwork.internal.rollout.PlaceMapping;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.internal.session.SnapshotHistory.DatedSnapshot;
import io.meshwork.product.ProductName;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.SnapshotSummary;
import org.jspecify.annotations.Nullable;

/**
 * Compares two major versions for one consumer. Reads each of them once as maps, and the new one
 * once more as the consumer's type.
 *
 * @param before what the consumer reads of the old major version
 * @param after what it would read of the new one
 * @param typed the row type in which it would read the new one
 */
record SubscriptionComparison(
    ClientSession session,
    ProductName product,
    ReadOptions before,
    ReadOptions after,
    RowType<?> typed,
    MeshAction action) {

  Subscribe.SubscriptionPlan run() {
    ProductRead.Version old = read(before, RowType.maps()).majorVersion(action);
    Optional<DatedSnapshot> oldSnapshot = old.history().newest();
    // The new version is read after the old one, so it contains the corresponding snapshot.
    ProductRead.Version next = read(after, RowType.maps()).majorVersion(action);
    Optional<Place> samePlace =
        new PlaceMapping(session.ledger(), product)
            .find(StartPosition.place(old, oldSnapshot), next.entry().major())
            .filter(place -> isRetained(place, next));
    Optional<DatedSnapshot> nextSnapshot =
        samePlace.isEmpty()
            ? next.history().newest()
            : samePlace.get().snapshotId().map(id -> next.history().byId(id, action));
    ComparisonColumns columns =
        ComparisonColumns.of(
            old.permission().project(paths(old, before, RowType.maps())),
            next.permission().project(paths(next, after, typed)),
            old.entry().contract().primaryKey(),
            old.permission().columns(),
            next.permission().columns());
    countTyped(next, nextSnapshot);
    ComparisonRows oldRows = new ComparisonRows(columns.before());
    scan(old, before.withColumns(columns.readBefore()), oldSnapshot, oldRows);
    ComparisonRows newRows = new ComparisonRows(columns.after());
    scan(next, after.withColumns(columns.readAfter()), nextSnapshot, newRows);
    Optional<KeyDifference> keys =
        columns.keys().map(names -> oldRows.keyDifference(names, newRows));
    List<SumPair> sums = oldRows.sums(newRows);
    return new ComparedSubscription(
        product,
        old.entry().major(),
        next.entry().major(),
        samePlace.isPresent(),
        oldRows.count(),
        newRows.count(),
        columns.differences(),
        keys,
        sums);
  }

  /** A place before the first row corresponds to a table without rows. */
  private static boolean isRetained(Place place, ProductRead.Version version) {
    return place
        .snapshotId()
        .map(id -> version.table().snapshot(Long.parseLong(id)) != null)
        .orElseGet(() -> isEmpty(version.table().currentSnapshot()));
  }

  private static boolean isEmpty(@Nullable Snapshot newest) {
    return newest == null
        || newest.summary().getOrDefault(SnapshotSummary.TOTAL_RECORDS_PROP, "").equals("0");
  }

  private <R> ProductRead<R> read(ReadOptions options, RowType<R> type) {
    return ProductRead.withoutUse(session, product, type, options);
  }

  private static List<String> paths(
      ProductRead.Version version, ReadOptions options, RowType<?> type) {
    return version.permission().requestedColumns(options.columns(), type);
  }

  /** Reads all rows as the consumer would, so that a type that cannot hold them is found. */
  private void countTyped(ProductRead.Version version, Optional<DatedSnapshot> snapshot) {
    try (ScannedRows<?> rows = read(after, typed).rows(version, snapshot)) {
      rows.forEach(row -> {});
    }
  }

  private void scan(
      ProductRead.Version version,
      ReadOptions options,
      Optional<DatedSnapshot> snapshot,
      ComparisonRows result) {
    try (ScannedRows<Map<String, Object>> rows =
        read(options, RowType.maps()).rows(version, snapshot)) {
      rows.forEach(result::add);
    }
  }
}
