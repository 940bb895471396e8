package io.meshwork.internal.change;

import io.meshwork.card.ProductConsumer;
import io.meshwork.change.ContractPlan;
import io.meshwork.contract.Compatibility;
import io.meshwork.contract.ContractDifference;
import io.meshwork.error.Finding;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.rights.ReadAccessDiff;
import io.meshwork.operation.Plan.Step;
import io.meshwork.product.ContractVersion;
import io.meshwork.product.ContractVersion.Verdict;
import io.meshwork.product.ProductName;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The evaluation of a contract as the next one of a product. Immutable.
 *
 * @param product the product
 * @param before the current version; empty for a new product
 * @param version the version of the new contract
 * @param verdict the kind of change
 * @param mode the compatibility mode that was applied
 * @param difference all changes; empty for a new product
 * @param consumers the subscriptions, if they were read
 * @param steps what a commit does; empty if it is rejected
 * @param findings all changes, and the reasons of a rejection
 * @param basis hash of both contracts
 * @param gains who gains access, if it was evaluated
 * @param losses who loses access, if it was evaluated
 */
record AmendmentEvaluation(
    ProductName product,
    Optional<ContractVersion> before,
    ContractVersion version,
    Verdict verdict,
    Compatibility mode,
    Optional<ContractDifference> difference,
    List<ProductConsumer> consumers,
    List<Step> steps,
    List<Finding> findings,
    String basis,
    List<ContractPlan.AccessChange> gains,
    List<ContractPlan.AccessChange> losses) {
  private static final String OPEN = "open";

  AmendmentEvaluation {
    gains = List.copyOf(gains);
    losses = List.copyOf(losses);
    consumers = List.copyOf(consumers);
    steps = List.copyOf(steps);
    findings = List.copyOf(findings);
  }

  /** The same, rejected with an error. */
  AmendmentEvaluation with(Finding error) {
    List<Finding> all = new ArrayList<>(findings);
    all.add(error);
    return new AmendmentEvaluation(
        product,
        before,
        before.orElse(version),
        verdict == Verdict.MAJOR ? verdict : Verdict.REFUSED,
        mode,
        difference,
        consumers,
        List.of(),
        all,
        basis,
        List.of(),
        List.of());
  }

  /** The same with the change of access. */
  AmendmentEvaluation with(ReadAccessDiff diff) {
    return new AmendmentEvaluation(
        product,
        before,
        version,
        verdict,
        mode,
        difference,
        consumers,
        steps,
        findings,
        basis,
        diff.gains().stream().map(AmendmentEvaluation::accessChange).toList(),
        diff.losses().stream().map(AmendmentEvaluation::accessChange).toList());
  }

  private static ContractPlan.AccessChange accessChange(ReadAccessDiff.AccessChange change) {
    return new ContractPlan.AccessChange(
        change.who(),
        change.columns(),
        change.rows() == ReadAccessDiff.Rows.EVERY,
        change.because());
  }

  /**
   * The same, and the commit also opens the product to the mesh.
   *
   * @param columns the columns that every domain can read then
   */
  AmendmentEvaluation opened(List<String> columns) {
    if (!isAllowed()) {
      return this;
    }
    List<Step> allSteps = new ArrayList<>(steps);
    allSteps.add(
        new Step(
            OPEN,
            product + " to the mesh",
            "every domain can read it",
            "access().closeToMesh(..)"));
    List<ContractPlan.AccessChange> allGains = new ArrayList<>();
    allGains.add(accessChange(ReadAccessDiff.opened(product, columns)));
    allGains.addAll(gains);
    return new AmendmentEvaluation(
        product,
        before,
        version,
        verdict,
        mode,
        difference,
        consumers,
        allSteps,
        findings,
        basis,
        allGains,
        losses);
  }

  /** True if there are no errors. */
  boolean isAllowed() {
    return errors().isEmpty();
  }

  /** The errors, for which the contract is rejected. */
  List<Finding> errors() {
    return findings.stream()
        .filter(finding -> finding.severity() == Finding.Severity.ERROR)
        .toList();
  }

  /** Hash of the plan, without the times at which consumers read. */
  String fingerprint() {
    return RegistryKeys.sha256(
        String.join(
            "\n",
            product.toString(),
            before.map(ContractVersion::toString).orElse("new"),
            version.toString(),
            verdict.name(),
            mode.name(),
            basis,
            steps.toString(),
            findings.toString(),
            gains.toString(),
            losses.toString(),
            consumers.stream()
                .map(consumer -> consumer.name() + consumer.breaks())
                .collect(Collectors.joining(";"))));
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder(headline());
    difference
        .filter(changes -> !changes.isEmpty())
        .ifPresent(changes -> text.append(directions(changes)));
    difference.ifPresent(
        changes -> changes.changes().forEach(change -> text.append("\n  change  ").append(change)));
    appendFindings(text, "error  ", Finding.Severity.ERROR);
    appendFindings(text, "warning", Finding.Severity.WARNING);
    consumers.forEach(
        consumer -> {
          text.append("\n  ").append(line(consumer));
          consumer
              .breaks()
              .forEach(change -> text.append("\n            by ").append(change.what()));
        });
    gains.forEach(change -> text.append("\n  gains   ").append(change));
    losses.forEach(change -> text.append("\n  loses   ").append(change));
    steps.forEach(step -> text.append("\n  does    ").append(step));
    return text.toString();
  }

  private static String line(ProductConsumer consumer) {
    return (consumer.isSafe() ? "safe    " : "breaks  ")
        + consumer.name()
        + "  reads "
        + (consumer.columns().isEmpty() ? "all columns" : String.join(", ", consumer.columns()))
        + consumer.lastUsed().map(at -> ", last at " + at).orElse(", no reads yet")
        + (consumer.dormant() ? ", DORMANT" : "")
        + "  contact "
        + consumer.contact();
  }

  private void appendFindings(StringBuilder text, String label, Finding.Severity severity) {
    findings.stream()
        .filter(finding -> finding.severity() == severity)
        .filter(finding -> !isOfDifference(finding))
        .forEach(
            finding ->
                text.append("\n  ")
                    .append(label)
                    .append(' ')
                    .append(finding.what())
                    .append(' ')
                    .append(finding.fix())
                    .append(" (")
                    .append(finding.code())
                    .append(')'));
  }

  private static String directions(ContractDifference changes) {
    return "\n  readers old readers read new rows: "
        + yesNo(
            changes.changes().stream().allMatch(ContractDifference.Change::oldReadersReadNewRows))
        + "; new readers read old rows: "
        + yesNo(
            changes.changes().stream().allMatch(ContractDifference.Change::newReadersReadOldRows));
  }

  private static String yesNo(boolean value) {
    return value ? "yes" : "no";
  }

  private String headline() {
    if (before.isEmpty()) {
      return "Define " + product + " as " + version;
    }
    String from = product + " " + before.get();
    return switch (verdict) {
      case NONE ->
          steps.stream().anyMatch(step -> step.verb().equals(OPEN))
              ? "Open " + from + " to the mesh: its contract does not change"
              : "Amend " + from + ": nothing changes";
      case MAJOR ->
          "Amend " + from + ": rejected, needs a new major version, " + version + "; mode " + mode;
      case REFUSED -> "Amend " + from + ": rejected; mode " + mode;
      default ->
          "Amend "
              + from
              + " to "
              + version
              + ": "
              + verdict
              + (isAllowed() ? "" : ", rejected")
              + "; mode "
              + mode;
    };
  }

  private boolean isOfDifference(Finding finding) {
    return difference.stream()
        .flatMap(changes -> changes.changes().stream())
        .anyMatch(
            change ->
                change.code() == finding.code()
                    && change.path().equals(finding.where())
                    && finding.what().equals(AmendmentContext.describe(change)));
  }
}
