package io.meshwork.rollout;

import io.meshwork.card.ProductConsumer;
import io.meshwork.contract.ContractDifference;
import io.meshwork.error.Finding;
import io.meshwork.operation.Plan;
import io.meshwork.product.ContractVersion;
import io.meshwork.product.ProductName;
import java.time.LocalDate;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.Collectors;

/**
 * What a rollout means: the changes, the consumers that they break, the rights that are missing,
 * and the dates. Reflects the time when it was made. Immutable and thread-safe; {@code toString()}
 * is a page for people.
 */
public interface RolloutPlan extends Plan<Rollout> {
  /** Returns the product. */
  ProductName product();

  /** Returns whether a new major version is needed, or the contract is amended. */
  Rollout.Kind kind();

  /** Returns the major version that is replaced, or whose contract is amended. */
  int from();

  /** Returns the new major version; empty if the contract is amended. */
  OptionalInt to();

  /** Returns the promises that the contract weakens; empty unless it is amended. */
  List<Rollout.AmendedTerm> amendedTerms();

  /** Returns the version of the new contract, such as {@code 2.0.0}, or {@code 1.1.0}. */
  ContractVersion version();

  /** Returns all changes between the current contract and the new one. */
  ContractDifference difference();

  /**
   * Returns all consumers of the replaced major version, those that would break first:
   * subscriptions, domains that read without one, products that derive from it, and products whose
   * rules refer to it; each with its contact and with what it reads through. Whether a consumer
   * breaks depends on the columns that it really reads. None of them loses the version before
   * {@link #earliestRetirement} if it is notified today.
   */
  List<ProductConsumer> consumers();

  /** Returns those of {@link #consumers()} that have to change before they read the new version. */
  default List<ProductConsumer> breaks() {
    return consumers().stream().filter(consumer -> !consumer.isSafe()).toList();
  }

  /**
   * Returns the other products that derive from the replaced major version, directly or through
   * others, and those whose rules refer to it or to one of these products; first those that depend
   * on it directly. A product derives from what its publishes of the last 90 days, and its newest
   * publish that added rows, named with {@code derivedFrom(..)}. If a log is too long to be
   * searched for that publish, {@link #findings()} has the warning {@code DOWNSTREAM_INCOMPLETE}.
   */
  List<Downstream> downstream();

  /**
   * Returns the consumers that read the current major version, with a subscription or without one,
   * and would read nothing of the new one. While there are any, the rollout cannot be activated.
   */
  List<MissingRight> missingRights();

  /**
   * Returns the first day on which the current major version can be retired, if the consumers are
   * notified today: after the notice period of the current contract, in UTC.
   */
  LocalDate earliestRetirement();

  /** Returns the proposed last day of the current major version, in UTC. */
  LocalDate retireAfter();

  /** Returns the bytes that are stored twice while both major versions have the history. */
  long bytesTwice();

  /** Returns true if {@link #commit()} would not be rejected. */
  @Override
  boolean isAllowed();

  /** Returns the steps; empty if the rollout is rejected. */
  @Override
  List<Step> steps();

  /** Returns all changes and problems. Errors prevent the rollout and contain the fix. */
  @Override
  List<Finding> findings();

  /**
   * Another product that depends on this one. Immutable.
   *
   * @param because the dependency, such as {@code derives from it} or {@code rule paid refers to
   *     it}
   * @param through the products between, first the one that derives from this one; the dependency
   *     is on the last of them; empty if it depends on this one directly
   * @param contact whom to notify: the owner of the product, or of its domain
   * @param columns the columns that the derivation or the rule names, as paths: columns of the
   *     product that it depends on directly. Empty if a publish of the derivation names none, and
   *     for a rule on the number of rows
   * @param breaks the changes that would break it: changes that existing readers cannot handle, in
   *     these columns, or in any column if a derivation names none. Empty for a product that
   *     depends on this one through others: the contract of the product that it reads does not
   *     change. Empty in the plan of an end
   */
  record Downstream(
      ProductName product,
      String because,
      List<ProductName> through,
      String contact,
      List<String> columns,
      List<ContractDifference.Change> breaks) {
    /** Copies the lists. */
    public Downstream {
      through = List.copyOf(through);
      columns = List.copyOf(columns);
      breaks = List.copyOf(breaks);
    }

    /** Returns true if no change would break it. */
    public boolean isSafe() {
      return breaks.isEmpty();
    }

    /** Returns one line of a plan, without the changes. */
    @Override
    public String toString() {
      return product
          + "  "
          + because
          + (through.isEmpty()
              ? ""
              : through.stream()
                  .map(ProductName::toString)
                  .collect(Collectors.joining(", ", " through ", "")))
          + (columns.isEmpty() ? "" : "  columns " + String.join(", ", columns))
          + "  contact "
          + contact;
    }
  }

  /**
   * A consumer that would read nothing of the new major version. Immutable.
   *
   * @param subscription the subscription, as {@code domain/name}; {@code domain/@} for reads
   *     without one
   * @param principal who reads with it, or who read without one in the last 90 days
   * @param grants the grants by which it reads the current major version
   * @param fix how to give it access
   */
  record MissingRight(String subscription, String principal, String grants, String fix) {
    /** Returns one line of a plan. */
    @Override
    public String toString() {
      return subscription + "  " + principal + " reads nothing of it  (now by " + grants + ")";
    }
  }
}
