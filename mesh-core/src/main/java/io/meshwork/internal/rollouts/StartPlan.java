package io.meshwork.internal.rollouts;

import io.meshwork.card.ProductConsumer;
import io.meshwork.contract.ContractDifference;
import io.meshwork.error.Finding;
import io.meshwork.product.ContractVersion;
import io.meshwork.product.ProductName;
import io.meshwork.rollout.Rollout;
import io.meshwork.rollout.Rollout.AmendedTerm;
import io.meshwork.rollout.Rollout.Kind;
import io.meshwork.rollout.RolloutPlan;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.Function;

/** The plan of a rollout. Immutable. */
final class StartPlan implements RolloutPlan {
  private final StartEvaluation evaluation;
  private final Function<String, Rollout> commit;

  /**
   * Creates a plan.
   *
   * @param commit commits if the plan still has this fingerprint
   */
  StartPlan(StartEvaluation evaluation, Function<String, Rollout> commit) {
    this.evaluation = evaluation;
    this.commit = commit;
  }

  @Override
  public ProductName product() {
    return evaluation.rollout().product();
  }

  @Override
  public Kind kind() {
    return evaluation.rollout().kind();
  }

  @Override
  public List<AmendedTerm> amendedTerms() {
    return evaluation.rollout().amendedTerms();
  }

  @Override
  public int from() {
    return evaluation.rollout().from();
  }

  @Override
  public OptionalInt to() {
    return evaluation.rollout().newMajor();
  }

  @Override
  public ContractVersion version() {
    return evaluation.rollout().version();
  }

  @Override
  public ContractDifference difference() {
    return evaluation.difference();
  }

  @Override
  public List<ProductConsumer> consumers() {
    return evaluation.impact().consumers();
  }

  @Override
  public List<Downstream> downstream() {
    return evaluation.impact().downstream().products();
  }

  @Override
  public List<MissingRight> missingRights() {
    return evaluation.impact().missingRights();
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
  public long bytesTwice() {
    return evaluation.impact().bytesTwice();
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
    findings.addAll(evaluation.impact().downstream().findings());
    return List.copyOf(findings);
  }

  @Override
  public String fingerprint() {
    return evaluation.fingerprint();
  }

  @Override
  public Rollout commit() {
    return commit.apply(fingerprint());
  }

  @Override
  public String toString() {
    StringBuilder text =
        new StringBuilder(
            (kind() == Kind.AMENDMENT ? "amend " : "roll out ")
                + product()
                + ": "
                + evaluation.current().version()
                + " -> "
                + version()
                + (isAllowed() ? "" : "  REJECTED"));
    line(text, "because", evaluation.terms().because());
    line(
        text,
        "dates",
        (kind() == Kind.AMENDMENT ? "the contract of major version " : "major version ")
            + from()
            + (kind() == Kind.AMENDMENT ? " becomes " + version() : " is proposed to retire")
            + " after "
            + retireAfter()
            + "; the notice period allows "
            + earliestRetirement());
    evaluation
        .terms()
        .leftOut()
        .ifPresent(
            rows ->
                line(
                    text,
                    "only",
                    "major version "
                        + evaluation.rollout().to()
                        + " has the rows where "
                        + rows.filter()
                        + ": "
                        + rows.because()));
    amendedTerms().forEach(term -> line(text, "amends", term.toString()));
    if (kind() != Kind.AMENDMENT) {
      line(text, "history", history());
    }
    difference().changes().forEach(change -> addChange(text, change));
    findings().stream()
        .filter(finding -> finding.severity() != Finding.Severity.NOTE)
        .forEach(finding -> line(text, label(finding), finding.what() + " " + finding.fix()));
    for (ProductConsumer consumer : consumers()) {
      text.append("\n  ").append(consumer);
      consumer.breaks().forEach(change -> text.append("\n            by ").append(change.what()));
    }
    for (Downstream product : downstream()) {
      line(text, "affects", product.toString());
      product.breaks().forEach(change -> text.append("\n            by ").append(change.what()));
    }
    missingRights().forEach(right -> line(text, "denied", right.toString()));
    steps().forEach(step -> line(text, "does", step.toString()));
    return text.toString();
  }

  /** Consumers read types by structure, so that names of types are only noted. */
  private static void addChange(StringBuilder text, ContractDifference.Change change) {
    if (change.concernsTypeNames()) {
      line(text, "note", change.what() + " Reads of the product do not depend on it.");
    } else {
      line(text, "change", change.toString());
    }
  }

  private String history() {
    return evaluation
        .terms()
        .withoutHistory()
        .map(because -> "starts without rows: " + because)
        .orElse(bytesTwice() + " bytes are held twice");
  }

  private static String label(Finding finding) {
    return finding.severity() == Finding.Severity.ERROR ? "error" : "warning";
  }

  private static void line(StringBuilder text, String label, String content) {
    text.append("\n  ").append(label).append(" ".repeat(8 - label.length())).append(content);
  }
}
