package io.meshwork.card;

import io.meshwork.contract.Contract;
import io.meshwork.contract.ContractDifference;
import io.meshwork.contract.Partition;
import io.meshwork.contract.QualityReport.QualityEntry;
import io.meshwork.product.Classification;
import io.meshwork.product.ContractVersion;
import io.meshwork.product.MajorVersion;
import io.meshwork.product.ProductName;
import io.meshwork.product.Snapshot;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The description of a product at the time of the request: what it is, who owns it, its quality,
 * and whether the caller may read it. Immutable and thread-safe.
 */
public interface ProductCard {
  /** Returns the product's name. */
  ProductName name();

  /** Returns the description; empty if there is none. */
  String description();

  /** Returns the contact of the owner. */
  String owner();

  /** Returns the sensitivity of the product as a whole. */
  Classification classification();

  /** Returns true if every domain may read the product. */
  boolean isOpenToMesh();

  /** Returns the columns of the current version, in order. */
  List<Column> columns();

  /** Returns the live versions, the current one first. */
  List<Version> versions();

  /**
   * Returns the newest snapshot of the current version; empty before the first publish, and for
   * callers to whom a backend that authenticates principals, such as AWS, denies the files of the
   * table, and if these files are damaged or missing. Its number of rows is visible only to callers
   * who may read all rows.
   */
  Optional<Snapshot> current();

  /**
   * Returns the quality of the latest accepted publish to the current version, without measures.
   * Corrected rows that are published again while others wait in the quarantine do not count. Empty
   * before the first publish, and for callers who may not read all rows.
   */
  Optional<QualityEntry> quality();

  /** Returns what the caller may do with the product. */
  Access access();

  /** Returns why and when the product ends; empty unless its owner announced that. */
  Optional<End> end();

  /**
   * Returns since when and why reads of the current version are suspended; empty if they are not.
   */
  default Optional<Suspension> suspension() {
    return versions().get(0).suspension();
  }

  /**
   * Returns the announced amendments that weaken promises of the versions, by major version. Only
   * {@code describe(..)} reads them; cards that commits return have none.
   */
  List<Amendment> amendments();

  /**
   * Returns the announced and the running rollouts to new major versions, by the version that each
   * replaces. Only {@code describe(..)} reads them; cards that commits return have none.
   */
  List<Replacement> replacements();

  /** Returns the contract of the current version. */
  Contract contract();

  /** Returns the contacts that the contract of the current version names. */
  default List<Contract.Contact> contacts() {
    return contract().contacts();
  }

  /**
   * Returns the tags of the product and of its domain. Only {@code describe(..)} reads them; cards
   * that commits return have none.
   */
  Map<String, String> tags();

  /**
   * Returns the health of the current version. Only {@code describe(..)} determines it; empty in
   * cards that commits return.
   */
  Optional<Health> health();

  /**
   * Returns the newest request of the caller's domain for the product; empty if there is none. Only
   * {@code describe(..)} reads it.
   */
  Optional<OwnRequest> ownRequest();

  /**
   * Returns the names, such as {@code finance_db.orders}, of the links of the caller's domain to
   * the product that the last run of the mirrors left in AWS Glue of the caller's account, where
   * engines find them. Only {@code describe(..)} reads them; empty in cards that commits return.
   */
  List<String> namesInGlue();

  /**
   * A request of the caller's domain. {@code requests().sent()} has all about it.
   *
   * @param id its ID
   * @param revision its revision
   * @param state its state, such as {@code WAITING} or {@code APPROVED}
   * @param askedAt when it was first sent
   */
  record OwnRequest(String id, int revision, String state, Instant askedAt) {}

  /**
   * The end of the product.
   *
   * @param because the reason
   * @param retireAfter the proposed last day, in UTC
   * @param ended true if consumers can no longer read it
   * @param successor what to read in its place, in another product; empty if nothing replaces it
   */
  record End(
      String because, LocalDate retireAfter, boolean ended, Optional<MajorVersion> successor) {}

  /**
   * Suspended reads: only accounts of the owner can read the version.
   *
   * @param since when the owner suspended them
   * @param until when they are possible again unless a steward approves the suspension
   * @param because the reason; empty for callers who may read nothing of it
   */
  record Suspension(Instant since, Instant until, String because) {}

  /**
   * An announced amendment of the contract of a major version, which has not taken effect. Answer
   * it with {@code termsAmendment(..)}.
   *
   * @param major the major version
   * @param changes what changes from the current contract; each has the term, its old, and its new
   *     value
   * @param because the reason
   * @param until the last day, in UTC, on which the current contract remains for the caller: the
   *     latest date of its tracks, or the proposed date if it has none; for the owner, the latest
   *     date of all consumers
   */
  record Amendment(
      int major, List<ContractDifference.Change> changes, String because, LocalDate until) {
    public Amendment {
      changes = List.copyOf(changes);
    }

    /** Returns a clause such as {@code freshWithin from PT1H to PT6H after 2026-12-20}. */
    @Override
    public String toString() {
      return changes.stream()
              .map(
                  change ->
                      change.path()
                          + " from "
                          + text(change.before())
                          + " to "
                          + text(change.after()))
              .collect(Collectors.joining(", and "))
          + " after "
          + until;
    }

    private static String text(@Nullable String value) {
      return value == null ? "nothing" : value;
    }
  }

  /**
   * The replacement of a major version by a new one, whose rollout was announced or is running.
   * Answer it with {@code rollout(..)}.
   *
   * @param major the major version that is replaced
   * @param successor the new major version
   * @param readable true if consumers can read the new major version already
   * @param because the reason
   * @param until the last day, in UTC, of the replaced version for the caller: the latest date of
   *     its tracks, or the proposed date if it has none; for the owner, the latest date of all
   *     consumers; empty until the rollout is announced, because no date binds before
   */
  record Replacement(
      int major, int successor, boolean readable, String because, Optional<LocalDate> until) {
    /**
     * Returns a clause such as {@code major version 2 replaces major version 1 after 2026-12-20},
     * without a date {@code major version 2 replaces major version 1, not announced}.
     */
    @Override
    public String toString() {
      return "major version "
          + successor
          + " replaces major version "
          + major
          + until.map(date -> " after " + date).orElse(", not announced");
    }
  }

  /**
   * One column.
   *
   * @param name its name
   * @param type its Iceberg type, such as {@code timestamptz}, {@code decimal(10, 2)}, or {@code
   *     list<string>}; {@code enum} for an enum
   * @param nullable whether it may be null
   * @param description its description; empty if there is none
   * @param classification its sensitivity
   */
  record Column(
      String name,
      String type,
      boolean nullable,
      String description,
      Classification classification) {}

  /**
   * One major version.
   *
   * @param version the current contract version
   * @param state its state
   * @param contract the contract
   * @param partitioning the partitions of its files
   * @param suspension since when and why reads of it are suspended; empty if they are not
   */
  record Version(
      ContractVersion version,
      MajorVersion.State state,
      Contract contract,
      List<Partition> partitioning,
      Optional<Suspension> suspension) {
    public Version {
      partitioning = List.copyOf(partitioning);
    }
  }

  /** What the caller may do with a product. */
  enum Access {
    /** Read every column and row. */
    READ_ALL,
    /** Read some columns, rows, or cells; {@code access().explain(..)} returns which. */
    READ_SOME,
    /** See this card, and request access from the owner. */
    DESCRIBE_ONLY
  }
}
