package io.meshwork.internal.table;

import io.meshwork.error.BackendException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.error.NotFoundException;
import io.meshwork.internal.catalog.DomainEntry.DataPlace;
import io.meshwork.internal.catalog.DomainEntry.PlaceOwner;
import io.meshwork.internal.ledger.Ledger;
import io.meshwork.internal.ledger.MeshRoot;
import io.meshwork.internal.ledger.VersionedDocument;
import io.meshwork.internal.parquet.footer.FooterCache;
import io.meshwork.registry.Registry;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.SortOrder;
import org.apache.iceberg.StaticTableOperations;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.io.FileIO;
import org.apache.iceberg.io.FileInfo;
import org.apache.iceberg.io.SupportsPrefixOperations;
import org.jspecify.annotations.Nullable;

/** The tables of one mesh. Thread-safe; the returned tables and drafts are not. */
public final class MeshTables {
  private final Ledger ledger;
  private final RootedFileIO files;
  private final PlaceRootCheck rootCheck;
  private final DataPlaces places;
  private final PlaceGuard guard;
  private final boolean retainsMetadata;
  private final MetadataCache cache = MetadataCache.ofHeap();
  private final CurrentMetadata metadata;
  private final GzipFeature gzip;
  private final FooterCache footers = FooterCache.ofHeap();
  private final ManifestCache manifests = ManifestCache.ofHeap();

  /** Files in accounts, such as in buckets on AWS. */
  public interface OwnedFiles {
    /**
     * Finds in which account and region a place is.
     *
     * @param root the root of the place
     * @param accounts the accounts that may have it, such as the accounts of its domain
     * @return empty if none of them has it, or the store does not answer
     */
    Optional<PlaceOwner> findOwner(String root, List<String> accounts);
  }

  /**
   * Files of a store that decides on reads itself: readers of other domains get credentials for one
   * table, as Lake Formation vends them. Thread-safe.
   */
  public interface VendedFiles {
    /**
     * Returns the files of a table for readers of other domains. The credentials are requested for
     * the first file; if the store denies them, reading it throws an {@code AccessDeniedException}.
     *
     * @param catalog the catalog of the product's domain
     * @return empty if the store vends none; the table then cannot be read
     */
    Optional<FileIO> vended(String catalog, TableName table);

    /** Returns the engines that read a table with some columns or rows only, for messages. */
    String filteringEngines();

    /**
     * Returns true if the store also vends files to readers of some columns or rows only, and
     * trusts this process to filter them. Default: false.
     */
    default boolean isTrustedEngine() {
      return false;
    }
  }

  /** Files that several locations may lead to through symbolic links. Thread-safe. */
  public interface LinkedFiles {
    /**
     * The location with all links resolved. The file need not exist. A location that names no file
     * is returned unchanged.
     */
    String target(String location);

    /** What all hard links of a file have in common; the location if the disk does not tell. */
    Object identity(String location);

    /**
     * The text of the nearest file with one of these names in a folder above the file to which
     * links lead a location.
     *
     * @return empty if no link leads it elsewhere, or no such file is above
     */
    Optional<String> nearestAbove(String location, List<String> names);

    /**
     * Lists the files below a folder as {@code listPrefix} does, also if this process cannot read
     * some of the folders below it.
     *
     * @param unreadable receives the locations of those folders
     */
    Iterable<FileInfo> listReadable(String folder, Consumer<String> unreadable);
  }

  /**
   * Lists the files below a folder, also if this process cannot read some of the folders below it.
   *
   * @param unreadable receives the locations of those folders; a store without folders has none
   */
  public static Iterable<FileInfo> list(
      SupportsPrefixOperations files, String folder, Consumer<String> unreadable) {
    if (files instanceof RootedFileIO rooted) {
      return rooted.list(folder, unreadable);
    }
    return files instanceof LinkedFiles links
        ? links.listReadable(folder, unreadable)
        : files.listPrefix(folder);
  }

  /** What all hard links of a file have in common; the location if the store has no links. */
  public static Object identity(FileIO files, String location) {
    if (files instanceof RootedFileIO rooted) {
      return rooted.identity(location);
    }
    return files instanceof LinkedFiles links ? links.identity(location) : location;
  }

