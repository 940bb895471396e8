package io.meshwork.engine;

import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.error.MeshException;
import io.meshwork.internal.session.ClientSession;
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

  private final ClientSession session;
  private final TableName name;
  private final String fullName;
  private final boolean owner;
  private final Runnable admission;
  private @Nullable TableVersion seen;
  private @Nullable TableMetadata shown;

  /**
   * A table that the principal was just admitted to.
   *
   * @param owner true if the principal acts for the owner's domain, which alone sees other branches
   *     than main
   * @param admission asks once more for the right to read, and throws without it
   */
  MeshTableOperations(
      ClientSession session, TableName name, String fullName, boolean owner, Runnable admission) {
    this.session = session;
    this.name = name;
    this.fullName = fullName;
    this.owner = owner;
    this.admission = admission;
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
      session.checkOpen(MeshAction.of(Verb.OPEN, "table " + name));
      if (seen != null) {
        admission.run();
      }
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
    TableMetadata visible = owner ? now.metadata() : MainBranchTable.of(now.metadata());
    shown = visible;
    refreshFromMetadataLocation(now.metadataLocation(), failure -> false, 0, location -> visible);
  }

  @Override
  protected void doCommit(TableMetadata base, TableMetadata built) {
    TableVersion version = seen;
    if (base == null || version == null) {
      throw EngineErrors.createTable(name.identifier());
    }
    try {
      MeshAction action = MeshAction.of(Verb.COMMIT, name.product());
      session.checkOpen(action);
      session.authorizer().requireOwner(name.product().domain(), action);
      if (base != shown) {
        throw new CommitFailedException("Could not commit to table %s: stale metadata", name);
      }
      session
          .ledger()
          .commit(
              new EngineCommit(session, version, built), session.runtime().startDeadline(LONGEST));
    } catch (MeshException e) {
      throw EngineErrors.of(e);
    }
  }
}
