package io.meshwork.internal.session;

import io.meshwork.error.BackendException;
import io.meshwork.internal.catalog.DomainEntry;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.ledger.VersionedDocument;
import io.meshwork.internal.session.ClientSession.MaintainedDomains;
import io.meshwork.internal.table.CanonicalLocation;
import io.meshwork.internal.table.MeshTables.PinnedTable;
import io.meshwork.internal.table.TableFiles;
import io.meshwork.internal.table.TableName;
import io.meshwork.registry.Registry.Key;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The files outside their own folders that tables reference, as in branches from before commits
 * checked locations. Such a file is not deleted, even if the table whose folder contains it does
 * not reference it. When the first file is to be deleted, all tables are read that were not read
 * before or have changed since then. Used by one thread.
 */
public final class ForeignReferences {
  private final ClientSession session;
  private final Supplier<List<Key>> pointers;
  private final Map<Key, TableReferences> read = new HashMap<>();
  private @Nullable Set<String> files;
  private @Nullable List<String> linkedFolders;

  /** The pointers, once they were asked for. */
  private List<Key> cachedPointers = List.of();

  /** The files of tables, once a name was found in one of them. */
  private final Map<Key, Set<String>> locations = new HashMap<>();

  /** Hash codes of the names of all files, in order: the names of many would need much memory. */
  private int[] names = {};

  /**
   * References that were read before.
   *
   * @param version the version of the table's pointer
   * @param outside the locations outside the table's folder
   * @param names hash codes of the names of all files
   */
  private record TableReferences(String version, Set<String> outside, int[] names) {
    static TableReferences of(PinnedTable table, TableFiles files) {
      return new TableReferences(
          table.version(),
          Set.copyOf(files.outside()),
          files.names().stream().mapToInt(String::hashCode).toArray());
    }
  }

  /** Creates the references of these tables without reading them. */
  public ForeignReferences(ClientSession session, Supplier<List<Key>> pointers) {
    this.session = session;
    this.pointers = pointers;
  }

  /** The references of all tables of the domains that the process maintains. */
  public static ForeignReferences ofMaintained(ClientSession session) {
    return new ForeignReferences(session, () -> pointers(session));
  }

  private static List<Key> pointers(ClientSession session) {
    MaintainedDomains maintained = session.maintainedDomains();
    return ReachableCatalogs.of(session).catalogs().stream()
        .flatMap(catalog -> session.catalog().domainsOf(catalog).stream())
        .map(DomainEntry::domain)
        .filter(domain -> maintained.includes(RegistryKeys.partition(domain.name())))
        .flatMap(domain -> session.catalog().products(domain.name()).stream())
        .map(product -> RegistryKeys.partition(product.name()))
        .flatMap(partition -> session.ledger().list(partition, TableName.POINTERS).stream())
        .map(VersionedDocument::key)
        .toList();
  }

  /**
   * Adds what was read of a table, so that it is not read again.
   *
   * @param tableFiles null if it was not read
   */
  public void add(Key pointer, Optional<PinnedTable> table, @Nullable TableFiles tableFiles) {
    if (table.isPresent() && tableFiles != null && tableFiles.unreadable().isEmpty()) {
      read.put(pointer, TableReferences.of(table.get(), tableFiles));
    }
  }

  /**
   * Returns true if a table references the file outside its own folder, or one of its name.
   *
   * @throws BackendException if the registry or the store failed and a retry may succeed
   */
  public boolean contains(String location) {
    String canonical = session.tables().comparable(location);
    return files().contains(CanonicalLocation.name(canonical)) || isReferenced(location);
  }

  /** Returns true if a table references this file outside its own folder, also through a link. */
  public boolean isReferenced(String location) {
    return files().contains(session.tables().comparable(location)) || isInLinkedFolder(location);
  }

  /** Returns true for a file in a folder to which a link in the place of a table's folder leads. */
  public boolean isInLinkedFolder(String location) {
    List<String> targets = linkedFolders;
    if (targets == null) {
      targets = readLinkedFolders();
      linkedFolders = targets;
    }
    return targets.stream().anyMatch(target -> location.startsWith(target + "/"));
  }

  private List<String> readLinkedFolders() {
    try {
      return pointers.get().stream()
          .flatMap(pointer -> session.tables().folders(pointer).folders().stream())
          .flatMap(folder -> Stream.of(folder, folder + "/data", folder + "/metadata"))
          .flatMap(folder -> targetElsewhere(folder).stream())
          .toList();
    } catch (BackendException e) {
      // A damaged document is reported elsewhere.
      if (e.retryable()) {
        throw e;
      }
      return List.of();
    }
  }

  private Optional<String> targetElsewhere(String folder) {
    return Optional.of(session.tables().target(folder)).filter(target -> !target.equals(folder));
  }

  /**
   * Returns true if a table references the file outside its own folder, or a missing file of its
   * name, of which this may be the only copy. Tables of one product have files of the same names.
   *
   * @throws BackendException if the registry or the store failed and a retry may succeed
   */
  public boolean needs(String location) {
    files();
    String name = CanonicalLocation.name(session.tables().comparable(location));
    return (Arrays.binarySearch(names, name.hashCode()) >= 0 && isMissing(name))
        || contains(location);
  }

  private boolean isMissing(String name) {
    return cachedPointers.stream()
        .flatMap(pointer -> locations(pointer).stream())
        .filter(file -> nameOf(file).equals(name))
        .anyMatch(file -> !session.files().newInputFile(file).exists());
  }

  private static String nameOf(String location) {
    return CanonicalLocation.name(CanonicalLocation.comparable(location));
  }

  private Set<String> locations(Key pointer) {
    return locations.computeIfAbsent(
        pointer,
        key ->
            session
                .tables()
                .pin(key)
                .map(table -> TableFiles.of(session.tables(), table, null).locations())
                .orElse(Set.of()));
  }

  private Set<String> files() {
    Set<String> references = files;
    if (references == null) {
      references = read();
      files = references;
    }
    return references;
  }

  private Set<String> read() {
    Set<String> outside = new HashSet<>();
    IntStream.Builder hashes = IntStream.builder();
    cachedPointers = List.copyOf(pointers.get());
    for (Key pointer : cachedPointers) {
      try {
        Optional<TableReferences> table = references(pointer);
        table.ifPresent(
            references -> {
              references.outside().forEach(location -> add(location, outside));
              IntStream.of(references.names()).forEach(hashes::add);
            });
      } catch (BackendException e) {
        // Damaged tables are reported elsewhere; their references cannot be determined.
        if (e.retryable()) {
          throw e;
        }
      }
    }
    names = hashes.build().sorted().toArray();
    return outside;
  }

  private Optional<TableReferences> references(Key pointer) {
    TableReferences before = read.get(pointer);
    if (before != null
        && session.tables().version(pointer).filter(before.version()::equals).isPresent()) {
      return Optional.of(before);
    }
    return session
        .tables()
        .pin(pointer)
        .map(table -> TableReferences.of(table, TableFiles.of(session.tables(), table, null)));
  }

  private void add(String location, Set<String> outside) {
    String canonical = session.tables().comparable(location);
    outside.add(canonical);
    outside.add(CanonicalLocation.name(canonical));
  }
}
