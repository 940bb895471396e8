package io.meshwork.internal.rollout;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.contract.Contract;
import io.meshwork.internal.catalog.MajorState;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.catalog.VersionEntry;
import io.meshwork.internal.ledger.DocumentCodec;
import io.meshwork.internal.ledger.Ledger;
import io.meshwork.internal.ledger.VersionedDocument;
import io.meshwork.product.ContractVersion;
import io.meshwork.product.MajorVersion;
import io.meshwork.product.ProductName;
import io.meshwork.rollout.MajorRollout.RowDifference;
import io.meshwork.rollout.MajorRollout.RowDifference.Reason;
import io.meshwork.rollout.Rollout.State;
import io.meshwork.rollout.TermsAmendment.AmendedTerm;
import java.time.Instant;
import java.time.LocalDate;
import java.time.Period;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Collectors;

/**
 * The stored entry of a rollout. Immutable.
 *
 * @param product the product
 * @param number its number among the rollouts of the product, from 1
 * @param from the major version that is replaced
 * @param newMajor the new major version of the product; empty if it has none
 * @param elsewhere what consumers read in place of a product that ends, in another product; empty
 *     for other rollouts
 * @param contractVersion the version of the new contract at the start
 * @param state its state
 * @param because its reason
 * @param retireAfter the proposed last day of the old major version, in UTC
 * @param startedAt when it was started
 * @param dates what happened since
 * @param differences in which rows the major versions differ
 * @param excludedRows the rows that only the new major version has; empty if there are none
 * @param withoutHistory why the new major version starts without rows; empty if it gets them
 * @param abortedBecause why it was aborted; empty if it was not
 * @param retirement what happened to the major version that was taken out of use
 * @param amendedTerms the promises that the contract weakens; empty unless it is an amendment
 */
