package io.meshwork.internal.maintenance;

import io.meshwork.error.BackendException;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.internal.table.CanonicalLocation;
import io.meshwork.registry.Registry.Key;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The files outside their own folders that tables reference, as in branches from before commits
 * checked locations. Such a file is kept, even if the table whose folder contains it does not
 * reference it. All tables are read once, when the first file is to be deleted. Used by one thread.
 */
final class ForeignReferences {
  private final ClientSession session;
  private final List<Key> pointers;
  private @Nullable Set<String> files;

  /** Creates the references of these tables without reading them. */
  ForeignReferences(ClientSession session, List<Key> pointers) {
    this.session = session;
    this.pointers = List.copyOf(pointers);
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
        session
            .tables()
            .pin(pointer)
            .map(table -> TableFiles.of(session.tables(), session.tables().folder(pointer), table))
            .ifPresent(table -> table.outside().forEach(location -> add(location, found)));
      } catch (BackendException e) {
        // Damaged tables are reported elsewhere; their references cannot be determined.
        if (e.retryable()) {
          throw e;
        }
      }
    }
    return found;
  }

  private void add(String location, Set<String> found) {
    String canonical = session.tables().comparable(location);
    found.add(canonical);
    found.add(CanonicalLocation.name(canonical));
  }
}
