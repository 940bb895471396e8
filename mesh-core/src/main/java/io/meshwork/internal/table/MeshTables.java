package io.meshwork.internal.table;

import io.meshwork.error.BackendException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.error.MeshException;
import io.meshwork.error.NotFoundException;
import io.meshwork.internal.ledger.Ledger;
import io.meshwork.internal.ledger.VersionedDocument;
import io.meshwork.registry.Registry;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Schema;
import org.apache.iceberg.SortOrder;
import org.apache.iceberg.StaticTableOperations;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.TableMetadataParser;
import org.apache.iceberg.io.FileIO;
import org.jspecify.annotations.Nullable;

/** The tables of one mesh. Thread-safe; the tables and drafts it gives belong to one thread. */
public final class MeshTables {
  private static final int LOAD_TRIES = 5;
  private static final String METADATA = "the metadata file that its pointer names";

  private final Ledger ledger;
  private final RootedFileIO files;
  private final String root;

  /**
   * The tables below a root.
   *
   * @param files where metadata and data lie; it must sync what it writes, and stays the caller's
   *     to close
   * @param root the root of all files; a slash at its end is dropped
   */
  public MeshTables(Ledger ledger, FileIO files, String root) {
    this.ledger = ledger;
    this.root = root.endsWith("/") ? root.substring(0, root.length() - 1) : root;
    this.files = RootedFileIO.over(files, this.root);
  }

  /**
   * The files of all tables: to read from anywhere, to write and delete below the root only.
   * Closing them does nothing.
   */
  public FileIO files() {
    return files;
  }

  /** The table's folder. */
  public String location(TableName name) {
    return name.location(root);
  }

  /**
   * The table as it is now, for reading. It is pinned: it never moves, and refuses to be changed.
   *
   * @throws NotFoundException if there is no such table
   * @throws BackendException if its metadata is damaged, leads outside the root, or cannot be read;
   *     retryable in the last case, unless the right to read it is missing
   */
  public Table load(TableName name) {
    return find(name).orElseThrow(() -> notFound(name));
  }

  /** True if the registry has a pointer to such a table; its metadata is not looked at. */
  public boolean exists(TableName name) {
    return ledger.read(name.key()).isPresent();
  }

  /** The same as {@link #load}, or empty if there is no such table. */
  public Optional<Table> find(TableName name) {
    return current(name.key(), name.toString())
        .map(current -> table(current, name.key(), name.toString()));
  }

  /**
   * The same by the pointer's key, whatever else is damaged, and whether pointer and metadata
   * agree.
   *
   * @throws BackendException if the pointer is damaged or its metadata cannot be read
   */
  public Optional<PinnedTable> pin(Registry.Key pointer) {
    String shown = TableName.format(pointer);
    return current(pointer, shown)
        .map(
            current ->
                new PinnedTable(
                    table(current, pointer, shown),
                    current.pointer().version(),
                    TablePointer.differences(
                        current.pointer(), current.metadata(), metadataText(current)),
                    TablePointer.nextVersion(current.pointer()) - 1,
                    metadataFiles(current.metadata())));
  }

  private Table table(Current current, Registry.Key pointer, String shown) {
    return new ProductTable(
        new StaticTableOperations(current.metadata(), files), shown, ledger, pointer.partition());
  }