public record RolloutEntry(
    ProductName product,
    int number,
    int from,
    OptionalInt newMajor,
    @JsonProperty("successor") Optional<MajorVersion> elsewhere,
    ContractVersion contractVersion,
    State state,
    String because,
    LocalDate retireAfter,
    Instant startedAt,
    @JsonUnwrapped Dates dates,
    @JsonUnwrapped Differences differences,
    Optional<ExcludedRows> excludedRows,
    Optional<String> withoutHistory,
    Optional<String> abortedBecause,
    @JsonUnwrapped RetirementEntry retirement,
    List<AmendedTerm> amendedTerms) {
  public RolloutEntry {
    amendedTerms = List.copyOf(amendedTerms);
  }

  /** What a rollout changes. */
  public enum Kind {
    /** A new major version, which has another table, replaces the old one. */
    NEW_MAJOR_VERSION("rollout", "startRollout"),
    /** The product ends. */
    END("productEnd", "endProduct"),
    /** The contract of a major version promises less, in its next minor version. */
    AMENDMENT("termsAmendment", "amendTerms");

    private final String reader;
    private final String starter;

    Kind(String reader, String starter) {
      this.reader = reader;
      this.starter = starter;
    }

    /** The call that returns it, such as {@code rollout("commerce/orders")}, for messages. */
    public String reader(ProductName product) {
      return call(reader, product);
    }

    /** The call that starts it, for messages. */
    public String starter(ProductName product) {
      return call(starter, product);
    }

    private static String call(String method, ProductName product) {
      return method + "(\"" + product + "\")";
    }
  }

  /**
   * Rows of the new major version that have no counterpart in the old one. Immutable.
   *
   * @param filter selects them by the columns of the new major version
   * @param because the reason
   */
  public record ExcludedRows(String filter, String because) {}

  /**
   * When a rollout reached its states.
   *
   * @param announcedAt when the consumers were notified; empty if they were not
   * @param noticePeriod the notice period of the contract that was current then; empty if they were
   *     not
   * @param cutOver when both major versions had the same rows for the first time; empty if they did
   *     not
   * @param closedAt when the old major version was closed to new subscriptions; empty if it is not
   * @param retiredAt when the old major version, or the old promise, was retired; empty if it is
   *     not
   * @param openedAt when the new major version was opened for consumers, also if it was withdrawn
   *     since; empty if it was not
   */
  public record Dates(
      Optional<Instant> announcedAt,
      Optional<Period> noticePeriod,
      Optional<Instant> cutOver,
      Optional<Instant> closedAt,
      Optional<Instant> retiredAt,
      Optional<Instant> openedAt) {
    /** Of a rollout that was just started. */
    public static final Dates NONE =
        new Dates(
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty());

    /** The same, after the consumers were notified under a notice period. */
    public Dates announced(Instant at, Period period) {
      return new Dates(
          Optional.of(at), Optional.of(period), cutOver, closedAt, retiredAt, openedAt);
    }

    /** The same, after the major versions had the same rows for the first time. */
    public Dates synchronizedAt(Instant at) {
      return new Dates(announcedAt, noticePeriod, Optional.of(at), closedAt, retiredAt, openedAt);
    }

    /** The same, with or without the time when the old major version was closed. */
    public Dates closed(Optional<Instant> at) {
      return new Dates(announcedAt, noticePeriod, cutOver, at, retiredAt, openedAt);
    }

    /** The same, with or without the time when the old major version was retired. */
    public Dates retired(Optional<Instant> at) {
      return new Dates(announcedAt, noticePeriod, cutOver, closedAt, at, openedAt);
    }

    /** The same, after the new major version was opened for consumers. */
    public Dates opened(Instant at) {
      return new Dates(announcedAt, noticePeriod, cutOver, closedAt, retiredAt, Optional.of(at));
    }
  }

  public static RolloutEntry of(VersionedDocument stored) {
    return DocumentCodec.of(RolloutEntry.class).read(stored);
  }

  /**
   * The rollout whose old major version was restored and lacks rows, which publishes write to the
   * new one alone. Empty for other major versions; then rollouts are read only if the given one is
   * closed to new subscriptions.
   *
   * @param old the old major version of the rollout
   * @throws io.meshwork.error.BackendException if the registry cannot be read
   */
  public static Optional<RolloutEntry> behind(
      Ledger ledger, ProductName product, VersionEntry old) {
    if (old.state() != MajorState.CLOSING && old.state() != MajorState.RETIRING) {
      return Optional.empty();
    }
    return ledger.list(RegistryKeys.partition(product), RegistryKeys.ROLLOUTS).stream()
        .map(RolloutEntry::of)
        .filter(rollout -> rollout.from() == old.major() && rollout.retirement().isBehind())
        .findFirst();
  }

  /**
   * The old major version that lacks rows, as a reason not to add rows to it.
   *
   * @throws java.util.NoSuchElementException if it lacks none
   */
  public String oldBehind() {
    return "major version "
        + from
        + ", which was restored and lacks rows since "
        + retirement.newOnlySince().orElseThrow()
        + "; publishes write major version "
        + to()
        + " alone";
  }

  /** Its document; other fields of the existing one are kept. */
  public ObjectNode toDocument(Optional<VersionedDocument> existing) {
    return DocumentCodec.of(RolloutEntry.class).write(this, existing);
  }

  /** The same, after the contract was amended to this version. */
  public RolloutEntry amended(ContractVersion next, Instant at) {
    return with(
        next,
        State.AMENDED,
        retireAfter,
        dates.retired(Optional.of(at)),
        differences,
        abortedBecause,
        retirement);
  }

  /** The same in another state. */
  public RolloutEntry in(State next) {
    return with(next, dates, differences, abortedBecause);
  }

  /** The same with its dates. */
  public RolloutEntry dated(Dates next) {
    return with(state, next, differences, abortedBecause);
  }

  /**
   * The same, after one of the major versions changed alone.
   *
   * @param entry the sequence of the log entry of the change
   */
  public RolloutEntry separated(RowDifference difference, long entry) {
    return with(state, dates, differences.with(difference, entry), abortedBecause);
  }

  /** The same, if not each change is in both major versions from this log entry on. */
  public RolloutEntry separated(long entry) {
    return with(state, dates, differences.until(entry), abortedBecause);
  }

  /** The same, after a publish quarantined rows that only one of the major versions may have. */
  public RolloutEntry quarantined(String publish) {
    return with(state, dates, differences.quarantined(publish), abortedBecause);
  }

  /** The same, after rows that only the old major version had were removed from it. */
  public RolloutEntry withoutRejected(long removed) {
    return with(state, dates, differences.withoutRejected(removed), abortedBecause);
  }

  /** The same, after all rows of both major versions were replaced by the same ones. */
  public RolloutEntry withoutDifferences() {
    return with(state, dates, differences.replaced(), abortedBecause);
  }

  /**
   * The same, after a comparison of all rows of both major versions.
   *
   * @param rejected the number of rejected rows that the old one still has; no others differ
   */
  public RolloutEntry verified(long rejected) {
    return with(state, dates, differences.verified(rejected), abortedBecause);
  }

  /** The same, if what ended the last synchronized positions was undone. */
  public RolloutEntry withResumedPositions() {
    return with(state, dates, differences.resumed(), abortedBecause);
  }

  /** The same, after both major versions have the same rows. */
  public RolloutEntry synchronizedAt(SynchronizedPositions places) {
    return with(state, dates, differences.synchronizedAt(places), abortedBecause);
  }

  /** The same, after a back-fill with a mapping. */
  public RolloutEntry withMapping() {
    return with(state, dates, differences.withMapping(), abortedBecause);
  }

  /** True if a back-fill with a mapping was committed, so that publishes need one, too. */
  public boolean hasMappedBackFill() {
    return differences.mappedBackFill();
  }

  /** The same, after a publish with a mapping to one of the major versions. */
  public RolloutEntry withMappedPublish() {
    return with(state, dates, differences.withMappedPublish(), abortedBecause);
  }

  /** True if rows were mapped, so that the same one can have other values in the same columns. */
  public boolean hasMappedRows() {
    return differences.mappedBackFill() || differences.mappedPublishes();
  }

  /** The same, aborted. */
  public RolloutEntry aborted(String reason) {
    return with(State.ABORTED, dates, differences, Optional.of(reason));
  }

  /** The same with another proposed last day of the old major version. */
  public RolloutEntry proposing(LocalDate date) {
    return with(contractVersion, state, date, dates, differences, abortedBecause, retirement);
  }

  /** The same, after its abort was undone. */
  public RolloutEntry resumed(State next) {
    return with(next, dates, differences, Optional.empty());
  }

  /** The same with what happened to the major version that was taken out of use. */
  public RolloutEntry retirement(RetirementEntry next) {
    return with(contractVersion, state, retireAfter, dates, differences, abortedBecause, next);
  }

  /**
   * The new major version of the product.
   *
   * @throws IllegalStateException if it has none, because the product ends or its contract is
   *     amended
   */
  public int to() {
    return newMajor.orElseThrow(
        () ->
            new IllegalStateException(
                "Rollout " + number + " of " + product + " has no new major version: " + kind()));
  }

  /** What consumers read in its place; empty if nothing, or if the contract is amended. */
  public Optional<MajorVersion> successor() {
    return newMajor.isPresent()
        ? Optional.of(new MajorVersion(product, newMajor.getAsInt()))
        : elsewhere;
  }

  /** True if this is its new major version. */
  public boolean leadsTo(int major) {
    return newMajor.equals(OptionalInt.of(major));
  }

  /** True if the product ends: it gets no new major version. */
  public boolean endsProduct() {
    return kind() == Kind.END;
  }

  /** True if it amends the contract of its major version, and has no new one. */
  public boolean amendsContract() {
    return kind() == Kind.AMENDMENT;
  }

  /** The terms of the amendment, as a clause such as {@code freshWithin from PT1H to PT6H}. */
  public String amendment() {
    return amendedTerms.stream().map(AmendedTerm::toString).collect(Collectors.joining(", and "));
  }

  /** What it changes. */
  public Kind kind() {
    if (!amendedTerms.isEmpty()) {
      return Kind.AMENDMENT;
    }
    return newMajor.isPresent() ? Kind.NEW_MAJOR_VERSION : Kind.END;
  }

  /** The call that returns it, such as {@code rollout("commerce/orders")}, for messages. */
  public String reader() {
    return kind().reader(product);
  }

  /**
   * The contract with the terms of the amendment; everything else is as in the given contract.
   *
   * @throws io.meshwork.error.BackendException if the stored terms are damaged
   */
  public Contract applyTo(Contract contract) {
    return AmendedTerms.after(contract, amendedTerms);
  }

  /**
   * A requested contract that keeps the current terms where only these rollouts explain why they
   * differ: a program that still has the terms before an amendment does not undo it, and one that
   * has those of an announced amendment does not apply them early.
   *
   * @param rollouts those of the major version, by number
   */
  public static Contract retainTerms(
      List<RolloutEntry> rollouts, Contract current, Contract requested) {
    return AmendedTerms.retained(rollouts, current, requested);
  }

  /** What was fixed when it was announced; empty if it was not. */
  public Optional<RolloutTerms> terms() {
    return dates
        .announcedAt()
        .flatMap(
            at ->
                dates
                    .noticePeriod()
                    .map(
                        period ->
                            new RolloutTerms(
                                kind(), from, newMajor.orElse(0), elsewhere, at, period)));
  }

  private RolloutEntry with(
      State nextState, Dates nextDates, Differences next, Optional<String> aborted) {
    return with(contractVersion, nextState, retireAfter, nextDates, next, aborted, retirement);
  }

  /** What changes while a rollout runs. */
  private RolloutEntry with(
      ContractVersion nextVersion,
      State nextState,
      LocalDate date,
      Dates nextDates,
      Differences nextDifferences,
      Optional<String> aborted,
      RetirementEntry nextRetirement) {
    return new RolloutEntry(
        product,
        number,
        from,
        newMajor,
        elsewhere,
        nextVersion,
        nextState,
        because,
        date,
        startedAt,
        nextDates,
        nextDifferences,
        excludedRows,
        withoutHistory,
        aborted,
        nextRetirement,
        amendedTerms);
  }

  /** True if one of the major versions changed alone, so that they may differ. */
  public boolean mayDiffer() {
    return differences.mayDiffer();
  }

  /**
   * The number of rows of the history that the new major version lacks, because they break its
   * contract; they are in its quarantine.
   */
  public long rejectedRows() {
    return differences.rejectedRows();
  }

  /** All rows in which the major versions differ. */
  public List<RowDifference> allDifferences() {
    List<RowDifference> all = new ArrayList<>(differences.rows());
    newMajor.ifPresent(
        to -> {
          withoutHistory.ifPresent(
              text -> all.add(new RowDifference(Reason.WITHOUT_HISTORY, from, 0, text, startedAt)));
          excludedRows.ifPresent(
              rows ->
                  all.add(new RowDifference(Reason.LEFT_OUT, to, 0, rows.because(), startedAt)));
          retirement
              .newOnlySince()
              .ifPresent(at -> all.add(new RowDifference(Reason.NOT_COPIED, to, 0, "", at)));
        });
    return List.copyOf(all);
  }
}
