package io.meshwork.internal.maintenance;

import io.meshwork.error.BackendException;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.error.MeshException;
import io.meshwork.internal.catalog.MajorState.Use;
import io.meshwork.internal.catalog.VersionEntry;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.internal.table.Manifests;
import io.meshwork.internal.table.TableName;
import java.util.List;
import java.util.Optional;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Opens the tables whose contracts promise an availability, so that it is known also of a time
 * without readers. Stateless.
 */
final class AvailabilityProbe {
  private static final Logger LOG = LoggerFactory.getLogger(AvailabilityProbe.class);

  private AvailabilityProbe() {}

  /** Records for the domain of each product whether its tables can be opened. */
  static void open(ClientSession session, List<TableName> tables) {
    for (TableName table : tables) {
      if (!table.quarantine()) {
        try {
          promising(session, table).ifPresent(version -> open(session, table, version));
        } catch (MeshException e) {
          LOG.debug("The availability of {} was not examined", table, e);
        }
      }
    }
  }

  private static Optional<VersionEntry> promising(ClientSession session, TableName table) {
    MeshAction action = MeshAction.of(Verb.DESCRIBE, table.product());
    return Optional.of(
            session.catalog().requireFor(Use.DESCRIBE, table.product(), table.major(), action))
        .filter(version -> version.state().allows(Use.READ))
        .filter(version -> version.contract().serviceLevel().availability().isPresent());
  }

  private static void open(ClientSession session, TableName name, VersionEntry version) {
    String domain = name.product().domain();
    try {
      Table table = session.tables().load(name);
      Snapshot newest = table.currentSnapshot();
      if (newest != null) {
        Manifests.ofData(table, newest);
      }
      session.accessCounter().opens().opened(domain, name.product(), version);
    } catch (BackendException e) {
      session.accessCounter().opens().failed(domain, name.product(), version, e);
    }
  }
}
