package io.meshwork.internal.rollouts;

import io.meshwork.card.ProductConsumer;
import io.meshwork.contract.ContractDifference;
import io.meshwork.error.Finding;
import io.meshwork.internal.catalog.DomainEntry;
import io.meshwork.internal.catalog.ProductEntry;
import io.meshwork.internal.catalog.VersionEntry;
import io.meshwork.internal.ledger.ChangePlan;
import io.meshwork.internal.rollout.ConsumerImpact;
import io.meshwork.internal.rollout.NewMajor;
import io.meshwork.internal.rollout.RolloutEntry;
import io.meshwork.operation.Plan.Step;
import io.meshwork.product.ContractVersion;
import io.meshwork.product.ProductName;
import io.meshwork.rollout.Rollout;
import io.meshwork.rollout.Rollout.AmendedTerm;
import io.meshwork.rollout.Rollout.Kind;
import io.meshwork.rollout.RolloutPlan;
import io.meshwork.rollout.RolloutPlan.Downstream;
import io.meshwork.rollout.RolloutPlan.MissingRight;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * The plan of a rollout, and the state that it is based on. Immutable.
 *
 * @param current the major version that is replaced
 * @param next the new major version; empty if the contract is amended
 * @param rollout the rollout as a commit stores it
 * @param terms what the caller specified
 */
record StartPlan(
    DomainEntry domain,
    ProductEntry entry,
    VersionEntry current,
    Optional<NewMajor> next,
    RolloutEntry rollout,
    StartTerms terms,
    ContractDifference difference,
    Impact impact,
    LocalDate earliestRetirement,
    List<Finding> decisive,
    Function<String, Rollout> committing)
    implements RolloutPlan, ChangePlan<Rollout> {
  StartPlan {
    decisive = List.copyOf(decisive);
  }

  /**
   * Whom the rollout affects. Immutable.
   *
   * @param downstream the products that depend on it; none if they were not read
   * @param bytesTwice the bytes of the history that both major versions hold
   */
  record Impact(
      List<ProductConsumer> consumers,
      DownstreamProducts downstream,
      List<MissingRight> missingRights,
      long bytesTwice) {
    Impact {
      consumers = List.copyOf(consumers);
      missingRights = List.copyOf(missingRights);
    }
  }

  @Override
  public ProductName product() {
    return rollout.product();
  }

  @Override
  public Kind kind() {
    return rollout.kind();
  }

  @Override
  public List<AmendedTerm> amendedTerms() {
    return rollout.amendedTerms();
  }

  @Override
  public int from() {
    return rollout.from();
  }

  @Override
  public OptionalInt to() {
    return rollout.newMajor();
  }

  @Override
  public ContractVersion version() {
    return rollout.version();
  }

  @Override
  public List<ProductConsumer> consumers() {
    return impact.consumers();
  }

  @Override
  public List<Downstream> downstream() {
    return impact.downstream().products();
  }

  @Override
  public List<MissingRight> missingRights() {
    return impact.missingRights();
  }

  @Override
  public LocalDate retireAfter() {
    return rollout.retireAfter();
  }

  @Override
  public long bytesTwice() {
    return impact.bytesTwice();
  }

  @Override
  public boolean isAllowed() {
    return errors().isEmpty();
  }

  @Override
  public List<Finding> findings() {
    return Stream.concat(decisive.stream(), impact.downstream().findings().stream()).toList();
  }

  /** The changes are listed as such. */
  @Override
  public List<Finding> listed() {
    return findings().stream()
        .filter(finding -> finding.severity() != Finding.Severity.NOTE)
        .toList();
  }

  @Override
  public List<Step> steps() {
    if (!isAllowed()) {
      return List.of();
    }
    String version = product() + " " + version();
    String undo = "rollout(\"" + product() + "\").abort(..)";
    Stream<Step> change =
        next.map(to -> steps(to, version, undo))
            .orElseGet(
                () ->
                    Stream.of(
                        new Step(
                            "prepare",
                            version,
                            rollout.amendment()
                                + "; nothing changes before announce(), and the contract does not"
                                + " before retire()",
                            undo)));
    return Stream.concat(
            change,
            terms.suggestions().stream()
                .map(
                    id -> new Step("accept", "suggestion " + id, "delivered by the rollout", undo)))
        .toList();
  }

  private Stream<Step> steps(NewMajor to, String version, String undo) {
    return Stream.of(
        new Step(
            "create table",
            to.table().toString(),
            "of format "
                + to.tableFormat()
                + ", with "
                + to.schema().columns().size()
                + " columns; and its quarantine",
            undo),
        new Step(
            "prepare",
            version,
            "for its owner to read; " + current.version() + " does not change",
            ""));
  }

  @Override
  public String headline() {
    return (kind() == Kind.AMENDMENT ? "amend " : "roll out ")
        + product()
        + ": "
        + current.version()
        + " -> "
        + version()
        + (isAllowed() ? "" : "  REJECTED");
  }

  /** Without the times at which consumers read and without the current day. */
  @Override
  public String basis() {
    return String.join(
        "\n",
        rollout.number() + " " + from() + " " + to(),
        current.contract().fingerprint(),
        terms.contract().fingerprint(),
        next.map(NewMajor::partitioning).toString(),
        terms.renamings().toString(),
        terms.because(),
        terms.retireAfter().toString(),
        terms.leftOut().toString(),
        terms.withoutHistory().toString(),
        ConsumerImpact.basis(consumers()));
  }

  @Override
  public List<String> facts() {
    List<String> facts = new ArrayList<>();
    boolean amends = kind() == Kind.AMENDMENT;
    facts.add(ChangePlan.line("because", terms.because()));
    facts.add(
        ChangePlan.line(
            "dates",
            (amends ? "the contract of major version " : "major version ")
                + from()
                + (amends ? " becomes " + version() : " is proposed to retire")
                + " after "
                + retireAfter()
                + "; the notice period allows "
                + earliestRetirement));
    terms
        .leftOut()
        .ifPresent(
            rows ->
                facts.add(
                    ChangePlan.line(
                        "only",
                        "major version "
                            + rollout.to()
                            + " has the rows where "
                            + rows.filter()
                            + ": "
                            + rows.because())));
    amendedTerms().forEach(term -> facts.add(ChangePlan.line("amends", term)));
    if (!amends) {
      facts.add(
          ChangePlan.line(
              "history",
              terms
                  .withoutHistory()
                  .map(because -> "starts without rows: " + because)
                  .orElse(bytesTwice() + " bytes are held twice")));
    }
    difference.changes().forEach(change -> facts.add(fact(change)));
    facts.addAll(ConsumerImpact.lines(consumers()));
    downstream().forEach(product -> facts.add(affected(product)));
    missingRights().forEach(right -> facts.add(ChangePlan.line("denied", right)));
    return facts;
  }

  private static String affected(Downstream product) {
    return ChangePlan.line("affects", product) + ConsumerImpact.causes(product.breaks());
  }

  /** Consumers read types by structure, so that names of types are only noted. */
  private static String fact(ContractDifference.Change change) {
    return change.concernsTypeNames()
        ? ChangePlan.line("note", change.what() + " Reads of the product do not depend on it.")
        : ChangePlan.line("change", change);
  }

  @Override
  public String toString() {
    return text();
  }
}
