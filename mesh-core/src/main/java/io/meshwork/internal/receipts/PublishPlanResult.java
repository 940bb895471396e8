package io.meshwork.internal.receipts;

import io.meshwork.contract.QualityReport;
import io.meshwork.error.Finding;
import io.meshwork.error.MeshException;
import io.meshwork.product.ContractVersion;
import io.meshwork.product.ProductName;
import io.meshwork.publish.Publish.PublishPlan;
import io.meshwork.publish.PublishReceipt;
import io.meshwork.publish.PublishReceipt.PublishMode;
import java.util.List;
import java.util.Optional;

/** The plan of a publish, as its rows were evaluated. Immutable. */
public record PublishPlanResult(
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
  public PublishPlanResult {
    findings = List.copyOf(findings);
  }

  /** The plan of a publish whose key was used before. */
  public static PublishPlanResult ofReplay(StoredReceipt earlier) {
    return new PublishPlanResult(
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
    ChangeText text =
        new ChangeText(headline())
            .quality(
                quality,
                rowsRemoved
                    + " removed"
                    + (quarantineRowsRemoved > 0
                        ? ", and " + quarantineRowsRemoved + " from the quarantine"
                        : ""));
    rejection().ifPresent(why -> text.line("reason", why));
    return text.toString();
  }

  private String headline() {
    String what = ChangeText.what(mode, product, contract);
    if (earlierReceipt.isPresent()) {
      return what
          + "nothing, as publish "
          + earlierReceipt.get().publishId()
          + " used the key before";
    }
    return what + (isAccepted() ? "accepted" : "rejected");
  }
}
