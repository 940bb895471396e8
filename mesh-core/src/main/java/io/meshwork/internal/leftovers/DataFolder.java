package io.meshwork.internal.leftovers;

import io.meshwork.error.BackendException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.Finding.Severity;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.disk.DesktopFiles;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.internal.session.ClientSession.MaintainedDomains;
import io.meshwork.internal.session.ReachableCatalogs;
import io.meshwork.internal.table.CanonicalLocation;
import io.meshwork.internal.table.DataPlaces;
import io.meshwork.internal.table.MeshTables;
import io.meshwork.internal.table.TableName;
import io.meshwork.registry.Registry.Key;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.apache.iceberg.io.FileInfo;
import org.apache.iceberg.io.SupportsPrefixOperations;

/**
 * The files in the folders of tables and archives at one time, in all places of data; empty if the
 * store cannot list. Below the root of a place, only the folders of the domains with data there are
 * theirs. Immutable.
 */
public final class DataFolder {
  private static final String METADATA = "metadata/";

  /** A copy of log data for readers of files; its presence proves nothing about the table. */
  private static final Pattern LAST_UPDATED =
      Pattern.compile("_metadata/(?:last_updated\\.json|\\.last_updated\\.json\\..*)");

  private final Map<Key, Map<String, FileInfo>> tables = new TreeMap<>();

  /** The tables whose folders have complete files of rows. */
  private final Set<Key> withData = new TreeSet<>();

  private final Map<String, List<ArchiveFile>> archives = new HashMap<>();

  /** The numbers of files in folders of domains without data there, by folder. */
  private final Map<ForeignFolder, Long> foreign = new TreeMap<>(ForeignFolder.BY_FOLDER);

  /** Files in no table's folder, by the domain whose folder they are in; "" for files in none. */
  private final Map<String, List<FileInfo>> loose = new TreeMap<>();

  private final Set<String> roots = new TreeSet<>();

  private final List<UnlistedPlace> unlisted = new ArrayList<>();

  private final Set<String> placed = new TreeSet<>();

  private DataFolder() {}

  /** Returns a folder without files. */
  public static DataFolder empty() {
    return new DataFolder();
  }

  /**
   * A folder of tables below the root of a place.
   *
   * @param root the root
   * @param domain the name of the folder, after which domain it is named
   */
  public record ForeignFolder(String root, String domain) {
    private static final Comparator<ForeignFolder> BY_FOLDER =
        Comparator.comparing(ForeignFolder::toString);

    @Override
    public String toString() {
      return DataPlaces.dataFolder(root) + "/" + domain;
    }
  }

  /**
   * A place whose files are unknown.
   *
   * @param root its root
   * @param severity how serious that is for the domains with data there
   * @param reason why, without a period
   */
  public record UnlistedPlace(String root, Severity severity, String reason) {
    static UnlistedPlace afterFailure(String root, Severity severity, BackendException failure) {
      return new UnlistedPlace(root, severity, "cannot be listed, because " + failure.reason());
    }

    static UnlistedPlace withoutMarker(String root, boolean isEmpty) {
      return new UnlistedPlace(
          root,
          Severity.WARNING,
          "are not listed, because "
              + (isEmpty ? "it contains no data, and its " : "its ")
              + DataPlaces.MARKER
              + " is missing, is damaged, or names another mesh or place");
    }

    /** A missing object is an error. A transient failure or a denied permission is not. */
    static Severity severityOf(BackendException failure) {
      return failure.retryable() || failure.errorCode() == ErrorCode.PERMISSION_MISSING
          ? Severity.WARNING
          : Severity.ERROR;
    }
  }

  /**
   * Lists all tables and all archives of the domains that the process maintains, once each. A place
   * that cannot be listed, or that has no marker of this mesh, is left out, and so is the root of
   * the mesh if the process lacks the permission to list it; see {@link #unlisted}.
   *
   * @throws BackendException if the store can list, but listing the root of the mesh fails for
   *     another reason
   */
  public static DataFolder list(ClientSession session, MaintainedDomains maintained) {
    DataFolder folder = new DataFolder();
    if (session.files() instanceof SupportsPrefixOperations listing) {
      String meshRoot = session.tables().places().meshRoot();
      if (maintained.all()) {
        folder.addAll(RootFiles.list(listing, meshRoot, ""), domain -> true);
      } else {
        for (String domain : maintained.domains()) {
          if (keepsDataAtMeshRoot(session, domain)) {
            folder.addOfDomain(listing, meshRoot, domain);
          }
        }
      }
      folder.addPlaces(session, listing, maintained);
      // A place may also have the tables of domains that other processes maintain.
      folder.tables.keySet().removeIf(table -> !maintained.includes(table.partition()));
      folder.loose.keySet().removeIf(domain -> !maintained.includes(domain));
    }
    return folder;
  }

