package io.meshwork.internal.change;

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
 * What a contract would mean as the next one of a product. Immutable.
 *
 * @param product whose contract it is
 * @param before the version in force; empty if the product is new
 * @param version the version that it gets
 * @param verdict what the change means
 * @param mode the mode that counted
 * @param difference every change; empty if the product is new
 * @param consumers who subscribed, as far as that was looked up
 * @param steps what is done; nothing if it is refused
 * @param findings every change, with what stands in the way
 * @param basis hash of both contracts
 * @param gains who would read what is not readable now, as far as that was looked up
 * @param losses who would no longer read what is readable now, as far as that was looked up
 */
record AmendmentEvaluation(
    ProductName product,
    Optional<ContractVersion> before,
    ContractVersion version,
    Verdict verdict,
    Compatibility mode,
    Optional<ContractDifference> difference,
    List<ContractPlan.AffectedConsumer> consumers,
    List<Step> steps,
    List<Finding> findings,
    String basis,
    List<ContractPlan.Shift> gains,
    List<ContractPlan.Shift> losses) {
  AmendmentEvaluation {
    gains = List.copyOf(gains);
    losses = List.copyOf(losses);
    consumers = List.copyOf(consumers);
    steps = List.copyOf(steps);
    findings = List.copyOf(findings);
  }

  /** The same with something that stands in the way, so that nothing is done. */
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

  /** The same with who gains and loses what. */
  AmendmentEvaluation with(ReadAccessDiff shifts) {
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
        shifts.gains().stream().map(AmendmentEvaluation::shift).toList(),
        shifts.losses().stream().map(AmendmentEvaluation::shift).toList());
  }

  private static ContractPlan.Shift shift(ReadAccessDiff.Shift shift) {
    return new ContractPlan.Shift(
        shift.who(), shift.columns(), shift.rows() == ReadAccessDiff.Rows.EVERY, shift.because());
  }

  /** True if nothing stands in the way. */
  boolean isAllowed() {
    return errors().isEmpty();
  }

  /** What stands in the way. */
  List<Finding> errors() {
    return findings.stream()
        .filter(finding -> finding.severity() == Finding.Severity.ERROR)
        .toList();
  }

  /** Hash of what is shown, apart from when consumers read. */
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
                .map(consumer -> consumer.subscription() + consumer.breaks())
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
    errors().stream()
        .filter(finding -> !isOfDifference(finding))
        .forEach(
            finding ->
                text.append("\n  refuse  ")
                    .append(finding.what())
                    .append(' ')
                    .append(finding.fix())
                    .append(" (")
                    .append(finding.code())
                    .append(')'));
    findings.stream()
        .filter(finding -> finding.severity() == Finding.Severity.WARNING)
        .filter(finding -> !isOfDifference(finding))
        .forEach(
            finding ->
                text.append("\n  warns   ")
                    .append(finding.what())
                    .append(' ')
                    .append(finding.fix())
                    .append(" (")
                    .append(finding.code())
                    .append(')'));
    consumers.forEach(
        consumer -> {
          text.append("\n  ").append(consumer);
          consumer
              .breaks()
              .forEach(change -> text.append("\n            by ").append(change.what()));
        });
    gains.forEach(shift -> text.append("\n  gains   ").append(shift));
    losses.forEach(shift -> text.append("\n  loses   ").append(shift));
    steps.forEach(step -> text.append("\n  does    ").append(step));
    return text.toString();
  }

  private static String directions(ContractDifference changes) {
    return "\n  readers old ones read new rows: "
        + yes(changes.changes().stream().allMatch(ContractDifference.Change::oldReadersReadNewRows))
        + "; new ones read old rows: "
        + yes(
            changes.changes().stream().allMatch(ContractDifference.Change::newReadersReadOldRows));
  }

  private static String yes(boolean truth) {
    return truth ? "yes" : "no";
  }

  private String headline() {
    if (before.isEmpty()) {
      return "Define " + product + " as " + version;
    }
    String from = product + " " + before.get();
    return switch (verdict) {
      case NONE -> "Amend " + from + ": nothing changes";
      case MAJOR ->
          "Amend " + from + ": needs a new major, " + version + ", so it is refused; mode " + mode;
      case REFUSED -> "Amend " + from + ": refused; mode " + mode;
      default ->
          "Amend "
              + from
              + " to "
              + version
              + ": "
              + verdict
              + (isAllowed() ? "" : ", and refused")
              + "; mode "
              + mode;
    };
  }

  private boolean isOfDifference(Finding finding) {
    return difference.stream()
        .flatMap(changes -> changes.changes().stream())
        .anyMatch(
            change ->
                change.code().equals(finding.code())
                    && change.path().equals(finding.where())
                    && finding.what().equals(AmendmentContext.what(change)));
  }
}
