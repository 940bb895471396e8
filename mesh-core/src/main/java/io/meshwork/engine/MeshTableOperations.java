package io.meshwork.engine;

import io.meshwork.error.MeshException;
import io.meshwork.internal.session.Session;
import io.meshwork.internal.table.TableName;
import io.meshwork.internal.table.TableVersion;
import java.time.Duration;
import java.util.Optional;
import org.apache.iceberg.BaseMetastoreTableOperations;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.exceptions.CommitFailedException;
import org.apache.iceberg.exceptions.NoSuchTableException;
import org.apache.iceberg.io.FileIO;
import org.jspecify.annotations.Nullable;

/**
 * One table for one engine: reads the pointer, and hands commits to {@link EngineCommit}. Belongs
 * to the engine's driver, as every TableOperations does.
 */
final class MeshTableOperations extends BaseMetastoreTableOperations {
  /** How long one commit contends for the log; Iceberg's own retries come on top. */
  private static final Duration LONGEST = Duration.ofMinutes(2);

  private final Session session;
  private final TableName name;
  private final String fullName;
  private @Nullable TableVersion seen;

  MeshTableOperations(Session session, TableName name, String fullName) {
    this.session = session;
    this.name = name;
    this.fullName = fullName;
  }

  @Override
  protected String tableName() {
    return fullName;
  }

  @Override
  public FileIO io() {
    return session.files();
  }

  @Override
  protected void doRefresh() {
    Optional<TableVersion> found;
    try {
      session.checkOpen("open table " + name);
      found = session.tables().version(name, seen);
    } catch (MeshException e) {
      throw EngineErrors.of(e);
    }
    if (found.isEmpty()) {
      if (currentMetadataLocation() != null) {
        throw new NoSuchTableException("There is no table %s any more", name);
      }
      disableRefresh();
      return;
    }
    TableVersion now = found.get();
    seen = now;
    refreshFromMetadataLocation(
        now.metadataLocation(), failure -> false, 0, location -> now.metadata());
  }

  @Override
  protected void doCommit(TableMetadata base, TableMetadata built) {
    TableVersion version = seen;
    if (base == null || version == null) {
      throw EngineErrors.createTable(name.identifier());
    }
    if (base != version.metadata()) {
      throw new CommitFailedException("Could not commit to table %s: stale metadata", name);
    }
    try {
      session.checkOpen("commit to " + name.product());
      session
          .ledger()
          .commit(
              new EngineCommit(session, version, built), session.runtime().startDeadline(LONGEST));
    } catch (MeshException e) {
      throw EngineErrors.of(e);
    }
  }
}
