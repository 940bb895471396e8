package io.meshwork.internal.change;

import io.meshwork.access.AccessPlan.AccessChange;
import io.meshwork.card.ProductCard;
import io.meshwork.card.ProductConsumer;
import io.meshwork.change.ContractPlan;
import io.meshwork.contract.Compatibility;
import io.meshwork.contract.ContractDifference;
import io.meshwork.error.Finding;
import io.meshwork.error.FindingCode;
import io.meshwork.internal.ledger.ChangePlan;
import io.meshwork.internal.majors.ConsumerImpact;
import io.meshwork.internal.rights.ReadAccessDiff;
import io.meshwork.operation.Plan.Step;
import io.meshwork.product.ContractVersion;
import io.meshwork.product.ContractVersion.Verdict;
import io.meshwork.product.ProductName;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * The plan of a contract as the next one of a product. Immutable.
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
 * @param contracts hash of both contracts
 * @param gains who gains access, if it was evaluated
 * @param losses who loses access, if it was evaluated
 * @param committing commits if the plan still has this fingerprint
 */
record AmendmentPlan(
    ProductName product,
    Optional<ContractVersion> before,
    ContractVersion version,
    Verdict verdict,
    Compatibility mode,
    Optional<ContractDifference> difference,
    List<ProductConsumer> consumers,
    List<Step> steps,
    List<Finding> findings,
    String contracts,
    List<AccessChange> gains,
    List<AccessChange> losses,
    Function<String, ProductCard> committing)
    implements ContractPlan, ChangePlan<ProductCard> {
  private static final String OPEN = "open";

  AmendmentPlan {
    gains = List.copyOf(gains);
    losses = List.copyOf(losses);
    consumers = List.copyOf(consumers);
    steps = List.copyOf(steps);
    findings = List.copyOf(findings);
  }

  /** The same, rejected with an error. */
  AmendmentPlan with(Finding error) {
    List<Finding> all = new ArrayList<>(findings);
    all.add(error);
    return new AmendmentPlan(
        product,
        before,
        before.orElse(version),
        verdict == Verdict.MAJOR ? verdict : Verdict.REFUSED,
        mode,
        difference,
        consumers,
        List.of(),
        all,
        contracts,
        List.of(),
        List.of(),
        committing);
  }

  /** The same with the change of access. */
  AmendmentPlan with(ReadAccessDiff diff) {
    return new AmendmentPlan(
        product,
        before,
        version,
        verdict,
        mode,
        difference,
        consumers,
        steps,
        findings,
        contracts,
        diff.gains(),
        diff.losses(),
        committing);
  }

  /**
   * The same, and the commit also opens the product to the mesh.
   *
   * @param columns the columns that every domain can read then
   */
  AmendmentPlan opened(List<String> columns) {
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
    List<AccessChange> allGains = new ArrayList<>();
    allGains.add(ReadAccessDiff.opened(product, columns));
    allGains.addAll(gains);
    return new AmendmentPlan(
        product,
        before,
        version,
        verdict,
        mode,
        difference,
        consumers,
        allSteps,
        findings,
        contracts,
        allGains,
        losses,
        committing);
  }

  @Override
  public boolean isAllowed() {
    return errors().isEmpty();
  }

  @Override
  public boolean awaitsSecondPerson() {
    return isAllowed()
        && findings.stream()
            .anyMatch(
                finding ->
                    finding.code() == FindingCode.SECOND_DECIDER
                        && finding.severity() == Finding.Severity.WARNING);
  }

  /** Without the times at which consumers read. */
  @Override
  public String basis() {
    return String.join(
        "\n", contracts, gains.toString(), losses.toString(), ConsumerImpact.basis(consumers));
  }

  @Override
  public List<String> facts() {
    List<String> facts = new ArrayList<>();
    List<ContractDifference.Change> changes =
        difference.map(ContractDifference::changes).orElse(List.of());
    if (!changes.isEmpty()) {
      facts.add(ChangePlan.line("readers", directions(changes)));
    }
    changes.forEach(change -> facts.add(ChangePlan.line("change", change)));
    facts.addAll(ConsumerImpact.lines(consumers));
    gains.forEach(change -> facts.add(ChangePlan.line("gains", change)));
    losses.forEach(change -> facts.add(ChangePlan.line("loses", change)));
    return facts;
  }

  private static String directions(List<ContractDifference.Change> changes) {
    return "old readers read new rows: "
        + yesNo(changes.stream().allMatch(ContractDifference.Change::oldReadersReadNewRows))
        + "; new readers read old rows: "
        + yesNo(changes.stream().allMatch(ContractDifference.Change::newReadersReadOldRows));
  }

  private static String yesNo(boolean value) {
    return value ? "yes" : "no";
  }

  /** The changes are listed as such. */
  @Override
  public List<Finding> listed() {
    return findings.stream()
        .filter(finding -> finding.severity() != Finding.Severity.NOTE)
        .filter(finding -> !isOfDifference(finding))
        .toList();
  }

  @Override
  public String headline() {
    if (before.isEmpty()) {
      return "define " + product + " as " + version;
    }
    String from = product + " " + before.get();
    return switch (verdict) {
      case NONE ->
          steps.stream().anyMatch(step -> step.verb().equals(OPEN))
              ? "open " + from + " to the mesh: its contract does not change"
              : "amend " + from + ": nothing changes";
      case MAJOR ->
          "amend " + from + ": rejected, needs a new major version, " + version + "; mode " + mode;
      case REFUSED -> "amend " + from + ": rejected; mode " + mode;
      default ->
          "amend "
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

  @Override
  public String toString() {
    return text();
  }
}
