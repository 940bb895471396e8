package io.meshwork.change;

import io.meshwork.access.AccessPlan.AccessChange;
import io.meshwork.card.ProductCard;
import io.meshwork.card.ProductConsumer;
import io.meshwork.contract.Compatibility;
import io.meshwork.contract.ContractDifference;
import io.meshwork.error.Finding;
import io.meshwork.operation.Plan;
import io.meshwork.product.ContractVersion;
import io.meshwork.product.ContractVersion.Verdict;
import io.meshwork.product.ProductName;
import java.util.List;
import java.util.Optional;

/**
 * What a new or amended contract means: its verdict and version, all changes, the consumers that it
 * breaks, and the steps. Reflects the time when it was created. Immutable and thread-safe; {@code
 * toString()} is for people.
 */
public interface ContractPlan extends Plan<ProductCard> {
  /** Returns the product. */
  ProductName product();

  /** Returns the current version; empty if the product is new. */
  Optional<ContractVersion> before();

  /**
   * Returns the version that the contract gets. If nothing changes or the change is rejected, this
   * is the current version. If the change requires a new major version, this is that version.
   */
  ContractVersion version();

  /**
   * Returns what the change means. {@code MAJOR} requires a new major version; {@code REFUSED} is
   * not possible, for the reasons in {@link #findings()}. A new product is a {@code MINOR}.
   */
  Verdict verdict();

  /** Returns the compatibility mode that applies. */
  Compatibility mode();

  /**
   * Returns all changes, each with the verdict for readers in both directions; empty if the product
   * is new.
   */
  Optional<ContractDifference> difference();

  /**
   * Returns all subscribers of the major version, first subscribers that would break. Whether a
   * subscriber breaks depends on the columns that it really reads.
   */
  List<ProductConsumer> consumers();

  /** Returns the {@link #consumers()} that would break. */
  default List<ProductConsumer> breaks() {
    return consumers().stream().filter(consumer -> !consumer.isSafe()).toList();
  }

  /**
   * Returns who could read data that they cannot read now, including new columns and columns that
   * the mesh's own tags, such as the classification, open to grants by tags. Empty if the change is
   * rejected.
   */
  List<AccessChange> gains();

  /** Returns who could no longer read data that they can read now, by the current column names. */
  List<AccessChange> losses();

  /**
   * Returns true if the contract has less protection and no second decider has committed it yet. In
   * that case a commit records the proposal and changes nothing.
   */
  boolean awaitsSecondPerson();

  /** Returns true if {@link #commit()} would not be rejected. */
  @Override
  boolean isAllowed();

  /** Returns the steps, including the table's; empty if the change is rejected. */
  @Override
  List<Step> steps();

  /** Returns all changes. Findings that prevent the change are errors and contain the fix. */
  @Override
  List<Finding> findings();
}
