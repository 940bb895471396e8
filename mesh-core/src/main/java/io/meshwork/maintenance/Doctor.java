package io.meshwork.maintenance;

import io.meshwork.error.BackendException;
import io.meshwork.error.Finding;
import io.meshwork.error.MeshException;
import io.meshwork.internal.catalog.DomainEntry;
import io.meshwork.internal.catalog.Keys;
import io.meshwork.internal.catalog.ProductEntry;
import io.meshwork.internal.scan.SnapshotFiles;
import io.meshwork.internal.session.Session;
import io.meshwork.internal.table.TableName;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;

/** Walks all logs and all tables of a mesh and says what is wrong. Changes nothing. */
public final class Doctor {
  private final Session session;
  private final List<Finding> findings = new ArrayList<>();

  /** A doctor for the session's mesh. */
  public Doctor(Session session) {
    this.session = session;
  }

  /** Looks at everything. */
  public Diagnosis examine() {
    examineLog(Keys.MESH);
    for (DomainEntry domain : session.catalog().domains()) {
      String name = domain.domain().name();
      examineLog(Keys.partition(name));
      for (ProductEntry product : session.catalog().products(name)) {
        examineLog(Keys.partition(product.name()));
        for (int major : session.catalog().majors(product.name())) {
          examineTable(new TableName(product.name(), major, false));
          examineTable(new TableName(product.name(), major, true));
        }
      }
    }
    return new Diagnosis(findings);
  }

  private void examineLog(String partition) {
    findings.addAll(session.ledger().verify(partition));
  }

  private void examineTable(TableName name) {
    Optional<Table> table;
    try {
      table = session.tables().find(name);
    } catch (BackendException e) {
      findings.add(missing(name, "its metadata", e));
      return;
    }
    if (table.isEmpty()) {
      findings.add(
          Finding.error(
              "TABLE_MISSING",
              name.toString(),
              "The registry has no pointer to this table.",
              "Restore the registry from a backup."));
      return;
    }
    Set<String> seen = new HashSet<>();
    for (Snapshot snapshot : table.get().snapshots()) {
      examineSnapshot(name, table.get(), snapshot, seen);
    }
  }

  private void examineSnapshot(TableName name, Table table, Snapshot snapshot, Set<String> seen) {
    List<DataFile> files;
    try {
      files = SnapshotFiles.of(table, snapshot);
    } catch (BackendException e) {
      findings.add(missing(name, "snapshot " + snapshot.snapshotId(), e));
      return;
    }
    for (DataFile file : files) {
      if (!seen.add(file.location())) {
        continue;
      }
      if (!table.io().newInputFile(file.location()).exists()) {
        findings.add(
            Finding.error(
                "FILE_MISSING",
                name + " " + file.location(),
                "Snapshot " + snapshot.snapshotId() + " names this file, and it is not there.",
                "Restore it from a backup."));
      } else if (table.io().newInputFile(file.location()).getLength() != file.fileSizeInBytes()) {
        findings.add(
            Finding.error(
                "FILE_CHANGED",
                name + " " + file.location(),
                "It has another length than when it was published.",
                "Restore it from a backup."));
      }
    }
  }

  private static Finding missing(TableName name, String what, MeshException cause) {
    return Finding.error(
        "METADATA_MISSING",
        name + " " + what,
        "It cannot be read: " + cause.getMessage(),
        "Restore it from a backup.");
  }
}
