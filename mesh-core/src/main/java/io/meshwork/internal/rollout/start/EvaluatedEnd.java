package io.meshwork.internal.rollout.start;

import io.meshwork.card.ProductConsumer;
import io.meshwork.error.Finding;
import io.meshwork.internal.catalog.DomainEntry;
import io.meshwork.internal.catalog.ProductEntry;
import io.meshwork.internal.catalog.VersionEntry;
import io.meshwork.internal.ledger.ChangePlan;
import io.meshwork.internal.majors.ConsumerImpact;
import io.meshwork.internal.majors.DownstreamProducts;
import io.meshwork.internal.rollout.RolloutEntry;
import io.meshwork.internal.rollout.start.StartPlan.StartedRollout;
import io.meshwork.product.MajorVersion;
import io.meshwork.product.ProductName;
import io.meshwork.rollout.EndProduct.EndPlan;
import io.meshwork.rollout.ProductEnd;
import io.meshwork.rollout.Rollout.Downstream;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * The plan of the end of a product, and the state that it is based on. Immutable.
 *
 * @param current the last major version
 * @param rollout the rollout as a commit stores it
 * @param fixedDate true if the caller named the last day
 * @param consumers the consumers that lose the product; empty if they were not read
 * @param dependent the products that depend on it
 */
record EvaluatedEnd(
    DomainEntry domain,
    ProductEntry entry,
    VersionEntry current,
    RolloutEntry rollout,
    boolean fixedDate,
    List<ProductConsumer> consumers,
    DownstreamProducts dependent,
    LocalDate earliestRetirement,
    List<Finding> decisive,
    Function<String, ProductEnd> committing)
    implements EndPlan, StartPlan<ProductEnd>, StartedRollout {
  EvaluatedEnd {
    consumers = List.copyOf(consumers);
    decisive = List.copyOf(decisive);
  }

  @Override
  public boolean isAllowed() {
    return errors().isEmpty();
  }

  @Override
  public StartedRollout start() {
    return this;
  }

  @Override
  public ProductName product() {
    return rollout.product();
  }

  @Override
  public int from() {
    return rollout.from();
  }

  @Override
  public Optional<MajorVersion> successor() {
    return rollout.successor();
  }

  @Override
  public List<Downstream> downstream() {
    return dependent.products();
  }

  @Override
  public LocalDate retireAfter() {
    return rollout.retireAfter();
  }

  @Override
  public List<Step> steps() {
    return isAllowed()
        ? List.of(
            new Step(
                "prepare the end",
                product() + " " + current.version(),
                "nothing changes for its consumers before announce()",
                rollout.reader() + ".abort()"))
        : List.of();
  }

  @Override
  public List<Finding> findings() {
    return Stream.concat(decisive.stream(), dependent.findings().stream()).toList();
  }

  @Override
  public String headline() {
    return "end " + product() + " " + current.version() + (isAllowed() ? "" : "  REJECTED");
  }

  /** Without the times at which consumers read and without the current day. */
  @Override
  public String basis() {
    return String.join(
        "\n",
        rollout.number() + " " + from() + " " + successor(),
        current.contract().fingerprint(),
        rollout.because(),
        fixedDate ? retireAfter().toString() : "",
        ConsumerImpact.basis(consumers));
  }

  @Override
  public List<String> facts() {
    List<String> facts = new ArrayList<>();
    facts.add(ChangePlan.line("because", rollout.because()));
    facts.add(
        ChangePlan.line(
            "then", successor().map(MajorVersion::toString).orElse("nothing replaces it")));
    facts.add(
        ChangePlan.line(
            "dates",
            "proposed to retire after "
                + retireAfter()
                + "; the notice period allows "
                + earliestRetirement));
    consumers.forEach(consumer -> facts.add(ChangePlan.line("loses", consumer)));
    downstream().forEach(product -> facts.add(ChangePlan.line("affects", product)));
    return facts;
  }

  @Override
  public String toString() {
    return text();
  }
}
