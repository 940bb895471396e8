package io.meshwork.internal.mirror;

import io.meshwork.internal.ledger.MirroredObject;
import io.meshwork.internal.ledger.UnloggedDocuments;
import io.meshwork.internal.ledger.VersionedDocument;
import io.meshwork.internal.mirror.Mirror.FileHold;
import io.meshwork.internal.mirror.MirrorRecord.RecordedState;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.internal.session.ReachableCatalogs;
import io.meshwork.registry.Registry.Key;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The files that objects of services name, so that maintenance retains them until the mirror shows
 * a later state. Read once: what is mirrored later is newer, and not due for deletion. Immutable.
 */
public final class MirrorHolds {
  private final Set<String> metadata = new HashSet<>();
  private final Map<Key, Set<String>> snapshots = new HashMap<>();

  private MirrorHolds() {}

  /**
   * Reads the holds of catalogs.
   *
   * @param partitions the partitions of their mirrors
   * @throws io.meshwork.error.BackendException if the registry cannot be read
   */
  public static MirrorHolds of(ClientSession session, List<String> partitions) {
    MirrorHolds holds = new MirrorHolds();
    for (String partition : partitions) {
      for (VersionedDocument stored :
          session
              .ledger()
              .list(partition, UnloggedDocuments.MIRRORED + MirroredObject.GLUE + "/")) {
        MirrorRecord mirrored = MirrorRecord.of(stored);
        Stream.concat(mirrored.applied().stream(), mirrored.intended().stream())
            .map(RecordedState::hold)
            .forEach(hold -> hold.ifPresent(holds::add));
      }
    }
    return holds;
  }

  /** Reads the holds of all catalogs that this process reaches. */
  public static MirrorHolds ofReachable(ClientSession session) {
    return of(session, ReachableCatalogs.of(session).mirrors(session));
  }

  private void add(FileHold hold) {
    metadata.add(hold.metadata());
    hold.snapshot()
        .ifPresent(
            id -> snapshots.computeIfAbsent(hold.pointer(), absent -> new HashSet<>()).add(id));
  }

  /** Returns true if an object names this metadata file. */
  public boolean names(String location) {
    return metadata.contains(location);
  }

  /** Returns the IDs of the snapshots of a table that objects show. */
  public Set<String> snapshots(Key pointer) {
    return Set.copyOf(snapshots.getOrDefault(pointer, Set.of()));
  }
}
