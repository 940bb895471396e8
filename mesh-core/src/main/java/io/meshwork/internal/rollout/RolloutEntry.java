package io.meshwork.internal.rollout;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.contract.Contract;
import io.meshwork.internal.catalog.MajorState;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.catalog.VersionEntry;
import io.meshwork.internal.ledger.DocumentJson;
import io.meshwork.internal.ledger.Ledger;
import io.meshwork.internal.ledger.VersionedDocument;
import io.meshwork.product.ContractVersion;
import io.meshwork.product.MajorVersion;
import io.meshwork.product.ProductName;
import io.meshwork.rollout.Rollout.AmendedTerm;
import io.meshwork.rollout.Rollout.Kind;
import io.meshwork.rollout.Rollout.LeftOutRows;
import io.meshwork.rollout.Rollout.State;
import io.meshwork.rollout.RowDifference;
import io.meshwork.rollout.RowDifference.Reason;
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
 * @param successor what consumers read in its place: the new major version, or one of another
 *     product; empty if the product ends without one, or its contract is amended
 * @param version the version of the new contract at the start
 * @param state its state
 * @param because its reason
 * @param retireAfter the proposed last day of the old major version, in UTC
 * @param startedAt when it was started
 * @param dates what happened since
 * @param differences in which rows the major versions differ
 * @param leftOut the rows that only the new major version has; empty if there are none
 * @param withoutHistory why the new major version starts without rows; empty if it gets them
 * @param abortedBecause why it was aborted; empty if it was not
 * @param retirement what happened to the major version that was taken out of use
 * @param amendedTerms the promises that the contract weakens; empty unless it is an amendment
 */
