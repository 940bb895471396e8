package io.meshwork.internal.consume;

import io.meshwork.consume.Batch;
import io.meshwork.error.AccessDeniedException;
import io.meshwork.error.ConflictException;
import io.meshwork.error.MeshAction;
import io.meshwork.error.NotFoundException;
import io.meshwork.internal.catalog.PositionEntry;
import io.meshwork.internal.catalog.PositionEntry.PendingBatch;
import io.meshwork.internal.catalog.PositionEntry.Place;
import io.meshwork.internal.catalog.PositionEntry.View;
import io.meshwork.internal.ledger.StoredConstant;
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
record MigratedPosition(ClientSession session, ProductName product, int major) {
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
    Optional<Place> place = mapping.find(before.place(), major);
    if (place.isEmpty()) {
      return Optional.empty();
    }
    ProductRead.Version version = read.majorVersion(action);
    RowRights rights = new RowRights(before.place().major(), version, action);
    return Optional.of(
        before.withMove(
            place.get(),
            before.pending().flatMap(batch -> carried(batch, place.get(), mapping, rights)),
            before.rights().map(id -> rights.continued(id).orElse(id)),
            now,
            ActiveReaders.GRACE));
  }

  /**
   * The rows that the reader may see, in the major version that the subscription leaves and in the
   * new one.
   */
  private final class RowRights {
    private final int from;
    private final ProductRead.Version version;
    private final MeshAction action;

    RowRights(int from, ProductRead.Version version, MeshAction action) {
      this.from = from;
      this.version = version;
      this.action = action;
    }

    /** Returns the ID of the same rights in the new version; empty if it shows other rows. */
    Optional<String> continued(String id) {
      if (id.equals(BoundDataPermission.EVERY_ROW)) {
        return Optional.of(id);
      }
      return left()
          .filter(old -> id.equals(old.permission().rowRightsId(salt(old))))
          .filter(old -> version.permission().showsSameRowsAs(old.permission()))
          .map(old -> version.permission().rowRightsId(salt(version)));
    }

    private static String salt(ProductRead.Version version) {
      return version.table().uuid().toString();
    }

    /** The major version that the subscription leaves, if the reader may still read it. */
    private Optional<ProductRead.Version> left() {
      try {
        return Optional.of(
            ProductRead.withoutUse(session, product, RowType.maps(), ReadOptions.of(from))
                .majorVersion(action));
      } catch (AccessDeniedException | NotFoundException | ConflictException unreadable) {
        return Optional.empty();
      }
    }
  }

  /**
   * Returns the batch with its ID, if it has the same rows in the new major version. Otherwise its
   * rows are delivered again under another ID.
   */
  private Optional<PendingBatch> carried(
      PendingBatch batch, Place from, PlaceMapping mapping, RowRights rights) {
    ProductRead.Version version = rights.version;
    Optional<View> view =
        Optional.of(batch.view())
            .filter(rows -> selectsSameRows(rows, version, batch.end().major()))
            .flatMap(rows -> rights.continued(rows.rights()).map(id -> new View(id, rows.where())));
    Optional<Place> end = mapping.find(batch.end(), major);
    if (view.isEmpty() || end.isEmpty()) {
      return Optional.empty();
    }
    PendingBatch moved =
        new PendingBatch(batch.id(), batch.kind(), end.get(), batch.reason(), view.get());
    MainSnapshots main = MainSnapshots.after(version.table(), major, from);
    BoundDataPermission permission = version.permission();
    boolean hasContent =
        BatchContent.of(version.table(), main, moved, permission.visibility(permission.columns()))
            .isPresent();
    return Optional.of(moved).filter(same -> hasContent && hasKind(same, main, version));
  }

  /** Returns true if the filter of a view selects the same rows in both major versions. */
  private boolean selectsSameRows(View view, ProductRead.Version version, int from) {
    return view.where()
        .map(
            filter ->
                version.permission().allowsFilter(filter)
                    && FilterComparison.of(session, product, from)
                        .selectsSameRows(filter, version.table().schema()))
        .orElse(Boolean.TRUE);
  }

  /** Returns true if the snapshots of a batch have the changes that its kind describes. */
  private static boolean hasKind(
      PendingBatch batch, MainSnapshots main, ProductRead.Version version) {
    Batch.Kind kind = StoredConstant.of(Batch.Kind.class, batch.kind(), "a batch");
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