  /**
   * The state of a table at one version of its pointer. Immutable.
   *
   * @param table the table of the metadata file
   * @param folder the table's folder by its pointer, without a trailing slash
   * @param version the version of the pointer, which changes with each commit
   * @param differences differences between the pointer and the metadata file; empty if there are
   *     none
   * @param number the number of the metadata file, which increases by one with each commit
   * @param metadataFiles locations of the current and previous metadata files, and of statistics
   */
  public record PinnedTable(
      Table table,
      String folder,
      String version,
      List<String> differences,
      int number,
      Set<String> metadataFiles) {
    public PinnedTable {
      differences = List.copyOf(differences);
      metadataFiles = Set.copyOf(metadataFiles);
    }
  }

  /**
   * Where a table is, by its pointer alone. Immutable.
   *
   * @param folder the table's folder, without a trailing slash
   * @param metadata the location of the current metadata file
   * @param snapshot the ID of the current snapshot; empty if there is none
   * @param version the version of the pointer: the ID of the attempt that wrote it
   */
  public record TablePosition(
      String folder, String metadata, Optional<String> snapshot, String version) {}

  /**
   * The tables of these places.
   *
   * @param files the storage of metadata and data; must sync its writes; the caller closes it
   */
  public MeshTables(Ledger ledger, FileIO files, DataPlaces places) {
    this(ledger, files, places, false);
  }

  /**
   * The tables of these places, which other services may show.
   *
   * @param retainsMetadata true if commits do not delete metadata files that they replaced long
   *     ago, because a service may name them; maintenance deletes them
   */
  public MeshTables(Ledger ledger, FileIO files, DataPlaces places, boolean retainsMetadata) {
    this(ledger, files, places, retainsMetadata, new PlaceGuard(ledger, files, places));
  }

  private MeshTables(
      Ledger ledger, FileIO files, DataPlaces places, boolean retainsMetadata, PlaceGuard guard) {
    this.ledger = ledger;
    this.places = places;
    this.guard = guard;
    this.files = RootedFileIO.over(files, places, guard);
    this.rootCheck = new PlaceRootCheck(places, this.files);
    this.retainsMetadata = retainsMetadata;
    this.metadata = new CurrentMetadata(ledger, this.files, places, guard, cache);
    this.gzip = new GzipFeature(ledger);
  }

  /** Returns the files that readers of other domains get; empty if the store does not vend them. */
  public Optional<VendedFiles> vending() {
    return files.files instanceof VendedFiles vending ? Optional.of(vending) : Optional.empty();
  }

  /** Returns these tables with other files, such as with credentials for one table. */
  public MeshTables over(FileIO other) {
    return new MeshTables(ledger, other, places, retainsMetadata, guard);
  }

  /** The footers of the data files that readers opened last. */
  public FooterCache footers() {
    return footers;
  }

  /** The places of the tables' files. */
  public DataPlaces places() {
    return places;
  }

  /** All roots below which the mesh stores its files. Reads the registry. */
  public Set<String> roots() {
    places.refresh();
    return Set.copyOf(places.known());
  }

  /**
   * Requires that a domain can store data at a new root, and marks the root as a place of this
   * mesh. Does nothing if it has the marker of this mesh already.
   *
   * @param parameter the parameter that has the root
   * @param root the result of {@link DataPlaces#canonical}
   * @param accounts the accounts of the domain
   * @return the place, with its account if the store has accounts
   * @throws io.meshwork.error.InvalidRequestException if files there would mix with others
   * @throws BackendException if the marker cannot be written
   */
  public DataPlace claimPlace(String parameter, String root, List<String> accounts) {
    rootCheck.requireUsable(parameter, root);
    new PlaceMarker(meshId(), root).claim(parameter, files.files);
    return new DataPlace(
        root,
        files.files instanceof OwnedFiles owned
            ? owned.findOwner(root, accounts)
            : Optional.empty());
  }

  /**
   * True if the marker of a place names this mesh, and this root or one that leads to the same
   * folder. Files of other places do not belong to this mesh.
   *
   * @throws RuntimeException if the marker cannot be read
   */
  public boolean ownsPlace(String root) {
    return guard.owns(root);
  }

