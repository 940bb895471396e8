package io.meshwork.internal.consume;

import io.meshwork.consume.Batch;
import io.meshwork.error.MeshAction;
import io.meshwork.internal.catalog.PositionEntry;
import io.meshwork.internal.catalog.PositionEntry.PendingBatch;
import io.meshwork.internal.catalog.PositionEntry.Place;
import io.meshwork.internal.catalog.PositionEntry.View;
import io.meshwork.internal.rollout.PlaceMapping;
import io.meshwork.internal.session.ActiveReaders;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.product.ProductName;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * The position of a subscription that moves to another major version, and the batch that was issued
 * from it and not acknowledged.
 *
 * @param major the major version that it moves to
 */
record CarriedPosition(ClientSession session, ProductName product, int major) {
  /**
   * Returns the position in the new major version; empty if no place there corresponds to it.
   *
   * @param read a read of the new major version
   */
  Optional<PositionEntry> of(
      PositionEntry before, ProductRead<?> read, MeshAction action, Instant now) {
    if (before.place().major() == major) {
      return Optional.of(before);
    }
    PlaceMapping mapping = new PlaceMapping(session.ledger(), product);
    return mapping
        .find(before.place(), major)
        .map(
            place ->
                before.withMove(
                    place,
                    before.pending().flatMap(batch -> carried(batch, place, mapping, read, action)),
                    before.rights(),
                    now,
                    ActiveReaders.GRACE));
  }

  /**
   * Returns the batch with its ID, if it has the same rows in the new major version. Otherwise its
   * rows are delivered again under another ID.
   */
  private Optional<PendingBatch> carried(
      PendingBatch batch,
      Place from,
      PlaceMapping mapping,
      ProductRead<?> read,
      MeshAction action) {
    ProductRead.Version version = read.majorVersion(action);
    Optional<View> view = batch.view().filter(rows -> selects(rows, version, batch.end().major()));
    Optional<Place> end = mapping.find(batch.end(), major);
    if (view.isEmpty() || end.isEmpty()) {
      return Optional.empty();
    }
    PendingBatch moved =
        new PendingBatch(batch.id(), batch.kind(), end.get(), batch.reason(), view);
    MainSnapshots main = MainSnapshots.after(version.table(), major, from);
    BoundDataPermission permission = version.permission();
    return Optional.of(moved)
        .filter(same -> hasKind(same, main, version))
        .filter(
            same ->
                BatchContent.of(
                        version.table(), main, same, permission.visibility(permission.columns()))
                    .isPresent());
  }

  /** Returns true if a view selects the same rows in both major versions. */
  private boolean selects(View view, ProductRead.Version version, int from) {
    return view.rights().equals(BoundDataPermission.EVERY_ROW)
        && view.where()
            .map(
                filter ->
                    version.permission().allowsFilter(filter)
                        && ContinuedFilter.of(session, product, from)
                            .selectsSameRows(filter, version.table().schema()))
            .orElse(Boolean.TRUE);
  }

  /** Returns true if the snapshots of a batch have the changes that its kind describes. */
  private static boolean hasKind(
      PendingBatch batch, MainSnapshots main, ProductRead.Version version) {
    Batch.Kind kind = Batch.Kind.valueOf(batch.kind());
    if (kind == Batch.Kind.RESET) {
      return true;
    }
    int end = main.indexOf(batch.end());
    List<SnapshotChange> changes =
        end < 0
            ? List.of()
            : main.snapshots().subList(0, end + 1).stream()
                .map(snapshot -> SnapshotChange.of(version.table(), snapshot))
                .filter(change -> change != SnapshotChange.NOTHING)
                .toList();
    return switch (kind) {
      case ADDED ->
          !changes.isEmpty() && changes.stream().allMatch(change -> change == SnapshotChange.ADDED);
      case ERASED -> changes.equals(List.of(SnapshotChange.ERASED));
      default ->
          changes.equals(List.of(SnapshotChange.REPLACED_WHERE))
              || changes.equals(List.of(SnapshotChange.REPLACED_PARTITIONS));
    };
  }
}
