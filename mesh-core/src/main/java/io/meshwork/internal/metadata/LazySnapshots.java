package io.meshwork.internal.metadata;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.TableMetadata;
import org.jspecify.annotations.Nullable;

/**
 * The snapshots of a metadata file. Snapshots before the newest are parsed when a caller asks for
 * them. A publish to a table of 20 snapshots or more asks for none of them, so its time does not
 * grow with their number. The metadata files of consecutive publishes share what was parsed, or the
 * text of the file that this process read first. Thread-safe.
 */
public final class LazySnapshots {
  private final SnapshotList parsed;

  /** Snapshots that publishes of this process added later. */
  private final List<Snapshot> added;

  private LazySnapshots(SnapshotList parsed, List<Snapshot> added) {
    this.parsed = parsed;
    this.added = List.copyOf(added);
  }

  /** Snapshots that are parsed already. */
  public static LazySnapshots of(List<Snapshot> snapshots) {
    return new LazySnapshots(new SnapshotList(() -> snapshots), List.of());
  }

  /**
   * Snapshots that are parsed once they are requested.
   *
   * @param parse returns all of them, in the order of the metadata file; may fail
   */
  public static LazySnapshots parsedBy(Supplier<List<Snapshot>> parse) {
    return new LazySnapshots(new SnapshotList(parse), List.of());
  }

  /** These and one more. */
  public LazySnapshots plus(Snapshot snapshot) {
    List<Snapshot> more = new ArrayList<>(added.size() + 1);
    more.addAll(added);
    more.add(snapshot);
    return new LazySnapshots(parsed, more);
  }

  /**
   * Metadata with all of these snapshots.
   *
   * @param newest the same metadata with at least the last of them, if there is one; its objects
   *     are used, because they may have read their manifests. Without a location, the time of its
   *     last update becomes the time of Iceberg's clock
   */
  public TableMetadata metadata(TableMetadata newest) {
    List<Snapshot> last = newest.snapshots();
    TableMetadata.Builder all = TableMetadata.buildFrom(newest);
    String location = newest.metadataFileLocation();
    return (location == null ? all : all.withMetadataLocation(location))
        .setSnapshotsSupplier(() -> endingWith(last))
        .build();
  }

  private List<Snapshot> endingWith(List<Snapshot> last) {
    List<Snapshot> all = new ArrayList<>(parsed.get());
    all.addAll(added);
    List<Snapshot> copies =
        new ArrayList<>(SharedSnapshot.copies(all.subList(0, all.size() - last.size())));
    copies.addAll(last);
    return copies;
  }

  /** What is parsed at most once. */
  private static final class SnapshotList {
    private @Nullable Supplier<List<Snapshot>> parse;
    private List<Snapshot> snapshots = List.of();

    SnapshotList(Supplier<List<Snapshot>> parse) {
      this.parse = parse;
    }

    synchronized List<Snapshot> get() {
      if (parse != null) {
        snapshots = List.copyOf(parse.get());
        parse = null; // with the text that it has
      }
      return snapshots;
    }
  }
}
