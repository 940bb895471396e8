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
 * What tables name outside of their own folders, as branches could before commits were checked for
 * it: a file in the folder of another table stays, whatever that other table says. All tables are
 * read once, and only when the first file is to be deleted. One thread.
 */
final class ForeignReferences {
  private final ClientSession session;
  private final List<Key> pointers;
  private @Nullable Set<String> files;

  /** What these tables name; they are not read yet. */
  ForeignReferences(ClientSession session, List<Key> pointers) {
    this.session = session;
    this.pointers = List.copyOf(pointers);
  }

  /**
   * True if a table names the file from outside of its own folder.
   *
   * @throws BackendException if the registry or the store failed, and may not the next time
   */
  boolean reaches(String location) {
    Set<String> known = files;
    if (known == null) {
      known = read();
      files = known;
    }
    String asked = session.tables().comparable(location);
    return known.contains(asked) || known.contains(CanonicalLocation.name(asked));
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
        // A table that is damaged is told of elsewhere; what it names is not known to anybody.
        if (e.retryable()) {
          throw e;
        }
      }
    }
    return found;
  }

  private void add(String location, Set<String> found) {
    String one = session.tables().comparable(location);
    found.add(one);
    found.add(CanonicalLocation.name(one));
  }
}