  /** False for a domain with a place of its data whose tables are all in such places. */
  private static boolean keepsDataAtMeshRoot(ClientSession session, String domain) {
    List<String> roots = session.tables().places().roots(domain);
    return roots.size() == 1
        || session.catalog().products(domain).stream()
            .map(product -> RegistryKeys.partition(product.name()))
            .flatMap(partition -> session.ledger().list(partition, TableName.POINTERS).stream())
            .anyMatch(pointer -> !MeshTables.isBelow(roots, pointer));
  }

  private void addOfDomain(SupportsPrefixOperations listing, String meshRoot, String domain) {
    try {
      addAll(RootFiles.list(listing, meshRoot, domain + "/"), name -> true);
    } catch (BackendException e) {
      if (e.errorCode() != ErrorCode.PERMISSION_MISSING) {
        throw e;
      }
      unlisted.add(UnlistedPlace.afterFailure(meshRoot, Severity.NOTE, e));
    }
  }

  private void addPlaces(
      ClientSession session, SupportsPrefixOperations listing, MaintainedDomains maintained) {
    session
        .tables()
        .places()
        .domainsByRoot()
        .forEach(
            (root, domains) -> {
              if (domains.stream().anyMatch(maintained::includes)) {
                domains.stream().filter(maintained::includes).forEach(placed::add);
                try {
                  if (isOwned(session, root)) {
                    addAll(RootFiles.listPlace(listing, root), domains::contains);
                  } else {
                    // Fails if the bucket does not exist, which has no marker either.
                    unlisted.add(UnlistedPlace.withoutMarker(root, isEmpty(session, root)));
                  }
                } catch (BackendException e) {
                  unlisted.add(UnlistedPlace.afterFailure(root, UnlistedPlace.severityOf(e), e));
                }
              }
            });
  }

  private static boolean isOwned(ClientSession session, String root) {
    try {
      return session.tables().ownsPlace(root);
    } catch (RuntimeException e) {
      return false;
    }
  }

  /**
   * The files of tables and archives below one root.
   *
   * @param root the root
   * @param tables all files in the folder of tables
   * @param archives all files in the folder of archives
   */
  private record RootFiles(String root, List<FileInfo> tables, List<FileInfo> archives) {
    /**
     * Lists files.
     *
     * @param folder the folder of a domain with a slash, or empty for all domains
     */
    static RootFiles list(SupportsPrefixOperations listing, String root, String folder) {
      return new RootFiles(
          root,
          DataFolder.list(listing, DataPlaces.dataFolder(root) + "/" + folder),
          DataFolder.list(listing, DataPlaces.archiveFolder(root) + "/" + folder));
    }

    /**
     * Lists all files of a place.
     *
     * @throws BackendException also if one of its two folders is a file
     */
    static RootFiles listPlace(SupportsPrefixOperations listing, String root) {
      RootFiles files = list(listing, root, "");
      requireFolder(DataPlaces.dataFolder(root), files.tables());
      requireFolder(DataPlaces.archiveFolder(root), files.archives());
      return files;
    }

    /** A store lists a file under its own name, if it is where a folder should be. */
    private static void requireFolder(String folder, List<FileInfo> files) {
      if (files.stream().anyMatch(file -> file.location().equals(folder))) {
        throw Failure.of(MeshAction.of(Verb.LIST, "the files in " + folder))
            .because(folder + " is a file, where a folder is expected")
            .fix("Rename the file, and restore the folder from a backup if it had data.")
            .lasting(ErrorCode.DATA_DAMAGED);
      }
    }
  }

  /**
   * Lists the files below a location, except files of desktops.
   *
   * @throws BackendException if the store fails
   */
  public static List<FileInfo> list(SupportsPrefixOperations listing, String start) {
    try {
      return withoutDesktops(listing.listPrefix(start));
    } catch (RuntimeException e) {
      throw failed(start, e);
    }
  }

  /**
   * Lists the files below a location of another program, except files of desktops.
   *
   * @param unreadable receives the folders that this process cannot read
   * @throws BackendException if the store fails
   */
  public static List<FileInfo> list(
      SupportsPrefixOperations listing, String start, Consumer<String> unreadable) {
    try {
      return withoutDesktops(MeshTables.list(listing, start, unreadable));
    } catch (RuntimeException e) {
      throw failed(start, e);
    }
  }

  private static List<FileInfo> withoutDesktops(Iterable<FileInfo> listed) {
    List<FileInfo> files = new ArrayList<>();
    for (FileInfo file : listed) {
      if (!DesktopFiles.include(file.location())) {
        files.add(file);
      }
    }
    return files;
  }

  private static boolean isEmpty(ClientSession session, String root) {
    try {
      return session.tables().isEmptyPlace(root);
    } catch (RuntimeException e) {
      throw failed(DataPlaces.dataFolder(root) + "/", e);
    }
  }

  private static BackendException failed(String start, RuntimeException failure) {
    return failure instanceof BackendException named
        ? named
        : Failure.of(MeshAction.of(Verb.LIST, "the files in " + start))
            .because("the store failed")
            .fix("Check the store, and run it again.")
            .cause(failure)
            .passing(ErrorCode.BACKEND_FAILED);
  }

