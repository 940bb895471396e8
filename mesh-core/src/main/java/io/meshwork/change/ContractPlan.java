package io.meshwork.change;

import io.meshwork.card.ProductCard;
import io.meshwork.contract.Compatibility;
import io.meshwork.contract.Difference;
import io.meshwork.error.Finding;
import io.meshwork.operation.Plan;
import io.meshwork.product.ContractVersion;
import io.meshwork.product.ProductName;
import io.meshwork.product.Verdict;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * What a new or changed contract means: its verdict and version, every change, whom it would break,
 * and what is done. A value as of when it was made; {@code toString()} is for reading.
 */
public final class ContractPlan implements Plan<ProductCard> {
  private final Judgement judged;
  private final Function<String, ProductCard> commit;

  /**
   * A plan.
   *
   * @param commit commits if the plan still has this fingerprint
   */
  ContractPlan(Judgement judged, Function<String, ProductCard> commit) {
    this.judged = judged;
    this.commit = commit;
  }

  /** Whose contract it is. */
  public ProductName product() {
    return judged.product();
  }

  /** The version in force; empty if the product is new. */
  public Optional<ContractVersion> before() {
    return judged.before();
  }

  /**
   * The version that the contract gets: the one in force if nothing changes or the change is
   * refused, and of a change that needs a new major the version which that would have.
   */
  public ContractVersion version() {
    return judged.version();
  }

  /**
   * What the change means: {@code MAJOR} needs a new major, {@code REFUSED} cannot be at all, for
   * the reasons in {@link #findings()}. A product that is new is a {@code MINOR}.
   */
  public Verdict verdict() {
    return judged.verdict();
  }

  /** The mode that counted. */
  public Compatibility mode() {
    return judged.mode();
  }

  /** Every change, each with the verdict for readers in both directions; empty if it is new. */
  public Optional<Difference> difference() {
    return judged.difference();
  }

  /** All who subscribed to the major: first those who would break, by what they really read. */
  public List<AffectedConsumer> consumers() {
    return judged.consumers();
  }

  /** Those of {@link #consumers()} who would break. */
  public List<AffectedConsumer> breaks() {
    return consumers().stream().filter(consumer -> !consumer.isSafe()).toList();
  }

  /** True if {@link #commit()} would not be refused. */
  public boolean isAllowed() {
    return judged.isAllowed();
  }

  /** What is done, to the table too; nothing if the change is refused. */
  @Override
  public List<Step> steps() {
    return judged.steps();
  }

  /** Every change; those that stand in the way are errors, and say what to do instead. */
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
