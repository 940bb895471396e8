package io.meshwork.card;

import io.meshwork.contract.Contract;
import io.meshwork.contract.Partition;
import io.meshwork.product.Classification;
import io.meshwork.product.ContractVersion;
import io.meshwork.product.ProductName;
import io.meshwork.product.Snapshot;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * What a person asks about a product: what it is, whose, how good, and whether the caller may read
 * it. A value as of when it was asked for.
 *
 * @param name the product
 * @param description what it is about; empty if not said
 * @param owner contact of those who answer for it
 * @param classification how sensitive it is as a whole
 * @param openToMesh true if every domain may read it
 * @param columns its columns in the current version, in order
 * @param versions its live versions, the current one first
 * @param current the newest snapshot of the current version; empty before the first publish. Its
 *     number of rows is told to those alone who see all of them
 * @param quality how the newest rows of the current version met its contract; empty before the
 *     first publish, and for those who do not see all of them
 * @param access what the caller may do with it
 */
public record ProductCard(
    ProductName name,
    String description,
    String owner,
    Classification classification,
    boolean openToMesh,
    List<Column> columns,
    List<Version> versions,
    Optional<Snapshot> current,
    Optional<Quality> quality,
    Access access) {
  /** Copies the lists. */
  public ProductCard {
    columns = List.copyOf(columns);
    versions = List.copyOf(versions);
  }

  /**
   * One column.
   *
   * @param name its name
   * @param type its Iceberg type, such as {@code timestamp} or {@code decimal(10, 2)}
   * @param nullable true if it may be null
   * @param description what it means; empty if not said
   * @param classification how sensitive it is
   */
  public record Column(
      String name,
      String type,
      boolean nullable,
      String description,
      Classification classification) {}

  /**
   * One major version.
   *
   * @param version the contract version in force
   * @param state where it is in its life, such as {@code ACTIVE}
   * @param contract what it promises
   * @param partitioning how its files are laid out
   */
  public record Version(
      ContractVersion version, String state, Contract contract, List<Partition> partitioning) {
    /** Copies the list. */
    public Version {
      partitioning = List.copyOf(partitioning);
    }
  }

  /**
   * How good the latest accepted publish of rows was; one that was refused changes nothing in it.
   *
   * @param publishId which publish
   * @param contractVersion the contract it was judged by
   * @param committedAt when it was committed
   * @param score 100 times rules passed by rules evaluated; empty if none was evaluated
   * @param rulesPassed how many rules held
   * @param rulesEvaluated how many were judged
   */
  public record Quality(
      String publishId,
      ContractVersion contractVersion,
      Instant committedAt,
      OptionalDouble score,
      int rulesPassed,
      int rulesEvaluated) {}

  /** What the caller may do with a product. */
  public enum Access {
    /** Read every column and row. */
    READ_ALL,
    /** Read some columns, rows or cells; {@code explainAccess} says which. */
    READ_SOME,
    /** See this card, and ask the owner for more. */
    DESCRIBE_ONLY
  }

  /** The contract of the current version. */
  public Contract contract() {
    return versions.get(0).contract();
  }
}
