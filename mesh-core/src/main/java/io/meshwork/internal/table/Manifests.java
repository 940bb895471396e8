package io.meshwork.internal.table;

import io.meshwork.error.BackendException;
import io.meshwork.error.ConflictException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.error.MeshException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import org.apache.iceberg.BaseTable;
import org.apache.iceberg.ContentFile;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.DeleteFile;
import org.apache.iceberg.HasTableOperations;
import org.apache.iceberg.ManifestContent;
import org.apache.iceberg.ManifestFile;
import org.apache.iceberg.ManifestFiles;
import org.apache.iceberg.ManifestReader;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.SnapshotChanges;
import org.apache.iceberg.Table;
import org.apache.iceberg.io.FileIO;
import org.apache.iceberg.types.Types.StructType;

/**
 * Reads manifest lists and manifests. All reads of them pass through here, so that each failure has
 * one meaning: the store failed, the snapshot was removed in the meantime, or a file is missing or
 * damaged. Reads in the calling thread. Stateless.
 */
public final class Manifests {
  private Manifests() {}

  /**
   * The files that a snapshot added to its table and removed from it.
   *
   * @param removed without the statistics of their columns
   */
  public record Changes(
      List<DataFile> added,
      List<DataFile> removed,
      List<DeleteFile> addedDeletes,
      List<DeleteFile> removedDeletes) {
    public Changes {
      added = List.copyOf(added);
      removed = List.copyOf(removed);
      addedDeletes = List.copyOf(addedDeletes);
      removedDeletes = List.copyOf(removedDeletes);
    }
  }

  /**
   * All manifests of a snapshot. A manifest is immutable, so callers may cache it.
   *
   * @throws BackendException if its manifest list, which the message names, is missing or damaged;
   *     a retryable one if it could not be read now
   * @throws ConflictException SNAPSHOT_EXPIRED, retryable, if the snapshot was removed in the
   *     meantime
   */
  public static List<ManifestFile> of(Table table, Snapshot snapshot) {
    return read(table, snapshot, snapshot::allManifests);
  }

  /** The manifests of a snapshot's data files, also if rows of them are deleted; as above. */
  public static List<ManifestFile> ofData(Table table, Snapshot snapshot) {
    return read(table, snapshot, snapshot::dataManifests);
  }

  /** The manifests of a snapshot's files of deleted rows, as above. */
  public static List<ManifestFile> ofDeletes(Table table, Snapshot snapshot) {
    return read(table, snapshot, snapshot::deleteManifests);
  }

  /**
   * Reads the live data files of one of a snapshot's manifests, which an open mesh may know. A file
   * is valid only during the call.
   *
   * @throws MeshException as above, and what the action throws
   */
  public static void forEach(
      Table table, Snapshot snapshot, ManifestFile manifest, Consumer<DataFile> action) {
    read(table, snapshot, manifest, (file, removed) -> action.accept(file));
  }

  /**
   * Copies of the included live data files of one of a snapshot's manifests, which an open mesh may
   * know.
   *
   * @throws MeshException as above
   */
  public static List<DataFile> live(
      Table table, Snapshot snapshot, ManifestFile manifest, Predicate<DataFile> included) {
    List<DataFile> files = new ArrayList<>();
    read(
        table,
        snapshot,
        manifest,
        (file, removed) -> {
          if (included.test(file)) {
            files.add(removed.orElseGet(file::copy));
          }
        });
    return files;
  }

  /**
   * Reads live data files that the open mesh does not know, so that it knows them.
   *
   * @param action gets each file, and the copy of it that the mesh knows
   */
  private static void read(
      Table table,
      Snapshot snapshot,
      ManifestFile manifest,
      BiConsumer<DataFile, Optional<DataFile>> action) {
    ManifestCache manifests = LoadedTable.manifests(table);
    PartitionSpec spec = table.specs().get(manifest.partitionSpecId());
    StructType partition = spec == null ? StructType.of() : spec.partitionType();
    Optional<List<DataFile>> live = manifests.find(manifest, partition);
    if (live.isPresent()) {
      live.get().forEach(file -> action.accept(file, Optional.of(file)));
      return;
    }
    ManifestCache.LiveFiles collected = manifests.collect(manifest, partition);
    Consumer<DataFile> each = file -> action.accept(file, collected.add(file));
    readEntries(table, snapshot, io -> ManifestFiles.read(manifest, io, table.specs()), each);
    collected.keep();
  }

  /**
   * Reads some columns of the live files of one of a snapshot's manifests, whatever they contain.
   *
   * @throws MeshException as above, and what the action throws
   */
  public static void forEach(
      Table table,
      Snapshot snapshot,
      ManifestFile manifest,
      Collection<String> columns,
      Consumer<ContentFile<?>> action) {
    if (manifest.content() == ManifestContent.DATA) {
      readEntries(
          table,
          snapshot,
          io -> ManifestFiles.read(manifest, io, table.specs()).select(columns),
          action);
    } else {
      readEntries(
          table,
          snapshot,
          io -> ManifestFiles.readDeleteManifest(manifest, io, table.specs()),
          action);
    }
  }

