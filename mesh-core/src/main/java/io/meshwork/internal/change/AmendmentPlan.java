package io.meshwork.internal.change;

import io.meshwork.card.ProductCard;
import io.meshwork.change.ContractPlan;
import io.meshwork.contract.Compatibility;
import io.meshwork.contract.ContractDifference;
import io.meshwork.error.Finding;
import io.meshwork.product.ContractVersion;
import io.meshwork.product.ContractVersion.Verdict;
import io.meshwork.product.ProductName;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** The plan of one evaluation. Immutable. */
final class AmendmentPlan implements ContractPlan {
  private final AmendmentEvaluation judged;
  private final Function<String, ProductCard> commit;

  /**
   * A plan.
   *
   * @param commit commits if the plan still has this fingerprint
   */
  AmendmentPlan(AmendmentEvaluation judged, Function<String, ProductCard> commit) {
    this.judged = judged;
    this.commit = commit;
  }

  @Override
  public ProductName product() {
    return judged.product();
  }

  @Override
  public Optional<ContractVersion> before() {
    return judged.before();
  }

  @Override
  public ContractVersion version() {
    return judged.version();
  }

  @Override
  public Verdict verdict() {
    return judged.verdict();
  }

  @Override
  public Compatibility mode() {
    return judged.mode();
  }

  @Override
  public Optional<ContractDifference> difference() {
    return judged.difference();
  }

  @Override
  public List<AffectedConsumer> consumers() {
    return judged.consumers();
  }

  @Override
  public List<Shift> gains() {
    return judged.gains();
  }

  @Override
  public List<Shift> losses() {
    return judged.losses();
  }

  @Override
  public boolean awaitsSecondPerson() {
    return isAllowed()
        && findings().stream()
            .anyMatch(
                finding ->
                    finding.code().equals("SECOND_PERSON")
                        && finding.severity() == Finding.Severity.WARNING);
  }

  @Override
  public boolean isAllowed() {
    return judged.isAllowed();
  }

  @Override
  public List<Step> steps() {
    return judged.steps();
  }

  @Override
  public List<Finding> findings() {
    return judged.findings();
  }

  @Override
  public String fingerprint() {
    return judged.fingerprint();
  }

  @Override
  public ProductCard commit() {
    return commit.apply(fingerprint());
  }

  @Override
  public String toString() {
    return judged.toString();
  }
}