  /**
   * True if no table has files below the root of a place, whether it is one of this mesh or not.
   *
   * @throws RuntimeException if the store cannot list them
   */
  public boolean isEmptyPlace(String root) {
    return !PlaceMarker.containsFiles(files.files, DataPlaces.dataFolder(root));
  }

  /**
   * Requires that all places of a table's domain belong to this mesh, before what is in them is
   * given up.
   *
   * @throws BackendException PLACE_NOT_OWN if one is not, or its marker is missing
   */
  public void requireOwnPlaces(TableName name) {
    folders(name).forEach(folder -> guard.requireOwn(Verb.DELETE, folder));
  }

  private String meshId() {
    return MeshRoot.find(ledger).orElseThrow().id();
  }

  /**
   * The files of all tables. Reads any location except in places of other meshes; writes, deletes,
   * and lists below the roots of the mesh in its own places only. Closing it does nothing.
   */
  public FileIO files() {
    return files;
  }

  /**
   * The marker of the place of a table; empty in a store of accounts, which is the same from
   * everywhere.
   */
  public Optional<MarkerFile> marker(Table table) {
    return guard.marker(table.location());
  }

  /** The folder of an existing table, or the one that a new table would get. */
  public String location(TableName name) {
    return ledger
        .read(name.key())
        .map(pointer -> folder(name.key(), pointer))
        .orElseGet(() -> name.location(places.of(name.product())));
  }

  /**
   * The current state of a table, for reading. It never changes and cannot be updated.
   *
   * @throws NotFoundException if the table does not exist
   * @throws BackendException if its metadata is damaged, leads outside its domain's places, or
   *     cannot be read; retryable in the last case, unless the read permission is missing
   */
  public Table load(TableName name) {
    return find(name).orElseThrow(() -> notFound(name));
  }

  /**
   * Where a table is now; empty if the table does not exist. Its metadata is not read.
   *
   * @throws BackendException if the registry cannot be read, or the pointer is damaged
   */
  public Optional<TablePosition> position(TableName name) {
    return ledger
        .read(name.key())
        .map(
            pointer ->
                new TablePosition(
                    folder(name.key(), pointer),
                    TablePointer.metadataLocation(pointer),
                    TablePointer.of(pointer).snapshotId(),
                    pointer.version()));
  }

  /**
   * The newest snapshot of a table according to its pointer, without its files; empty if the
   * pointer does not have it, as for a table with few snapshots. Metadata is not read.
   *
   * @throws BackendException if the registry cannot be read
   */
  public Optional<Snapshot> newestSnapshot(TableName name) {
    return ledger.read(name.key()).flatMap(cache::newestSnapshot);
  }

  /** True if the registry has a pointer to such a table; its metadata is not read. */
  public boolean exists(TableName name) {
    return ledger.read(name.key()).isPresent();
  }

  /** As {@link #load}; empty if the table does not exist. */
  public Optional<Table> find(TableName name) {
    return find(name, ManifestCache.NONE);
  }

  /**
   * As {@link #find}, for readers of its rows: manifests that this process read come from memory,
   * so that damage of them is not noticed.
   */
  public Optional<Table> findForReads(TableName name) {
    return find(name, manifests);
  }

  /** As {@link #load}, for readers of its rows as {@link #findForReads}. */
  public Table loadForReads(TableName name) {
    return findForReads(name).orElseThrow(() -> notFound(name));
  }

  private Optional<Table> find(TableName name, ManifestCache manifests) {
    return find(name.key(), name.toString(), manifests);
  }

  private Optional<Table> find(Registry.Key pointer, String name, ManifestCache manifests) {
    return metadata.find(pointer, name).map(current -> table(current, pointer, name, manifests));
  }

  /**
   * The current state of a table by its pointer's key, with the differences between pointer and
   * metadata, which is read from its file even if this process knows it.
   *
   * @throws BackendException if the pointer is damaged or its metadata cannot be read
   */
  public Optional<PinnedTable> pin(Registry.Key pointer) {
    String name = TableName.format(pointer);
    return metadata
        .read(pointer, name)
        .map(
            current ->
                new PinnedTable(
                    table(current, pointer, name, ManifestCache.NONE),
                    folder(pointer, current.pointer()),
                    current.pointer().version(),
                    TablePointer.of(current.pointer())
                        .differences(current.metadata(), metadata.hash(current)),
                    TablePointer.of(current.pointer()).metadataVersion(),
                    metadataFiles(current.metadata())));
  }

