package io.meshwork.internal.erasure;

import io.meshwork.error.Finding;
import io.meshwork.error.Finding.Severity;
import io.meshwork.error.FindingCode;
import io.meshwork.internal.erasure.ErasureObstacles.Obstacle;
import io.meshwork.internal.ledger.ChangePlan;
import io.meshwork.internal.runtime.Deadline;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.internal.table.PublishedFile.ColumnNames;
import io.meshwork.internal.table.TableName;
import io.meshwork.internal.text.Count;
import io.meshwork.operation.Plan.Step;
import io.meshwork.publish.Erase.Proof;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Function;

/** Plans what an erasure would do now. */
final class ErasureSteps {
  private static final String FOR_GOOD = "cannot be undone";

  private ErasureSteps() {}

  /**
   * Reads all retained files.
   *
   * @return what it would erase, expire, and delete; what stands in its way, and what it does not
   *     reach
   */
  static ChangePlan<Proof> of(
      ClientSession session,
      ErasureRequest request,
      ErasureScan scan,
      Deadline deadline,
      Function<String, Proof> commit) {
    List<Step> steps = new ArrayList<>();
    List<Finding> findings = new ArrayList<>();
    StringBuilder basis = new StringBuilder(request.fingerprint());
    ErasureObstacles obstacles = new ErasureObstacles(session, request);
    ErasureLeftovers leftovers = new ErasureLeftovers(session, request, scan, deadline);
    for (TableName name : scan.tables()) {
      TableErasure now = scan.scan(name);
      addTable(now, steps);
      basis.append('\n').append(now.holding()).append(now.holdingFiles());
      for (Obstacle obstacle : ErasureObstacles.blocking(obstacles.find(now), request.waiting())) {
        findings.add(obstacle.finding());
      }
      ColumnNames names = ColumnNames.of(now.table());
      addFilesOfOthers(
          name.toString(),
          now.holdingFiles().stream().filter(names::isOfOtherProgram).toList(),
          findings);
      int leftoverFiles = leftovers.find(name).size();
      if (leftoverFiles > 0) {
        steps.add(
            new Step(
                "delete leftovers of",
                name.toString(),
                Count.of(leftoverFiles, "file")
                    + " with the rows that nothing references, if their writers have ended",
                FOR_GOOD));
      }
    }
    addFilesOfOthers(
        request.product().toString(),
        new RegisteredLeftovers(session, request, scan, deadline).find().files(),
        findings);
    addDocuments(session, request, scan, steps);
    return ChangePlan.ofWork(
        request.action().toString(), steps, findings, basis.toString(), commit);
  }

  private static void addTable(TableErasure now, List<Step> steps) {
    String table = now.name().toString();
    if (now.rows() > 0) {
      steps.add(
          new Step(
              "erase from",
              table,
              Count.of(now.rows(), "row") + "; the other rows of their files are written again",
              FOR_GOOD));
    }
    if (!now.holding().isEmpty()) {
      steps.add(
          new Step(
              "expire",
              table,
              Count.of(now.holding().size(), "snapshot")
                  + " with the rows, and delete "
                  + Count.of(now.holdingFiles().size(), "data file"),
              FOR_GOOD));
    }
  }

  /** Adds the staged publishes that end, and the filters that are removed. */
  private static void addDocuments(
      ClientSession session, ErasureRequest request, ErasureScan scan, List<Step> steps) {
    String product = request.product().toString();
    List<String> ended = scan.staged();
    if (!ended.isEmpty()) {
      steps.add(new Step("end", product, Count.of(ended.size(), "staged publish"), FOR_GOOD));
    }
    ReceiptRedaction redaction = new ReceiptRedaction(session, request, scan.constants());
    long receipts = redaction.receipts();
    if (receipts > 0) {
      steps.add(
          new Step(
              "redact",
              product,
              "the filters of " + Count.of(receipts, "receipt") + " with one of its constants",
              FOR_GOOD));
    }
    for (String staged : redaction.staged()) {
      if (!ended.contains(staged)) {
        steps.add(
            new Step(
                "redact",
                product,
                "the filter of the staged replacement "
                    + staged
                    + " with one of its constants, so that it cannot be promoted",
                FOR_GOOD));
      }
    }
  }

  private static void addFilesOfOthers(
      String where, Collection<String> files, List<Finding> findings) {
    if (!files.isEmpty()) {
      findings.add(
          new Finding(
              FindingCode.ERASURE_OUT_OF_REACH,
              Severity.WARNING,
              where,
              Count.of(files.size(), "file")
                  + " of other programs with the rows, which the mesh does not delete.",
              files.size(),
              files.stream().sorted().limit(10).toList(),
              "Delete the rows from these files with the program that wrote them."));
    }
  }
}
