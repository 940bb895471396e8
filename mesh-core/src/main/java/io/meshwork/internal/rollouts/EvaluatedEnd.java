package io.meshwork.internal.rollouts;

import io.meshwork.card.ProductConsumer;
import io.meshwork.error.Finding;
import io.meshwork.product.MajorVersion;
import io.meshwork.product.ProductName;
import io.meshwork.rollout.EndProduct.EndPlan;
import io.meshwork.rollout.Rollout;
import io.meshwork.rollout.RolloutPlan.Downstream;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * The plan of the end of a product. Immutable.
 *
 * @param commitAsPlanned commits if the plan still has this fingerprint
 */
record EvaluatedEnd(EndEvaluation evaluation, Function<String, Rollout> commitAsPlanned)
    implements EndPlan {
  @Override
  public ProductName product() {
    return evaluation.rollout().product();
  }

  @Override
  public int from() {
    return evaluation.rollout().from();
  }

  @Override
  public Optional<MajorVersion> successor() {
    return evaluation.rollout().successor();
  }

  @Override
  public List<ProductConsumer> consumers() {
    return evaluation.consumers();
  }

  @Override
  public List<Downstream> downstream() {
    return evaluation.downstream().products();
  }

  @Override
  public LocalDate earliestRetirement() {
    return evaluation.earliestRetirement();
  }

  @Override
  public LocalDate retireAfter() {
    return evaluation.rollout().retireAfter();
  }

  @Override
  public boolean isAllowed() {
    return evaluation.errors().isEmpty();
  }

  @Override
  public List<Step> steps() {
    return evaluation.steps();
  }

  @Override
  public List<Finding> findings() {
    List<Finding> findings = new ArrayList<>(evaluation.findings());
    findings.addAll(evaluation.downstream().findings());
    return List.copyOf(findings);
  }

  @Override
  public String fingerprint() {
    return evaluation.fingerprint();
  }

  @Override
  public Rollout commit() {
    return commitAsPlanned.apply(fingerprint());
  }

  @Override
  public String toString() {
    StringBuilder text =
        new StringBuilder(
            "end "
                + product()
                + " "
                + evaluation.current().version()
                + (isAllowed() ? "" : "  REJECTED"));
    line(text, "because", evaluation.rollout().because());
    line(text, "then", successor().map(MajorVersion::toString).orElse("nothing replaces it"));
    line(
        text,
        "dates",
        "proposed to retire after "
            + retireAfter()
            + "; the notice period allows "
            + earliestRetirement());
    findings()
        .forEach(
            finding ->
                line(
                    text,
                    finding.severity() == Finding.Severity.ERROR ? "error" : "warning",
                    finding.what() + " " + finding.fix()));
    consumers().forEach(consumer -> text.append("\n  ").append(consumer));
    downstream().forEach(product -> line(text, "affects", product.toString()));
    steps().forEach(step -> line(text, "does", step.toString()));
    return text.toString();
  }

  private static void line(StringBuilder text, String label, String content) {
    text.append("\n  ").append(label).append(" ".repeat(8 - label.length())).append(content);
  }
}