  /**
   * The version of a table's pointer, as in {@link PinnedTable#version}; its metadata is not read.
   *
   * @throws BackendException if the registry cannot be read
   */
  public Optional<String> version(Registry.Key pointer) {
    return ledger.read(pointer).map(VersionedDocument::version);
  }

  /**
   * True if a table exists, and no erasure deletes one of its metadata files.
   *
   * @throws BackendException if the registry cannot be read
   */
  public boolean keeps(Registry.Key pointer, String metadataFile) {
    return ledger.read(pointer).map(TablePointer::of).stream()
        .anyMatch(now -> now.keeps(metadataFile));
  }

  private Table table(
      CurrentMetadata.Version current, Registry.Key pointer, String name, ManifestCache manifests) {
    return new ProductTable(
        new StaticTableOperations(current.metadata(), files),
        name,
        ledger,
        pointer.partition(),
        folder(pointer, current.pointer()),
        current.pointer().version(),
        manifests,
        () -> find(pointer, name, ManifestCache.NONE));
  }

  private String folder(Registry.Key key, VersionedDocument pointer) {
    return TablePointer.of(pointer)
        .location()
        .orElseGet(() -> places.atMeshRoot(key.writingDomain(), folderName(key)));
  }

  private static String folderName(Registry.Key pointer) {
    return pointer.sort().substring(TableName.POINTERS.length());
  }

  /** The current and previous metadata files, and statistics files. */
  private static Set<String> metadataFiles(TableMetadata metadata) {
    Set<String> locations = new HashSet<>();
    locations.add(metadata.metadataFileLocation());
    metadata.previousFiles().forEach(file -> locations.add(file.file()));
    metadata.statisticsFiles().forEach(file -> locations.add(file.path()));
    metadata.partitionStatisticsFiles().forEach(file -> locations.add(file.path()));
    return locations;
  }

  /** A text that is equal for all locations of one file, in any spelling and through any link. */
  public String comparable(String location) {
    return CanonicalLocation.comparable(files.target(location));
  }

  /** The location of a file with all links resolved. */
  public String target(String location) {
    return files.target(location);
  }

  /**
   * True if a file is below a folder with all links resolved, so that the folder's owner has it.
   *
   * @param folder without a trailing slash
   */
  public boolean contains(String folder, String location) {
    return comparable(location).startsWith(comparable(folder) + "/");
  }

  /** The locations that are not links to files elsewhere. */
  public List<String> withoutLinks(Collection<String> locations) {
    return locations.stream()
        .filter(location -> contains(location.substring(0, location.lastIndexOf('/')), location))
        .toList();
  }

  /**
   * True if a file on a disk does not exist, where people may have moved it. False in a store,
   * where to ask for many files would take long.
   */
  public boolean isMissingOnDisk(String location) {
    return files.hasLinks() && !files.newInputFile(location).exists();
  }

  /**
   * True if a location below a folder contains a link below that folder.
   *
   * @param folder without a trailing slash
   */
  public boolean isLinked(String folder, String location) {
    return !files
        .target(location)
        .equals(files.target(folder) + location.substring(folder.length()));
  }

  /**
   * The folders that a table has or had, one in each place of its domain, without trailing slashes;
   * also after its pointer was deleted.
   */
  public List<String> folders(TableName name) {
    return places.folders(name.namespace(), name.table());
  }

  /** As {@link #folders(TableName)}, by the key of the table's pointer. */
  public TableFolders folders(Registry.Key pointer) {
    return new TableFolders(TableName.at(pointer).map(this::folders).orElse(List.of()));
  }

  /**
   * True if a table's files are below one of these roots.
   *
   * @param pointer the document of its pointer
   */
  public static boolean isBelow(Collection<String> roots, VersionedDocument pointer) {
    return TablePointer.of(pointer)
        .location()
        .filter(location -> DataPlaces.isBelowData(roots, location))
        .isPresent();
  }

