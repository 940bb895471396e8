package io.meshwork.card;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.meshwork.contract.QualityReport.QualityEntry;
import io.meshwork.product.MajorVersion;
import io.meshwork.product.ProductName;
import java.time.Duration;
import java.time.Instant;
import java.time.YearMonth;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.stream.Stream;

/** The health of a product's current major version at the time of the request. Immutable. */
public interface Health {
  /** Returns the product and its current major version. */
  MajorVersion version();

  /** Returns the worst status that applies. */
  Status status();

  /**
   * Returns what is wrong, each in a sentence, worst first: the promise or rule that is broken, by
   * how much, and since when; the rows that wait; for the owner, the last publish if it was
   * refused. Empty if nothing is.
   */
  List<String> problems();

  /** Returns how old the rows are, and what the contract promises. */
  Freshness freshness();

  /**
   * Returns the quality of the newest publish; empty before the first, and for callers who may not
   * read all rows.
   */
  Optional<QualityEntry> quality();

  /**
   * Returns the number of rows; empty for callers who may not read all rows, and if it is unknown.
   */
  OptionalLong rows();

  /**
   * Returns the size of the data files of the rows; empty for callers who may not read all rows,
   * and if it is unknown.
   */
  OptionalLong bytes();

  /**
   * Returns the number of rows that wait in the quarantines of all major versions, of this publish
   * and of earlier ones; empty for callers who may not read all rows, and if it is unknown. A
   * publish to several versions puts a row into the quarantine of each, where it counts in each.
   */
  OptionalLong rowsWaiting();

  /** Returns when the oldest of these rows was quarantined; empty if there is none. */
  Optional<Instant> waitingSince();

  /** Returns when the status began; empty if that is unknown. */
  Optional<Instant> since();

  /** Returns since when and why reads are suspended; empty if they are not. */
  Optional<ProductCard.Suspension> suspension();

  /** Returns whom to ask. */
  String contact();

  /**
   * Returns true if the caller acts for the owner and asked about this product alone. Only then,
   * {@link #notified}, {@link #lastRefused}, and {@link #availability} have what is known.
   */
  boolean isForOwner();

  /**
   * Returns the contacts that are notified when the product is late; for the owner only. The first
   * call reads the list, while the mesh is open.
   */
  List<String> notified();

  /** Returns the last publish that was refused; for the owner only, and empty if none is known. */
  Optional<RefusedPublish> lastRefused();

  /**
   * Returns the availability of this month, and of the last one if it was observed, newest first;
   * for the owner only, and empty if the contract promises no availability. The first call reads
   * the list, while the mesh is open.
   */
  List<Availability> availability();

  /** The status of a product, worst first. */
  enum Status {
    /** Its rows are older than its contract promises. */
    LATE,
    /**
     * Rows that consumers read break a rule: the newest publish has them, as the rule only warns.
     * Only callers who may read all rows see it; for others the product has the status that it
     * would have otherwise.
     */
    VIOLATED,
    /**
     * Rows wait in the quarantine, as the contract's policy says, until they are corrected, erased,
     * or past their retention. Consumers do not read them. Only callers who may read all rows see
     * it, as {@link #VIOLATED}.
     */
    QUARANTINING,
    /** It could not be determined, because a store or a document cannot be read. */
    UNKNOWN,
    /** Nothing was published yet. */
    NEVER_PUBLISHED,
    /** It is as fresh as promised. */
    FRESH,
    /** It was published, and its contract promises no freshness. */
    NO_PROMISE;

    /** Returns true for a status that needs no action. */
    public boolean isGood() {
      return this == FRESH || this == NO_PROMISE;
    }
  }

  /**
   * How old the rows are. Callers who may not read all rows see the time of the last publish in
   * place of the time of the last rows, and no event time, so their status may differ.
   *
   * @param promised the greatest age that the contract promises; empty without a promise
   * @param updated when rows were last added or replaced; empty before the first publish
   * @param dataTime the newest event time of the rows; empty if it is unknown or not visible
   * @param completeUpTo the time up to which the producer stated the rows complete
   * @param age the age of the rows; empty before the first publish
   * @param lateBy by how much the promise is exceeded; zero if it is met. Without any publish, it
   *     counts from the activation of the version
   * @param daysKept on how many of the observed days the promise was met all day, in UTC
   * @param daysObserved how many of the last 30 days are known, as far back as the last 60
   *     publishes show; zero without a promise
   * @param updates the times of the last publishes, oldest first; at most 60
   */
  record Freshness(
      Optional<Duration> promised,
      Optional<Instant> updated,
      Optional<Instant> dataTime,
      Optional<Instant> completeUpTo,
      Optional<Duration> age,
      Duration lateBy,
      int daysKept,
      int daysObserved,
      List<Instant> updates) {
    public Freshness {
      updates = List.copyOf(updates);
    }

    /**
     * Returns by how much the next publish is overdue: a hint, by the frequency that the contract
     * states. Zero if it is not, and before the first publish.
     *
     * @param frequency how often the producer expects to publish
     * @param now the time of the question
     */
    public Duration overdueBy(Duration frequency, Instant now) {
      Duration overdue =
          updates.isEmpty()
              ? Duration.ZERO
              : Duration.between(updates.get(updates.size() - 1).plus(frequency), now);
      return overdue.isNegative() ? Duration.ZERO : overdue;
    }
  }

  /**
   * In how many minutes of a calendar month, in UTC, the table could be opened. Reads, polls, and
   * maintenance are the observations; minutes without any are left out.
   *
   * @param month the month
   * @param promised the share that the contract promises, in percent
   * @param opened the minutes in which a reader opened the table
   * @param failed the minutes in which all attempts to open it failed
   * @param minutes the minutes of the month until now
   */
  record Availability(YearMonth month, double promised, int opened, int failed, int minutes) {
    /** Returns the share of the observed minutes, in percent; empty without any. */
    public OptionalDouble percent() {
      return opened + failed == 0
          ? OptionalDouble.empty()
          : OptionalDouble.of(100.0 * opened / (opened + failed));
    }

    /** Returns the share of minutes that were observed, in percent. */
    public double observedPercent() {
      return minutes == 0 ? 0 : 100.0 * (opened + failed) / minutes;
    }

    /** Returns true unless the share of the observed minutes is below the promised one. */
    public boolean isKept() {
      return percent().orElse(100) >= promised;
    }
  }

  /**
   * The last publish that its rules refused. It is recorded on a best-effort basis.
   *
   * @param at when it was refused
   * @param by who published
   * @param idempotencyKey its key; empty if it had none
   * @param rules the IDs of the broken rules
   * @param failed the most rows that broke one rule
   * @param reason why it was refused, in sentences
   */
  record RefusedPublish(
      Instant at,
      String by,
      @JsonProperty("key") String idempotencyKey,
      @JsonInclude(JsonInclude.Include.ALWAYS) List<String> rules,
      long failed,
      String reason) {
    public RefusedPublish {
      rules = List.copyOf(rules);
    }

    /**
     * Returns true if no publish succeeded since, so that {@link Health#problems} has this one.
     *
     * @param health of the product; not null
     */
    public boolean isLatest(Health health) {
      return Stream.concat(
              health.freshness().updates().stream(),
              health.quality().map(QualityEntry::committedAt).stream())
          .noneMatch(success -> success.isAfter(at));
    }
  }

  /** Returns the product. */
  default ProductName product() {
    return version().product();
  }

  /** Returns the current major version. */
  default int major() {
    return version().major();
  }

  /** Returns true if a promise of freshness is broken, also by a product without any publish. */
  default boolean isLate() {
    return !freshness().lateBy().isZero();
  }
}
