package io.meshwork.internal.maintenance;

import io.meshwork.error.BackendException;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.internal.table.CanonicalLocation;
import io.meshwork.internal.table.MeshTables.PinnedTable;
import io.meshwork.registry.Registry.Key;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The files outside their own folders that tables reference, as in branches from before commits
 * checked locations. Such a file is kept, even if the table whose folder contains it does not
 * reference it. When the first file is to be deleted, all tables are read that were not read before
 * or have changed since then. Used by one thread.
 */
final class ForeignReferences {
  private final ClientSession session;
  private final List<Key> pointers;
  private final Map<Key, TableReferences> read = new HashMap<>();
  private @Nullable Set<String> files;

  /**
   * References that were read before.
   *
   * @param version the version of the table's pointer
   * @param outside the locations outside the table's folder
   */
  private record TableReferences(String version, Set<String> outside) {}

  /** Creates the references of these tables without reading them. */
  ForeignReferences(ClientSession session, List<Key> pointers) {
    this.session = session;
    this.pointers = List.copyOf(pointers);
  }

  /** Adds what was read of a table, so that it is not read again. */
  void add(Key pointer, Optional<PinnedTable> table, FileReachability reachability) {
    TableFiles tableFiles = reachability.files();
    if (table.isPresent() && tableFiles != null && tableFiles.unreadable().isEmpty()) {
      read.put(
          pointer, new TableReferences(table.get().version(), Set.copyOf(tableFiles.outside())));
    }
  }

  /**
   * Returns true if a table references the file outside its own folder.
   *
   * @throws BackendException if the registry or the store failed and a retry may succeed
   */
  boolean contains(String location) {
    Set<String> references = files;
    if (references == null) {
      references = read();
      files = references;
    }
    String canonical = session.tables().comparable(location);
    return references.contains(canonical) || references.contains(CanonicalLocation.name(canonical));
  }

  private Set<String> read() {
    Set<String> found = new HashSet<>();
    for (Key pointer : pointers) {
      try {
        outside(pointer).forEach(location -> add(location, found));
      } catch (BackendException e) {
        // Damaged tables are reported elsewhere; their references cannot be determined.
        if (e.retryable()) {
          throw e;
        }
      }
    }
    return found;
  }

  private Set<String> outside(Key pointer) {
    TableReferences before = read.get(pointer);
    if (before != null
        && session.tables().version(pointer).filter(before.version()::equals).isPresent()) {
      return before.outside();
    }
    return session
        .tables()
        .pin(pointer)
        .map(table -> TableFiles.of(session.tables(), table, null))
        .map(TableFiles::outside)
        .orElse(Set.of());
  }

  private void add(String location, Set<String> found) {
    String canonical = session.tables().comparable(location);
    found.add(canonical);
    found.add(CanonicalLocation.name(canonical));
  }
}
