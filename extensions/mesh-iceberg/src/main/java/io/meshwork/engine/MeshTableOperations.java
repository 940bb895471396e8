package io.meshwork.engine;

import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.error.MeshException;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.internal.session.ReaderTables;
import io.meshwork.internal.table.DataLocations;
import io.meshwork.internal.table.MeshTables;
import io.meshwork.internal.table.TableName;
import io.meshwork.internal.table.TableVersion;
import java.time.Duration;
import java.util.Optional;
import org.apache.iceberg.BaseMetastoreTableOperations;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.exceptions.CommitFailedException;
import org.apache.iceberg.exceptions.NoSuchTableException;
import org.apache.iceberg.io.FileIO;
import org.apache.iceberg.io.LocationProvider;
import org.jspecify.annotations.Nullable;

/**
 * The operations of one table for one engine: reads the pointer, and commits with {@link
 * EngineCommit}. Used only by the engine's driver, as any TableOperations.
 */
final class MeshTableOperations extends BaseMetastoreTableOperations {
  /** The timeout of one commit; Iceberg retries in addition. */
  private static final Duration COMMIT_TIMEOUT = Duration.ofMinutes(2);

  private final ClientSession session;
  private final TableName name;
  private final String fullName;
  private final boolean owner;
  private final MeshTables tables;
  private final Runnable accessCheck;
  private final boolean byTasks;
  private @Nullable TableVersion current;
  private @Nullable TableMetadata visibleMetadata;

  /**
   * Creates the operations of a table after the principal's access was checked.
   *
   * @param owner true if the principal acts for the owner's domain; only owners see branches other
   *     than main
   * @param accessCheck checks the right to read again, and throws without it
   * @param byTasks true if only tasks add rows to main
   */
  MeshTableOperations(
      ClientSession session,
      TableName name,
      String fullName,
      boolean owner,
      Runnable accessCheck,
      boolean byTasks) {
    this.session = session;
    this.name = name;
    this.fullName = fullName;
    this.owner = owner;
    this.tables =
        owner ? session.tables() : ReaderTables.of(session, name.product().domain()).of(name);
    this.accessCheck = accessCheck;
    this.byTasks = byTasks;
  }

  @Override
  protected String tableName() {
    return fullName;
  }

  @Override
  public FileIO io() {
    return tables.files();
  }

  @Override
  public LocationProvider locationProvider() {
    return DataLocations.of(current().location(), current().properties());
  }

  @Override
  protected void doRefresh() {
    Optional<TableVersion> tableVersion;
    try {
      session.checkOpen(MeshAction.of(Verb.OPEN, "table " + name));
      if (current != null) {
        accessCheck.run();
      }
      tableVersion = tables.version(name, current);
    } catch (MeshException e) {
      throw EngineErrors.of(e);
    }
    if (tableVersion.isEmpty()) {
      if (currentMetadataLocation() != null) {
        throw new NoSuchTableException("Table %s no longer exists", name);
      }
      disableRefresh();
      return;
    }
    TableVersion version = tableVersion.get();
    current = version;
    TableMetadata visible = owner ? version.metadata() : MainBranchTable.of(version.metadata());
    visibleMetadata = visible;
    refreshFromMetadataLocation(
        version.metadataLocation(), failure -> false, 0, location -> visible);
  }

  @Override
  protected void doCommit(TableMetadata base, TableMetadata updated) {
    TableVersion version = current;
    if (base == null || version == null) {
      throw EngineErrors.createTable(name.identifier());
    }
    try {
      MeshAction action = MeshAction.of(Verb.COMMIT, name.product());
      session.checkOpen(action);
      session.authorizer().requireOwner(name.product().domain(), action);
      if (base != visibleMetadata) {
        throw new CommitFailedException("Cannot commit to table %s: stale metadata", name);
      }
      session
          .ledger()
          .commit(
              new EngineCommit(session, version, updated, byTasks),
              session.runtime().startDeadline(COMMIT_TIMEOUT));
    } catch (MeshException e) {
      throw EngineErrors.of(e);
    }
  }
}
