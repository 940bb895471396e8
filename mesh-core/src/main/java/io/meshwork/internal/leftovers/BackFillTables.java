package io.meshwork.internal.leftovers;

import io.meshwork.internal.catalog.MajorState;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.internal.session.TableSnapshots;
import io.meshwork.internal.table.TableName;
import io.meshwork.publish.PublishReceipt.PublishMode;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;

/** Finds tables that a back-fill copies rows to. Stateless. */
public final class BackFillTables {
  private BackFillTables() {}

  /**
   * True if the snapshots of a table record which files a back-fill copied, and it may continue:
   * the major version is new, or it was restored and lacks rows. Maintenance must not change them.
   * Reads the major version only if a back-fill created the newest snapshot.
   */
  public static boolean isRecord(ClientSession session, TableName name, Table table) {
    Snapshot newest = table.currentSnapshot();
    return newest != null
        && PublishMode.BACK_FILL.text().equals(newest.summary().get(TableSnapshots.MODE))
        && session
            .catalog()
            .majorState(name.product(), name.major())
            .filter(state -> state == MajorState.PREPARED || state == MajorState.CLOSING)
            .isPresent();
  }
}