  private static <F extends ContentFile<F>> void readEntries(
      Table table,
      Snapshot snapshot,
      Function<FileIO, ManifestReader<F>> opening,
      Consumer<? super F> action) {
    Optional<RuntimeException> failed =
        read(
            table,
            snapshot,
            io -> {
              try (ManifestReader<F> entries = opening.apply(io)) {
                return forEach(entries, action);
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
            });
    if (failed.isPresent()) {
      throw failed.get();
    }
  }

  /** Returns what the action threw, which says nothing about the manifest; empty if nothing. */
  private static <F> Optional<RuntimeException> forEach(
      Iterable<F> files, Consumer<? super F> action) {
    for (F file : files) {
      try {
        action.accept(file);
      } catch (RuntimeException e) {
        return Optional.of(e);
      }
    }
    return Optional.empty();
  }

  /**
   * The files that a snapshot added and removed.
   *
   * @throws MeshException as above
   */
  public static Changes changes(Table table, Snapshot snapshot) {
    return read(
        table,
        snapshot,
        io ->
            IcebergVersion.HAS_SNAPSHOT_CHANGES
                ? changes(new TableOver(table, io), snapshot)
                : changesKeptBySnapshot(io, snapshot));
  }

  private static Changes changes(TableOver table, Snapshot snapshot) {
    SnapshotChanges changes = SnapshotChanges.builderFor(table).snapshot(snapshot).build();
    return new Changes(
        list(changes.addedDataFiles()),
        list(changes.removedDataFiles()),
        list(changes.addedDeleteFiles()),
        list(changes.removedDeleteFiles()));
  }

  @SuppressWarnings("deprecation") // the only way in Iceberg 1.10
  private static Changes changesKeptBySnapshot(FileIO io, Snapshot snapshot) {
    return new Changes(
        list(snapshot.addedDataFiles(io)),
        list(snapshot.removedDataFiles(io)),
        list(snapshot.addedDeleteFiles(io)),
        list(snapshot.removedDeleteFiles(io)));
  }

  private static <F> List<F> list(Iterable<F> files) {
    List<F> list = new ArrayList<>();
    files.forEach(list::add);
    return list;
  }

  /**
   * True if a retained snapshot of the table references this data file.
   *
   * @throws MeshException as above
   */
  public static boolean isReferenced(Table table, String location) {
    Set<String> manifestsRead = new HashSet<>();
    AtomicBoolean referenced = new AtomicBoolean();
    for (Snapshot snapshot : table.snapshots()) {
      for (ManifestFile manifest : ofData(table, snapshot)) {
        if (manifestsRead.add(manifest.path())) {
          forEach(
              table,
              snapshot,
              manifest,
              file -> {
                if (file.location().equals(location)) {
                  referenced.set(true);
                }
              });
        }
        if (referenced.get()) {
          return true;
        }
      }
    }
    return false;
  }

  /**
   * Reads manifests of a snapshot with another parser.
   *
   * @param parser throws any exception for a damaged file and for failures of the store
   * @throws MeshException as above
   */
  public static <T> T read(Table table, Snapshot snapshot, Function<FileIO, T> parser) {
    ParsedFiles io = new ParsedFiles(table.io());
    try {
      return parser.apply(io);
    } catch (MeshException e) {
      throw e;
    } catch (RuntimeException e) {
      throw unreadable(io, table, snapshot, e);
    }
  }

  /** The exception for a manifest list or manifest that a parser could not read. */
  static MeshException unreadable(
      ParsedFiles io, Table table, Snapshot snapshot, RuntimeException cause) {
    MeshAction action =
        MeshAction.of(
            Verb.LIST, "the files of " + table.name() + ", snapshot " + snapshot.snapshotId());
    Optional<BackendException> failed = io.failure(action);
    if (failed.isPresent()) {
      return failed.get();
    }
    return LoadedTable.needsSnapshot(table, snapshot.snapshotId())
        ? Failure.of(action)
            .because(io.opened() + " is missing or damaged")
            .fix("Restore it from a backup; doctor() lists other missing or damaged files.")
            .cause(cause)
            .lasting(ErrorCode.DATA_DAMAGED)
        : removed(action, "this snapshot", cause);
  }

  /**
   * The exception for a file that the current version of a table does not need.
   *
   * @param what what was removed
   */
  static ConflictException removed(MeshAction action, String what, RuntimeException cause) {
    return Failure.of(action)
        .because("maintenance or an erasure removed " + what + " in the meantime")
        .fix("Run it again.")
        .cause(cause)
        .conflict(ErrorCode.SNAPSHOT_EXPIRED);
  }

  /** A table whose files are read through others. */
  private static final class TableOver extends BaseTable {
    private static final long serialVersionUID = 1L;

    private final FileIO files;

    TableOver(Table table, FileIO files) {
      super(((HasTableOperations) table).operations(), table.name(), report -> {});
      this.files = files;
    }

    @Override
    public FileIO io() {
      return files;
    }
  }
}
