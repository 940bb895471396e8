package io.meshwork.internal.maintenance;

import io.meshwork.error.ErrorCode;
import io.meshwork.error.Finding;
import io.meshwork.error.Finding.Severity;
import io.meshwork.error.FindingCode;
import io.meshwork.error.MeshException;
import io.meshwork.internal.catalog.ProductEntry;
import io.meshwork.internal.index.IndexDifference;
import io.meshwork.internal.runtime.Deadline;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.operation.Plan;
import java.time.DateTimeException;
import java.util.List;

/** Writes a document that derives from others, where it is missing or differs from them. */
public record IndexTask(IndexDifference difference) implements MaintenanceTask {
  /** Finds what is missing, and what commits left to be completed. */
  static MaintenanceTask.Finder missing(ClientSession session) {
    return (inventory, queue) -> {
      for (String domain : inventory.domains()) {
        queue.inspect(
            domain,
            () ->
                IndexDifference.incomplete(session, domain)
                    .forEach(product -> add(session, product, queue)));
      }
    };
  }

  /** Finds everything that is missing or differs. */
  public static MaintenanceTask.Finder different(ClientSession session) {
    return (inventory, queue) -> {
      for (String domain : inventory.domains()) {
        queue.inspect(
            domain,
            () ->
                session
                    .catalog()
                    .products(domain)
                    .forEach(product -> add(session, product, queue)));
      }
    };
  }

  private static void add(ClientSession session, ProductEntry product, MaintenanceQueue queue) {
    queue.inspect(
        product.name().toString(),
        () ->
            ofSound(session, product).forEach(difference -> queue.add(new IndexTask(difference))));
  }

  /** Returns nothing for a product whose table is damaged; the inspection of tables reports it. */
  private static List<IndexDifference> ofSound(ClientSession session, ProductEntry product) {
    try {
      return IndexDifference.of(session, product);
    } catch (MeshException e) {
      if (e.errorCode() == ErrorCode.DATA_DAMAGED) {
        return List.of();
      }
      throw e;
    }
  }

  /** Reports the documents that differ; missing ones are not damage. */
  public static void examine(ClientSession session, String domain, List<Finding> findings) {
    for (ProductEntry product : products(session, domain)) {
      for (IndexDifference difference : differences(session, product)) {
        if (!difference.isMissing()) {
          findings.add(
              new Finding(
                  FindingCode.INDEX_DIFFERS,
                  Severity.WARNING,
                  difference.key().toString(),
                  "It differs from the documents that it derives from, so searches and health may"
                      + " be wrong.",
                  0,
                  List.of(),
                  "Run mesh.repair().commit()."));
        }
      }
    }
  }

  private static List<ProductEntry> products(ClientSession session, String domain) {
    try {
      return session.catalog().products(domain);
    } catch (MeshException | IllegalArgumentException damaged) {
      return List.of(); // the examination of the documents reports it
    }
  }

  private static List<IndexDifference> differences(ClientSession session, ProductEntry product) {
    try {
      return IndexDifference.of(session, product);
    } catch (MeshException | IllegalArgumentException | DateTimeException damaged) {
      return List.of(); // the examination of the documents and tables reports it
    }
  }

  @Override
  public Plan.Step step() {
    return new Plan.Step(
        "write",
        difference.key().toString(),
        difference.isMissing() ? "it is missing" : "it differs from its sources",
        "");
  }

  @Override
  public String basis() {
    return difference.expected().toString();
  }

  @Override
  public void run(MaintenanceTally tally, Deadline deadline) {
    difference.session().ledger().commit(difference, deadline);
  }
}
