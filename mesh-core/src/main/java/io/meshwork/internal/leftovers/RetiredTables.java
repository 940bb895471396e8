package io.meshwork.internal.leftovers;

import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.catalog.MajorState;
import io.meshwork.internal.catalog.MajorState.Use;
import io.meshwork.internal.ledger.VersionedDocument;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.internal.table.TableName;
import io.meshwork.registry.Registry.Key;
import java.util.Optional;

/** Finds tables of major versions that consumers no longer read. Stateless. */
public final class RetiredTables {
  private RetiredTables() {}

  /**
   * True if the table stays unchanged after its major version was retired, so that a restoration
   * finds it: unless rows were erased since, whose files must go.
   */
  public static boolean isRetained(ClientSession session, TableName name) {
    return !name.quarantine()
        && isIn(MajorState.RETIRED, session, name)
        && session
            .ledger()
            .read(name.key())
            .map(VersionedDocument::version)
            .equals(
                session
                    .catalog()
                    .requireFor(
                        Use.DESCRIBE,
                        name.product(),
                        name.major(),
                        MeshAction.of(Verb.MAINTAIN, name))
                    .entry()
                    .retirement()
                    .retiredTable());
  }

  /** True if the data of the table's major version was deleted. */
  public static boolean isPurged(ClientSession session, Key pointer) {
    return TableName.at(pointer).filter(name -> isIn(MajorState.PURGED, session, name)).isPresent();
  }

  private static boolean isIn(MajorState state, ClientSession session, TableName name) {
    return session.catalog().majorState(name.product(), name.major()).equals(Optional.of(state));
  }
}