  private String metadataText(Current current) {
    String location = current.metadata().metadataFileLocation();
    try (InputStream in = files.newInputFile(location).newStream()) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException | RuntimeException e) {
      // It was there a moment ago: another commit may have cleared it away.
      return "";
    }
  }

  /** The present metadata file, those before it, and what goes with them. */
  private static Set<String> metadataFiles(TableMetadata metadata) {
    Set<String> locations = new HashSet<>();
    locations.add(metadata.metadataFileLocation());
    metadata.previousFiles().forEach(file -> locations.add(file.file()));
    metadata.statisticsFiles().forEach(file -> locations.add(file.path()));
    metadata.partitionStatisticsFiles().forEach(file -> locations.add(file.path()));
    return locations;
  }

  /** The same text for all locations that lead to one file, by spelling and by links. */
  public String comparable(String location) {
    return CanonicalLocation.comparable(files.target(location));
  }

  /**
   * True if a link below a folder takes a part in leading to a location there.
   *
   * @param folder without a slash at its end
   */
  public boolean isLinked(String folder, String location) {
    return !files
        .target(location)
        .equals(files.target(folder) + location.substring(folder.length()));
  }

  /** Where the folders of all tables lie. */
  public String dataFolder() {
    return TableName.dataFolder(root);
  }

  /** The folder of the table that has this pointer, without a slash at its end. */
  public String folder(Registry.Key pointer) {
    return dataFolder()
        + "/"
        + pointer.writingDomain()
        + "/"
        + pointer.sort().substring(TableName.POINTERS.length());
  }

  /** Where closed parts of logs lie, without a slash at its end. */
  public String archiveFolder() {
    return root + "/archive";
  }

  /**
   * The table as an engine is to see it; empty if there is no such table.
   *
   * @param before what was read earlier; it comes back if the table did not move since
   * @throws BackendException if its metadata cannot be read
   */
  public Optional<TableVersion> version(TableName name, @Nullable TableVersion before) {
    if (before != null) {
      Optional<VersionedDocument> pointer = ledger.read(name.key());
      if (pointer.isPresent() && before.isAt(pointer.get())) {
        return Optional.of(before);
      }
    }
    return current(name.key(), name.toString())
        .map(current -> new TableVersion(name, files, current.pointer(), current.metadata()));
  }

  /**
   * One attempt's update of a table. Nothing is visible before the attempt is committed with what
   * {@link TableDraft#stage} added.
   *
   * @throws NotFoundException if there is no such table
   * @throws BackendException if its metadata cannot be read, or leads outside the root
   */
  public TableDraft draft(TableName name, Ledger.Attempt attempt) {
    Current current = current(name.key(), name.toString()).orElseThrow(() -> notFound(name));
    return new TableDraft(
        name,
        files,
        attempt,
        current.pointer(),
        current.metadata(),
        MetadataTime.of(current.metadata()));
  }

  /**
   * A new table, with these very column ids. It comes to be even if nothing is appended to it. If
   * there is one, the attempt ends in a conflict and the change is drafted anew; a draft that would
   * not see why asks {@link #exists} first.
   *
   * @param formatVersion Iceberg's format: 2, or 3 for nanoseconds and defaults
   * @param properties beyond those that every table has
   */
  public TableDraft create(
      TableName name,
      Schema schema,
      PartitionSpec spec,
      int formatVersion,
      Map<String, String> properties,
      Ledger.Attempt attempt) {
    // Ids are drawn from the attempt's, so that a seeded mesh draws the same each time.
    String id =
        UUID.nameUUIDFromBytes((attempt.id() + "/" + name).getBytes(StandardCharsets.UTF_8))
            .toString();
    TableMetadata metadata =
        TableMetadata.buildFromEmpty(formatVersion)
            .assignUUID(id)
            .setLocation(location(name))
            .setCurrentSchema(schema, schema.highestFieldId())
            .setDefaultPartitionSpec(spec)
            .setDefaultSortOrder(SortOrder.unsorted())
            .setProperties(TableSettings.of(properties))
            .discardChanges()
            .build();
    return new TableDraft(name, files, attempt, null, null, MetadataTime.ofNew(metadata));
  }

  private Optional<Current> current(Registry.Key key, String name) {
    VersionedDocument failed = null;
    for (int tries = 0; tries < LOAD_TRIES; tries++) {
      Optional<VersionedDocument> pointer = ledger.read(key);
      if (pointer.isEmpty()) {
        return Optional.empty();
      }
      if (failed != null && failed.version().equals(pointer.get().version())) {
        break;
      }
      try {
        return Optional.of(new Current(pointer.get(), read(name, pointer.get())));
      } catch (org.apache.iceberg.exceptions.NotFoundException e) {
        // Old metadata is deleted after commits: between pointer and file the table moved on.
        failed = pointer.get();
      }
    }
    throw damaged(name, METADATA + " is missing", null);
  }

  private TableMetadata read(String name, VersionedDocument pointer) {
    String location = TablePointer.metadataLocation(pointer);
    if (!files.holds(location)) {
      throw unsafe(name, "its pointer names a metadata file");
    }
    ParsedFiles parsed = new ParsedFiles(files);
    try {
      TableMetadata metadata = TableMetadataParser.read(parsed, location);
      if (!files.holds(metadata.location())) {
        throw unsafe(name, "its metadata names a folder");
      }
      return metadata;
    } catch (MeshException | org.apache.iceberg.exceptions.NotFoundException e) {
      throw e;
    } catch (RuntimeException e) {
      throw parsed
          .failure(MeshAction.of(Verb.OPEN, "table " + name), METADATA)
          .orElseGet(() -> damaged(name, METADATA + " cannot be read", e));
    }
  }

  private static NotFoundException notFound(TableName name) {
    return Failure.of(MeshAction.of(Verb.OPEN, "table " + name))
        .because("there is none for " + name.product() + " in major version " + name.major())
        .fix("Look at the product's versions.")
        .notFound(ErrorCode.NOT_FOUND);
  }

  private static BackendException damaged(
      String name, String why, @Nullable RuntimeException cause) {
    return Failure.of(MeshAction.of(Verb.OPEN, "table " + name))
        .because(why)
        .fix("Look at the store, and restore the file from a backup if it is gone.")
        .cause(cause)
        .lasting(ErrorCode.DATA_DAMAGED);
  }

  /** Says what is wrong and never where it leads, which somebody else may have chosen. */
  private static BackendException unsafe(String name, String what) {
    return Failure.of(MeshAction.of(Verb.OPEN, "table " + name))
        .because(what + " outside the root of the mesh")
        .state("It was not followed, and nothing was changed.")
        .fix("Restore the registry from a backup; a mesh that was copied by hand cannot be used.")
        .lasting(ErrorCode.UNSAFE_PATH);
  }

  private record Current(VersionedDocument pointer, TableMetadata metadata) {}
}
