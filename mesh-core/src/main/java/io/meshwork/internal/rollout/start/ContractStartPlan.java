package io.meshwork.internal.rollout.start;

import io.meshwork.card.ProductConsumer;
import io.meshwork.contract.ContractDifference;
import io.meshwork.error.Finding;
import io.meshwork.internal.catalog.DomainEntry;
import io.meshwork.internal.catalog.ProductEntry;
import io.meshwork.internal.catalog.VersionEntry;
import io.meshwork.internal.ledger.ChangePlan;
import io.meshwork.internal.majors.ConsumerImpact;
import io.meshwork.internal.majors.DownstreamProducts;
import io.meshwork.internal.majors.NewMajor;
import io.meshwork.internal.majors.ReaderRights.MissingRight;
import io.meshwork.internal.rollout.RolloutEntry;
import io.meshwork.product.ContractVersion;
import io.meshwork.product.ProductName;
import io.meshwork.rollout.Rollout.Downstream;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * The plan of a rollout, or of an amendment. Immutable.
 *
 * @param <R> what starts
 */
abstract class ContractStartPlan<R> implements StartPlan<R> {
  private final EvaluatedStart start;
  private final Function<String, R> committing;

  /**
   * Creates it.
   *
   * @param committing commits if the plan still has this fingerprint
   */
  ContractStartPlan(EvaluatedStart start, Function<String, R> committing) {
    this.start = start;
    this.committing = committing;
  }

  @Override
  public final EvaluatedStart start() {
    return start;
  }

  /** What starts, such as {@code roll out}. */
  abstract String verb();

  /** The steps that create what starts. */
  abstract Stream<Step> creation(String undo);

  /** The lines of the text about the dates, and about what starts. */
  abstract List<String> terms();

  public final ProductName product() {
    return start.rollout().product();
  }

  public final int from() {
    return start.rollout().from();
  }

  public final ContractVersion version() {
    return start.rollout().contractVersion();
  }

  public final ContractDifference difference() {
    return start.difference();
  }

  public final List<ProductConsumer> consumers() {
    return start.impact().consumers();
  }

  public final List<Downstream> downstream() {
    return start.impact().downstream().products();
  }

  public final LocalDate earliestRetirement() {
    return start.earliestRetirement();
  }

  public final LocalDate retireAfter() {
    return start.rollout().retireAfter();
  }

  @Override
  public final Function<String, R> committing() {
    return committing;
  }

  @Override
  public final boolean isAllowed() {
    return errors().isEmpty();
  }

  @Override
  public final List<Finding> decisive() {
    return start.decisive();
  }

  @Override
  public final List<Finding> findings() {
    return Stream.concat(decisive().stream(), start.impact().downstream().findings().stream())
        .toList();
  }

  /** The changes are listed as such. */
  @Override
  public final List<Finding> listed() {
    return findings().stream()
        .filter(finding -> finding.severity() != Finding.Severity.NOTE)
        .toList();
  }

  @Override
  public final List<Step> steps() {
    if (!isAllowed()) {
      return List.of();
    }
    String undo = start.rollout().reader() + ".abort()";
    return Stream.concat(
            creation(undo),
            start.terms().suggestions().stream()
                .map(
                    id -> new Step("accept", "suggestion " + id, "delivered by the rollout", undo)))
        .toList();
  }

  @Override
  public final String headline() {
    return verb()
        + " "
        + product()
        + ": "
        + start.current().version()
        + " -> "
        + version()
        + (isAllowed() ? "" : "  REJECTED");
  }

  /** Without the times at which consumers read and without the current day. */
  @Override
  public final String basis() {
    StartTerms terms = start.terms();
    return String.join(
        "\n",
        start.rollout().number() + " " + from() + " " + start.rollout().newMajor(),
        start.current().contract().fingerprint(),
        terms.contract().fingerprint(),
        start.next().map(NewMajor::partitioning).toString(),
        terms.renamings().toString(),
        terms.because(),
        terms.retireAfter().toString(),
        terms.excludedRows().toString(),
        Boolean.toString(terms.withoutHistory()),
        ConsumerImpact.basis(consumers()));
  }

  @Override
  public final List<String> facts() {
    List<String> facts = new ArrayList<>();
    facts.add(ChangePlan.line("because", start.terms().because()));
    facts.addAll(terms());
    difference().changes().forEach(change -> facts.add(fact(change)));
    facts.addAll(ConsumerImpact.lines(consumers()));
    downstream().forEach(product -> facts.add(affected(product)));
    start.impact().missingRights().forEach(right -> facts.add(ChangePlan.line("denied", right)));
    return facts;
  }

  /** A line on the dates. */
  final String dates(String change) {
    return ChangePlan.line(
        "dates",
        change + " after " + retireAfter() + "; the notice period allows " + earliestRetirement());
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
  public final String toString() {
    return text();
  }

  /**
   * The state that the plan of a rollout, or of an amendment, is based on. Immutable.
   *
   * @param current the major version that is replaced, or whose contract is amended
   * @param next the new major version; empty if the contract is amended
   * @param rollout the rollout as a commit stores it
   * @param terms what the caller specified
   * @param decisive the findings that decide whether it is allowed
   */
  record EvaluatedStart(
      DomainEntry domain,
      ProductEntry entry,
      VersionEntry current,
      Optional<NewMajor> next,
      RolloutEntry rollout,
      StartTerms terms,
      ContractDifference difference,
      Impact impact,
      LocalDate earliestRetirement,
      List<Finding> decisive)
      implements StartedRollout {
    EvaluatedStart {
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
  }
}