public record RolloutEntry(
    ProductName product,
    int number,
    int from,
    Optional<MajorVersion> successor,
    ContractVersion version,
    State state,
    String because,
    LocalDate retireAfter,
    Instant startedAt,
    Dates dates,
    Differences differences,
    Optional<LeftOutRows> leftOut,
    Optional<String> withoutHistory,
    Optional<String> abortedBecause,
    RetirementEntry retirement,
    List<AmendedTerm> amendedTerms) {
  private static final String TO = "to";
  private static final String SUCCESSOR = "successor";
  private static final String LEFT_OUT = "leftOut";
  private static final String ROWS = "rows";
  private static final String BECAUSE = "because";
  private static final String WITHOUT_HISTORY = "withoutHistory";
  private static final String ABORTED_BECAUSE = "abortedBecause";

  /** Copies the terms. */
  public RolloutEntry {
    amendedTerms = List.copyOf(amendedTerms);
  }

  /** The entry of a rollout that does not amend the contract. */
  public RolloutEntry(
      ProductName product,
      int number,
      int from,
      Optional<MajorVersion> successor,
      ContractVersion version,
      State state,
      String because,
      LocalDate retireAfter,
      Instant startedAt,
      Dates dates,
      Differences differences,
      Optional<LeftOutRows> leftOut,
      Optional<String> withoutHistory,
      Optional<String> abortedBecause,
      RetirementEntry retirement) {
    this(
        product,
        number,
        from,
        successor,
        version,
        state,
        because,
        retireAfter,
        startedAt,
        dates,
        differences,
        leftOut,
        withoutHistory,
        abortedBecause,
        retirement,
        List.of());
  }

  /**
   * When a rollout reached its states.
   *
   * @param announcedAt when the consumers were notified; empty if they were not
   * @param notice the notice period of the contract that was current then; empty if they were not
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
      Optional<Period> notice,
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

    private static final String ANNOUNCED_AT = "announcedAt";
    private static final String NOTICE = "noticePeriod";
    private static final String CUT_OVER = "cutOver";
    private static final String CLOSED_AT = "closedAt";
    private static final String RETIRED_AT = "retiredAt";
    private static final String OPENED_AT = "openedAt";

    private static Dates of(ObjectNode json) {
      return new Dates(
          instant(json, ANNOUNCED_AT),
          text(json, NOTICE).map(Period::parse),
          instant(json, CUT_OVER),
          instant(json, CLOSED_AT),
          instant(json, RETIRED_AT),
          instant(json, OPENED_AT));
    }

    private static Optional<Instant> instant(ObjectNode json, String field) {
      return text(json, field).map(Instant::parse);
    }

    private void write(ObjectNode json) {
      put(json, ANNOUNCED_AT, announcedAt);
      notice.ifPresent(period -> json.put(NOTICE, period.toString()));
      put(json, CUT_OVER, cutOver);
      put(json, CLOSED_AT, closedAt);
      put(json, RETIRED_AT, retiredAt);
      put(json, OPENED_AT, openedAt);
    }

    private static void put(ObjectNode json, String field, Optional<Instant> at) {
      json.remove(field);
      at.ifPresent(time -> json.put(field, time.toString()));
    }

    /** The same, after the consumers were notified under a notice period. */
    public Dates announced(Instant at, Period period) {
      return new Dates(
          Optional.of(at), Optional.of(period), cutOver, closedAt, retiredAt, openedAt);
    }

    /** The same, after the major versions had the same rows for the first time. */
    public Dates level(Instant at) {
      return new Dates(announcedAt, notice, Optional.of(at), closedAt, retiredAt, openedAt);
    }

    /** The same, with or without the time when the old major version was closed. */
    public Dates closed(Optional<Instant> at) {
      return new Dates(announcedAt, notice, cutOver, at, retiredAt, openedAt);
    }

    /** The same, with or without the time when the old major version was retired. */
    public Dates retired(Optional<Instant> at) {
      return new Dates(announcedAt, notice, cutOver, closedAt, at, openedAt);
    }

    /** The same, after the new major version was opened for consumers. */
    public Dates opened(Instant at) {
      return new Dates(announcedAt, notice, cutOver, closedAt, retiredAt, Optional.of(at));
    }
  }

  /** Reads its document. */
  public static RolloutEntry of(VersionedDocument stored) {
    ObjectNode json = stored.json();
    ProductName product = ProductName.of(json.path("product").asText());
    return new RolloutEntry(
        product,
        json.path("number").asInt(),
        json.path("from").asInt(),
        successor(product, json),
        ContractVersion.parse(json.path("contractVersion").asText()),
        State.valueOf(json.path("state").asText()),
        json.path(BECAUSE).asText(),
        LocalDate.parse(json.path("retireAfter").asText()),
        Instant.parse(json.path("startedAt").asText()),
        Dates.of(json),
        Differences.of(json),
        Optional.of(json.path(LEFT_OUT))
            .filter(JsonNode::isObject)
            .map(rows -> new LeftOutRows(rows.path(ROWS).asText(), rows.path(BECAUSE).asText())),
        text(json, WITHOUT_HISTORY),
        text(json, ABORTED_BECAUSE),
        RetirementEntry.of(json),
        AmendedTerms.of(json));
  }

  private static Optional<MajorVersion> successor(ProductName product, ObjectNode json) {
    int to = json.path(TO).asInt();
    return to > 0
        ? Optional.of(new MajorVersion(product, to))
        : Optional.of(json.path(SUCCESSOR))
            .filter(JsonNode::isObject)
            .map(
                other ->
                    new MajorVersion(
                        ProductName.of(other.path("product").asText()),
                        other.path("major").asInt()));
  }

  private static Optional<String> text(ObjectNode json, String field) {
    return Optional.ofNullable(json.path(field).textValue());
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
        + retirement.behindSince().orElseThrow()
        + "; publishes write major version "
        + to()
        + " alone";
  }

  /** Its document; other fields of the existing one are kept. */
  public ObjectNode toDocument(Optional<VersionedDocument> existing) {
    ObjectNode json =
        existing.map(stored -> stored.json().deepCopy()).orElseGet(DocumentJson::create);
    json.put("product", product.toString());
    json.put("number", number);
    json.put("from", from);
    json.put(TO, newMajor().orElse(0));
    elsewhere()
        .ifPresent(
            other ->
                json.putObject(SUCCESSOR)
                    .put("product", other.product().toString())
                    .put("major", other.major()));
    json.put("contractVersion", version.toString());
    json.put("state", state.name());
    json.put(BECAUSE, because);
    json.put("retireAfter", retireAfter.toString());
    json.put("startedAt", startedAt.toString());
    dates.write(json);
    differences.write(json);
    leftOut.ifPresent(
        rows -> json.putObject(LEFT_OUT).put(ROWS, rows.filter()).put(BECAUSE, rows.because()));
    withoutHistory.ifPresent(text -> json.put(WITHOUT_HISTORY, text));
    json.remove(ABORTED_BECAUSE);
    abortedBecause.ifPresent(text -> json.put(ABORTED_BECAUSE, text));
    retirement.write(json);
    AmendedTerms.write(json, amendedTerms);
    return json;
  }

  /** The same, after the contract was amended to this version. */
  public RolloutEntry amended(ContractVersion next, Instant at) {
    return new RolloutEntry(
        product,
        number,
        from,
        successor,
        next,
        State.AMENDED,
        because,
        retireAfter,
        startedAt,
        dates.retired(Optional.of(at)),
        differences,
        leftOut,
        withoutHistory,
        abortedBecause,
        retirement,
        amendedTerms);
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
  public RolloutEntry withoutUnfit(long removed) {
    return with(state, dates, differences.withoutUnfit(removed), abortedBecause);
  }

  /** The same, after all rows of both major versions were replaced by the same ones. */
  public RolloutEntry withoutDifferences() {
    return with(state, dates, differences.replaced(), abortedBecause);
  }

  /**
   * The same, after a comparison of all rows of both major versions.
   *
   * @param unfit the number of unfit rows that the old one still has; no others differ
   */
  public RolloutEntry verified(long unfit) {
    return with(state, dates, differences.verified(unfit), abortedBecause);
  }

  /** The same, if what ended the last level places was undone. */
  public RolloutEntry resumedLevel() {
    return with(state, dates, differences.resumed(), abortedBecause);
  }

  /** The same, after both major versions have the same rows. */
  public RolloutEntry level(LevelPlaces places) {
    return with(state, dates, differences.level(places), abortedBecause);
  }

  /** The same, aborted. */
  public RolloutEntry aborted(String reason) {
    return with(State.ABORTED, dates, differences, Optional.of(reason));
  }

  /** The same with another proposed last day of the old major version. */
  public RolloutEntry proposing(LocalDate date) {
    return new RolloutEntry(
        product,
        number,
        from,
        successor,
        version,
        state,
        because,
        date,
        startedAt,
        dates,
        differences,
        leftOut,
        withoutHistory,
        abortedBecause,
        retirement,
        amendedTerms);
  }

  /** The same, after its abort was undone. */
  public RolloutEntry resumed(State next) {
    return with(next, dates, differences, Optional.empty());
  }

  /** The same with what happened to the major version that was taken out of use. */
  public RolloutEntry retirement(RetirementEntry next) {
    return new RolloutEntry(
        product,
        number,
        from,
        successor,
        version,
        state,
        because,
        retireAfter,
        startedAt,
        dates,
        differences,
        leftOut,
        withoutHistory,
        abortedBecause,
        next,
        amendedTerms);
  }

  /**
   * The new major version of the product.
   *
   * @throws IllegalStateException if it has none, because the product ends or its contract is
   *     amended
   */
  public int to() {
    return newMajor()
        .orElseThrow(
            () ->
                new IllegalStateException(
                    "Rollout "
                        + number
                        + " of "
                        + product
                        + " has no new major version: "
                        + kind()));
  }

  /** The new major version of the product; empty if it has none. */
  public OptionalInt newMajor() {
    return successor.stream()
        .filter(next -> next.product().equals(product))
        .mapToInt(MajorVersion::major)
        .findFirst();
  }

  /** True if this is its new major version. */
  public boolean leadsTo(int major) {
    return newMajor().equals(OptionalInt.of(major));
  }

  /** What consumers read in place of a product that ends, in another product; else empty. */
  public Optional<MajorVersion> elsewhere() {
    return successor.filter(next -> !next.product().equals(product));
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
    return newMajor().isPresent() ? Kind.NEW_MAJOR_VERSION : Kind.END;
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
                    .notice()
                    .map(
                        period ->
                            new RolloutTerms(
                                from,
                                newMajor().orElse(0),
                                elsewhere(),
                                amendsContract(),
                                at,
                                period)));
  }

  /** What changes while a rollout runs. */
  private RolloutEntry with(
      State nextState, Dates nextDates, Differences next, Optional<String> aborted) {
    return new RolloutEntry(
        product,
        number,
        from,
        successor,
        version,
        nextState,
        because,
        retireAfter,
        startedAt,
        nextDates,
        next,
        leftOut,
        withoutHistory,
        aborted,
        retirement,
        amendedTerms);
  }

  /** True if one of the major versions changed alone, so that they may differ. */
  public boolean apart() {
    return differences.isApart();
  }

  /**
   * The number of rows of the history that the new major version lacks, because they break its
   * contract; they are in its quarantine.
   */
  public long unfitRows() {
    return differences.unfitRows();
  }

  /** All rows in which the major versions differ. */
  public List<RowDifference> allDifferences() {
    List<RowDifference> all = new ArrayList<>(differences.rows());
    newMajor()
        .ifPresent(
            to -> {
              withoutHistory.ifPresent(
                  text ->
                      all.add(new RowDifference(Reason.WITHOUT_HISTORY, from, 0, text, startedAt)));
              leftOut.ifPresent(
                  rows ->
                      all.add(
                          new RowDifference(Reason.LEFT_OUT, to, 0, rows.because(), startedAt)));
              retirement
                  .behindSince()
                  .ifPresent(at -> all.add(new RowDifference(Reason.NOT_COPIED, to, 0, "", at)));
            });
    return List.copyOf(all);
  }
}
