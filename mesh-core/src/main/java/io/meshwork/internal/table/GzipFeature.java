package io.meshwork.internal.table;

import io.meshwork.error.BackendException;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.ledger.Ledger;
import io.meshwork.internal.ledger.MeshFormat;

/**
 * Records that readers of a mesh must read compressed metadata files. An earlier Meshwork then says
 * that it is too old, and not that a file is damaged. Thread-safe.
 */
final class GzipFeature {
  private final Ledger ledger;
  private volatile boolean recorded;

  GzipFeature(Ledger ledger) {
    this.ledger = ledger;
  }

  /**
   * Records it, before the first compressed file is written. An open mesh reads the registry for it
   * once.
   *
   * @throws BackendException if the registry cannot be read or written
   */
  void require(TableName table) {
    if (recorded) {
      return;
    }
    MeshFormat.require(
        ledger, MeshFormat.COMPRESSED_METADATA, MeshAction.of(Verb.UPDATE, "table " + table));
    recorded = true;
  }
}
