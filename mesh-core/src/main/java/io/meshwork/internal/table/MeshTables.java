package io.meshwork.internal.table;

import io.meshwork.error.AlreadyExistsException;
import io.meshwork.error.BackendException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.MeshException;
import io.meshwork.error.NotFoundException;
import io.meshwork.internal.ledger.Ledger;
import io.meshwork.internal.ledger.Stored;
import io.meshwork.registry.Registry;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.apache.iceberg.BaseTable;
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

  private final Ledger ledger;
  private final FileIO files;
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
    this.files = files;
    this.root = root.endsWith("/") ? root.substring(0, root.length() - 1) : root;
  }

  /** The table's folder. */
  public String location(TableName name) {
    return name.location(root);
  }

  /**
   * The table as it is now, for reading. It is pinned: it never moves, and refuses to be changed.
   *
   * @throws NotFoundException if there is no such table
   * @throws BackendException if its metadata cannot be read
   */
  public Table load(TableName name) {
    return find(name).orElseThrow(() -> notFound(name));
  }

  /** The same, or empty if there is no such table. */
  public Optional<Table> find(TableName name) {
    return current(name.key(), name.toString()).map(current -> table(current, name.toString()));
  }

  /**
   * The same by the pointer's key, whatever else is damaged, and whether pointer and metadata
   * agree.
   *
   * @throws BackendException if the pointer is damaged or its metadata cannot be read
   */
  public Optional<PinnedTable> pin(Registry.Key pointer) {
    String shown = TableName.shown(pointer);
    return current(pointer, shown)
        .map(
            current ->
                new PinnedTable(
                    table(current, shown),
                    current.pointer().version(),
                    TablePointer.differences(
                        current.pointer(), current.metadata(), metadataText(current)),
                    metadataFiles(current.metadata())));
  }

  private Table table(Current current, String shown) {
    return new BaseTable(new StaticTableOperations(current.metadata(), files), shown, report -> {});
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

  /** Where the folders of all tables lie. */
  public String dataFolder() {
    return TableName.dataFolder(root);
  }

  /**
   * The table as an engine is to see it; empty if there is no such table.
   *
   * @param before what was read earlier; it comes back if the table did not move since
   * @throws BackendException if its metadata cannot be read
   */
  public Optional<TableVersion> version(TableName name, @Nullable TableVersion before) {
    if (before != null) {
      Optional<Stored> pointer = ledger.read(name.key());
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
   * @throws BackendException if its metadata cannot be read
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
   * A new table, with these very column ids. It comes to be even if nothing is appended to it.
   *
   * @param formatVersion Iceberg's format: 2, or 3 for nanoseconds and defaults
   * @param properties beyond those that every table has
   * @throws AlreadyExistsException if there is such a table
   */
  public TableDraft create(
      TableName name,
      Schema schema,
      PartitionSpec spec,
      int formatVersion,
      Map<String, String> properties,
      Ledger.Attempt attempt) {
    if (ledger.read(name.key()).isPresent()) {
      throw new AlreadyExistsException(
          ErrorCode.ALREADY_EXISTS,
          "Cannot create table "
              + name
              + ": there is one. Nothing was changed. Use it, or choose another major version.");
    }
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
    Stored failed = null;
    for (int tries = 0; tries < LOAD_TRIES; tries++) {
      Optional<Stored> pointer = ledger.read(key);
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
    throw damaged(name, "the metadata file that its pointer names is missing", null);
  }

  private TableMetadata read(String name, Stored pointer) {
    try {
      return TableMetadataParser.read(files, TablePointer.metadataLocation(pointer));
    } catch (MeshException | org.apache.iceberg.exceptions.NotFoundException e) {
      throw e;
    } catch (RuntimeException e) {
      throw damaged(name, "the metadata file that its pointer names cannot be read", e);
    }
  }

  private static NotFoundException notFound(TableName name) {
    return new NotFoundException(
        ErrorCode.NOT_FOUND,
        "Cannot open table "
            + name
            + ": there is none for "
            + name.product()
            + " in major version "
            + name.major()
            + ". Look at the product's versions.",
        null);
  }

  private static BackendException damaged(
      String name, String why, @Nullable RuntimeException cause) {
    return BackendException.lasting(
        ErrorCode.DATA_DAMAGED,
        "Cannot open table "
            + name
            + ": "
            + why
            + ". Nothing was changed. Look at the store, and restore the file from a backup if it"
            + " is gone.",
        cause);
  }

  private record Current(Stored pointer, TableMetadata metadata) {}
}