  /**
   * The current version of a table for an engine; empty if the table does not exist.
   *
   * @param cached an earlier version, which is returned if it is still current
   * @throws BackendException if its metadata cannot be read
   */
  public Optional<TableVersion> version(TableName name, @Nullable TableVersion cached) {
    if (cached != null) {
      Optional<VersionedDocument> pointer = ledger.read(name.key());
      if (pointer.isPresent() && cached.isAt(pointer.get())) {
        guard.requireReadable(Verb.READ, TablePointer.metadataLocation(pointer.get()));
        return Optional.of(cached);
      }
    }
    return metadata
        .find(name.key(), name.toString())
        .map(current -> new TableVersion(name, files, current.pointer(), current.metadata(), gzip));
  }

  /**
   * One attempt's update of a table. Nothing is visible before the attempt is committed with the
   * additions of {@link TableDraft#stage}.
   *
   * @throws NotFoundException if the table does not exist
   * @throws BackendException if its metadata cannot be read, or leads outside its domain's places
   */
  public TableDraft draft(TableName name, Ledger.Attempt attempt) {
    CurrentMetadata.Version current =
        metadata.find(name.key(), name.toString()).orElseThrow(() -> notFound(name));
    return new TableDraft(
            name,
            files,
            manifests,
            attempt,
            current.pointer(),
            current.metadata(),
            MetadataTime.of(current.metadata()))
        .retainingMetadata(retainsMetadata)
        .keptIn(cache)
        .compressedWith(gzip)
        .copying(current.file())
        .comparedWith(() -> find(name));
  }

  /**
   * A new table with exactly these column IDs. It is created even if nothing is appended to it. If
   * it exists, the attempt ends in a conflict, so a draft should check {@link #exists} first.
   *
   * @param root the root below which it gets its folder; a root of its domain
   * @param columns the columns, the ID after which later columns get theirs, and Iceberg's format:
   *     2, or 3 for nanoseconds and defaults
   * @param properties in addition to the properties of every table
   */
  public TableDraft create(
      TableName name,
      String root,
      TableColumns columns,
      PartitionSpec spec,
      Map<String, String> properties,
      Ledger.Attempt attempt) {
    // Derived from the attempt's ID, so that a seeded mesh always has the same IDs.
    String id =
        UUID.nameUUIDFromBytes((attempt.id() + "/" + name).getBytes(StandardCharsets.UTF_8))
            .toString();
    String location = name.location(root);
    TableMetadata metadata =
        TableMetadata.buildFromEmpty(columns.format())
            .assignUUID(id)
            .setLocation(location)
            .setCurrentSchema(columns.schema(), columns.lastColumnId())
            .setDefaultPartitionSpec(spec)
            .setDefaultSortOrder(SortOrder.unsorted())
            .setProperties(TableSettings.of(location, properties))
            .discardChanges()
            .build();
    return new TableDraft(
            name,
            files,
            manifests,
            attempt,
            null,
            null,
            MetadataTime.ofNew(metadata),
            places.elsewhere(location))
        .keptIn(cache)
        .compressedWith(gzip);
  }

  /**
   * Writes the manifests of files that a publish adds, before its first attempt, so that an attempt
   * writes only what depends on the snapshot before. An attempt syncs them. The caller deletes them
   * if no attempt is committed.
   *
   * @param table the table, as it was when the publish began
   * @param entries at least one
   * @return empty if each attempt has to write them, because the table has an old format
   * @throws BackendException if one could not be written
   */
  public Optional<AddedManifests> writeManifests(
      TableName name, Table table, String publishId, List<DataFileEntry> entries) {
    TableMetadata base = ((ProductTable) table).operations().current();
    return AddedManifests.fits(base)
        ? Optional.of(AddedManifests.ofPublish(name, base, publishId, files, entries))
        : Optional.empty();
  }

  private static NotFoundException notFound(TableName name) {
    return Failure.of(MeshAction.of(Verb.OPEN, "table " + name))
        .because(name.product() + " has no table in major version " + name.major())
        .fix("describe(\"" + name.product() + "\") shows its versions.")
        .notFound(ErrorCode.NOT_FOUND);
  }
}
