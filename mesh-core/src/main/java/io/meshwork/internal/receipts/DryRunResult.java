package io.meshwork.internal.receipts;

import io.meshwork.contract.QualityReport;
import io.meshwork.contract.QualityReport.RuleResult;
import io.meshwork.error.Finding;
import io.meshwork.error.MeshException;
import io.meshwork.product.ContractVersion;
import io.meshwork.product.ProductName;
import io.meshwork.publish.Publish.PublishPlan;
import io.meshwork.publish.PublishReceipt;
import io.meshwork.publish.PublishReceipt.PublishMode;
import java.util.List;
import java.util.Optional;

/** The result of a dry run. */
public record DryRunResult(
    ProductName product,
    ContractVersion contract,
    PublishMode mode,
    Optional<MeshException> failure,
    QualityReport quality,
    List<Finding> findings,
    long rowsRemoved,
    long quarantineRowsRemoved,
    Optional<PublishReceipt> earlierReceipt)
    implements PublishPlan {
  public DryRunResult {
    findings = List.copyOf(findings);
  }

  /** The dry run of a publish whose key was used before. */
  public static DryRunResult ofReplay(StoredReceipt earlier) {
    return new DryRunResult(
        earlier.product(),
        earlier.contractVersion(),
        earlier.mode(),
        Optional.empty(),
        earlier.quality(),
        List.of(),
        0,
        0,
        Optional.of(earlier));
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder(headline());
    text.append("\n  rows    ")
        .append(quality.rowsOffered())
        .append(" offered, ")
        .append(quality.rowsAccepted())
        .append(" accepted, ")
        .append(quality.rowsQuarantined())
        .append(" quarantined, ")
        .append(quality.rowsRejected())
        .append(" rejected; ")
        .append(rowsRemoved)
        .append(" removed");
    if (quarantineRowsRemoved > 0) {
      text.append(", and ").append(quarantineRowsRemoved).append(" from the quarantine");
    }
    if (quality.rulesEvaluated() > 0) {
      text.append("\n  rules   ")
          .append(quality.rulesPassed())
          .append(" of ")
          .append(quality.rulesEvaluated())
          .append(" passed");
    }
    for (RuleResult failed : quality.failed()) {
      text.append("\n  rule    ")
          .append(failed.ruleId())
          .append(": ")
          .append(failed.outcome())
          .append(", ")
          .append(failed.failingRows())
          .append(" of ")
          .append(failed.evaluatedRows())
          .append(" rows");
    }
    rejection()
        .ifPresent(why -> text.append("\n  reason  ").append(why.replace("\n", "\n          ")));
    return text.toString();
  }

  private String headline() {
    boolean erases = mode == PublishMode.ERASE || mode == PublishMode.ERASE_QUARANTINE;
    String what =
        mode.text() + (erases ? " from " : " to ") + product + ", contract " + contract + ": ";
    if (earlierReceipt.isPresent()) {
      return what
          + "nothing, as publish "
          + earlierReceipt.get().publishId()
          + " used the key before";
    }
    return what + (isAccepted() ? "accepted" : "rejected");
  }
}
