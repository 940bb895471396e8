package io.meshwork.internal.rollout.retirement;

import io.meshwork.error.Finding;
import io.meshwork.error.FindingCode;
import io.meshwork.internal.catalog.VersionEntry;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.internal.table.TableName;
import io.meshwork.internal.table.TableState;
import io.meshwork.product.ProductName;
import java.util.List;

/** Warns that rows wait in the quarantine of a major version that ends. */
final class WaitingRowsFinding {
  private WaitingRowsFinding() {}

  /** Returns the warning; none if no row waits. */
  static List<Finding> of(ClientSession session, ProductName product, VersionEntry ending) {
    TableName quarantine = TableName.of(product, ending.major()).quarantined();
    long rows = TableState.of(session.tables().load(quarantine)).rows();
    return rows == 0
        ? List.of()
        : List.of(
            new Finding(
                FindingCode.QUARANTINE_KEPT,
                Finding.Severity.WARNING,
                product + " " + ending.version(),
                rows
                    + (rows == 1 ? " row waits" : " rows wait")
                    + " in the quarantine of major version "
                    + ending.major()
                    + (rows == 1 ? ", and stays there." : ", and stay there."),
                rows,
                List.of(),
                "See quarantine(..) with majorVersion("
                    + ending.major()
                    + "). Publish them again with republish(..), or erase them, before the version"
                    + " is retired."));
  }
}