  /** Returns the tables of domains whose catalogs are available. */
  public DataFolder ofAvailable(ClientSession session, ReachableCatalogs reachable) {
    return reachable.unavailable().isEmpty()
        ? this
        : ofDomains(domain -> reachable.include(session, domain));
  }

  /** Returns a copy that has only the tables of these domains, and all archives. */
  DataFolder ofDomains(Predicate<String> domains) {
    DataFolder selection = new DataFolder();
    selection.archives.putAll(archives);
    selection.roots.addAll(roots);
    selection.unlisted.addAll(unlisted);
    placed.stream().filter(domains).forEach(selection.placed::add);
    foreign.forEach(
        (folder, files) -> {
          if (domains.test(folder.domain())) {
            selection.foreign.put(folder, files);
          }
        });
    loose.forEach(
        (domain, files) -> {
          if (domains.test(domain)) {
            selection.loose.put(domain, files);
          }
        });
    tables.forEach(
        (table, files) -> {
          if (domains.test(table.writingDomain())) {
            selection.tables.put(table, files);
            if (withData.contains(table)) {
              selection.withData.add(table);
            }
          }
        });
    return selection;
  }

  /** Returns the roots of places that could not be listed, or have no marker of this mesh. */
  public List<String> unlisted() {
    return unlisted.stream().map(UnlistedPlace::root).toList();
  }

  /** Returns the places that could not be listed, or have no marker of this mesh. */
  public List<UnlistedPlace> unlistedPlaces() {
    return List.copyOf(unlisted);
  }

  /** Returns true for the location of a file in a place that could not be listed. */
  public boolean isUnlisted(String location) {
    return unlisted.stream().anyMatch(root -> location.startsWith(root + "/"));
  }

  /** Returns the domains that have a place of their data. */
  public Set<String> placedDomains() {
    return Collections.unmodifiableSet(placed);
  }

  /**
   * Returns the folders below the roots of places that belong to no domain with data there, with
   * the numbers of their files.
   */
  public Map<ForeignFolder, Long> foreign() {
    return Collections.unmodifiableMap(foreign);
  }

  /** Returns the files of a partition's archives, complete or not. */
  public List<ArchiveFile> archives(String partition) {
    return archives.getOrDefault(partition, List.of());
  }

  /** Returns the folders below which the tables are, without trailing slashes. */
  public Set<String> roots() {
    return Collections.unmodifiableSet(roots);
  }

  /** Returns the files in the folders of tables that are in no table's folder. */
  public List<FileInfo> loose() {
    return loose.values().stream().flatMap(List::stream).toList();
  }

  /** Returns the pointers of all tables that have a folder. */
  public Set<Key> tables() {
    return tables.keySet();
  }

  /** Returns the files in a table's folder and its subfolders, by location. */
  public Map<String, FileInfo> files(Key table) {
    return tables.getOrDefault(table, Map.of());
  }

  /**
   * Returns true if a table's folder has a complete file of rows. An interrupted definition may
   * leave metadata, but no rows.
   */
  public boolean containsData(Key table) {
    return withData.contains(table);
  }

  private void addAll(RootFiles listed, Predicate<String> isKeptHere) {
    roots.add(DataPlaces.dataFolder(listed.root()));
    for (FileInfo file : listed.tables()) {
      addTableFile(listed.root(), file, isKeptHere);
    }
    String start = DataPlaces.archiveFolder(listed.root()) + "/";
    for (FileInfo file : listed.archives()) {
      ArchiveFile.of(start, file)
          .filter(part -> isKeptHere.test(part.segment().writingDomain()))
          .ifPresent(
              part ->
                  archives
                      .computeIfAbsent(part.segment().partition(), absent -> new ArrayList<>())
                      .add(part));
    }
  }

  private void addTableFile(String root, FileInfo file, Predicate<String> isKeptHere) {
    String start = DataPlaces.dataFolder(root) + "/";
    String location = file.location();
    if (!location.startsWith(start)) {
      return;
    }
    String[] parts = location.substring(start.length()).split("/", 3);
    Optional<Key> table =
        parts.length == 3 ? TableName.keyOf(parts[0], parts[1]) : Optional.empty();
    if (!isKeptHere.test(parts[0])) {
      foreign.merge(new ForeignFolder(root, parts[0]), 1L, Long::sum);
    } else if (table.isEmpty()) {
      loose.computeIfAbsent(parts.length > 1 ? parts[0] : "", in -> new ArrayList<>()).add(file);
    } else if (!LAST_UPDATED.matcher(parts[2]).matches()) {
      tables.computeIfAbsent(table.get(), absent -> new HashMap<>()).put(location, file);
      if (!parts[2].startsWith(METADATA) && !CanonicalLocation.isUnfinished(location)) {
        withData.add(table.get());
      }
    }
  }
}
