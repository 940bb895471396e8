package io.meshwork.internal.change;

import io.meshwork.card.ProductCard;
import io.meshwork.card.ProductConsumer;
import io.meshwork.change.ContractPlan;
import io.meshwork.contract.Compatibility;
import io.meshwork.contract.ContractDifference;
import io.meshwork.error.Finding;
import io.meshwork.error.FindingCode;
import io.meshwork.product.ContractVersion;
import io.meshwork.product.ContractVersion.Verdict;
import io.meshwork.product.ProductName;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** The plan of one evaluation. Immutable. */
final class AmendmentPlan implements ContractPlan {
  private final AmendmentEvaluation evaluation;
  private final Function<String, ProductCard> commit;

  /**
   * Creates a plan.
   *
   * @param commit commits if the plan still has this fingerprint
   */
  AmendmentPlan(AmendmentEvaluation evaluation, Function<String, ProductCard> commit) {
    this.evaluation = evaluation;
    this.commit = commit;
  }

  @Override
  public ProductName product() {
    return evaluation.product();
  }

  @Override
  public Optional<ContractVersion> before() {
    return evaluation.before();
  }

  @Override
  public ContractVersion version() {
    return evaluation.version();
  }

  @Override
  public Verdict verdict() {
    return evaluation.verdict();
  }

  @Override
  public Compatibility mode() {
    return evaluation.mode();
  }

  @Override
  public Optional<ContractDifference> difference() {
    return evaluation.difference();
  }

  @Override
  public List<ProductConsumer> consumers() {
    return evaluation.consumers();
  }

  @Override
  public List<AccessChange> gains() {
    return evaluation.gains();
  }

  @Override
  public List<AccessChange> losses() {
    return evaluation.losses();
  }

  @Override
  public boolean awaitsSecondPerson() {
    return isAllowed()
        && findings().stream()
            .anyMatch(
                finding ->
                    finding.code() == FindingCode.SECOND_DECIDER
                        && finding.severity() == Finding.Severity.WARNING);
  }

  @Override
  public boolean isAllowed() {
    return evaluation.isAllowed();
  }

  @Override
  public List<Step> steps() {
    return evaluation.steps();
  }

  @Override
  public List<Finding> findings() {
    return evaluation.findings();
  }

  @Override
  public String fingerprint() {
    return evaluation.fingerprint();
  }

  @Override
  public ProductCard commit() {
    return commit.apply(fingerprint());
  }

  @Override
  public String toString() {
    return evaluation.toString();
  }
}
