package io.meshwork.contract;

import io.meshwork.error.FindingCode;
import io.meshwork.product.Classification;
import io.meshwork.product.ContractVersion.Verdict;
import java.time.Period;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;

/** The changes of a contract's terms and descriptions, which are neither columns nor rules. */
final class TermChanges {
  private static final String PURPOSES = "purposes";
  private static final String ASK_FIRST = "Consumers are asked before it takes effect.";
  private static final int DAYS_OF_SHORT_MONTH = 28;
  private static final int DAYS_OF_LONG_MONTH = 31;
  private static final int MONTHS_OF_YEAR = 12;
  private static final int DAYS_OF_SHORT_YEAR = 365;
  private static final int DAYS_OF_LONG_YEAR = 366;

  private final List<ContractDifference.Change> changes = new ArrayList<>();

  private TermChanges() {}

  /**
   * Compares the terms of two contracts.
   *
   * @param renamings the new paths of columns by the old paths
   */
  static List<ContractDifference.Change> between(
      Contract before, Contract after, Map<String, String> renamings) {
    TermChanges all = new TermChanges();
    for (ServiceLevelTerm term : ServiceLevelTerm.values()) {
      all.serviceLevel(term, before.serviceLevel(), after.serviceLevel());
    }
    all.purposes(before.purposes(), after.purposes());
    all.price(before.price().orElse(null), after.price().orElse(null));
    all.notice(before.noticePeriod(), after.noticePeriod());
    all.classifications(before, after);
    all.fourEyes(before.requiresFourEyes(), after.requiresFourEyes());
    all.patch(
        "onViolation",
        before.onViolation(),
        after.onViolation(),
        FindingCode.VIOLATION_POLICY_CHANGED);
    all.patch(
        "maxQuarantineShare",
        before.maxQuarantineShare(),
        after.maxQuarantineShare(),
        FindingCode.VIOLATION_POLICY_CHANGED);
    all.patch(
        "compatibility",
        before.compatibility(),
        after.compatibility(),
        FindingCode.COMPATIBILITY_MODE_CHANGED);
    all.patch("contacts", before.contacts(), after.contacts(), FindingCode.CONTACTS_CHANGED);
    all.patch(
        "repository", before.repository(), after.repository(), FindingCode.OTHER_PART_CHANGED);
    all.patch("usage", before.usage(), after.usage(), FindingCode.DESCRIPTION_CHANGED);
    all.patch(
        "limitations", before.limitations(), after.limitations(), FindingCode.DESCRIPTION_CHANGED);
    all.patch("readers", before.readers(), after.readers(), FindingCode.OTHER_PART_CHANGED);
    all.patch(
        "description", before.description(), after.description(), FindingCode.DESCRIPTION_CHANGED);
    all.patch(
        "columnDescriptions",
        renamed(before.columnDescriptions(), renamings),
        after.columnDescriptions(),
        FindingCode.DESCRIPTION_CHANGED);
    all.patch(
        "extensions",
        before.terms().extensions(),
        after.terms().extensions(),
        FindingCode.OTHER_PART_CHANGED);
    all.patch(
        "unknown",
        before.terms().unknown(),
        after.terms().unknown(),
        FindingCode.OTHER_PART_CHANGED);
    return all.changes;
  }

  /** A renamed column has the same description. */
  private static Map<String, String> renamed(
      Map<String, String> descriptions, Map<String, String> renamings) {
    Map<String, String> all = new TreeMap<>();
    descriptions.forEach((column, text) -> all.put(renamings.getOrDefault(column, column), text));
    return all;
  }

  /** A change that no part shows, such as another order of rules. */
  static ContractDifference.Change unspecified() {
    return change(
        FindingCode.OTHER_PART_CHANGED,
        "contract",
        null,
        null,
        Verdict.PATCH,
        "is written differently",
        "");
  }

  private void serviceLevel(ServiceLevelTerm term, ServiceLevel from, ServiceLevel to) {
    Object before = from.value(term);
    Object after = to.value(term);
    if (Objects.equals(before, after)) {
      return;
    }
    if (!term.isPromise()) {
      changes.add(
          change(
              FindingCode.OTHER_PART_CHANGED,
              term.key(),
              text(before),
              text(after),
              Verdict.PATCH,
              "changes: " + ChangedValue.between(before, after),
              ""));
      return;
    }
    // The zone of another column says nothing alone.
    boolean otherColumn =
        term == ServiceLevelTerm.EVENT_TIME_ZONE && !from.eventTime().equals(to.eventTime());
    boolean better =
        otherColumn
            ? ServiceLevelTerm.EVENT_TIME.promisesMore(
                from.value(ServiceLevelTerm.EVENT_TIME), to.value(ServiceLevelTerm.EVENT_TIME))
            : term.promisesMore(before, after);
    if (term == ServiceLevelTerm.FRESH_WITHIN) {
      promise(
          better ? FindingCode.FRESHNESS_TIGHTENED : FindingCode.FRESHNESS_WEAKENED,
          term.key(),
          before,
          after,
          better,
          better ? "promises fresher data" : "promises less fresh data");
    } else {
      promise(
          better ? FindingCode.SERVICE_LEVEL_RAISED : FindingCode.SERVICE_LEVEL_LOWERED,
          term.key(),
          before,
          after,
          better,
          better ? "promises more" : "promises less, or something else");
    }
  }

  /** Wider purposes need a second approval, as lower classifications do. */
  private void purposes(Set<String> before, Set<String> after) {
    if (before.equals(after)) {
      return;
    }
    boolean narrower = PurposeList.isNarrower(before, after);
    promise(
        narrower ? FindingCode.PURPOSES_NARROWED : FindingCode.PURPOSES_WIDENED,
        PURPOSES,
        before.isEmpty() ? null : String.join(", ", before),
        after.isEmpty() ? null : String.join(", ", after),
        !narrower,
        narrower ? "allows fewer purposes" : "allows more purposes");
  }

  private void price(Contract.@Nullable Price before, Contract.@Nullable Price after) {
    if (!Objects.equals(before, after)) {
      promise(FindingCode.PRICE_CHANGED, "price", before, after, false, "changes");
    }
  }

  private void notice(Period before, Period after) {
    if (before.normalized().equals(after.normalized())) {
      return;
    }
    boolean longer = isAtLeast(after, before);
    promise(
        longer ? FindingCode.NOTICE_LENGTHENED : FindingCode.NOTICE_SHORTENED,
        "noticePeriod",
        before,
        after,
        longer,
        longer ? "is longer" : "can be shorter, and takes effect after the old one");
  }

  /** True if a period is at least as long as another in every calendar. */
  static boolean isAtLeast(Period period, Period other) {
    long months = period.toTotalMonths() - other.toTotalMonths();
    long days = (long) period.getDays() - other.getDays();
    return (months >= 0 && days >= 0) || days(period, true) >= days(other, false);
  }

  /** The fewest or most days of a period; months and years differ in length. */
  private static long days(Period period, boolean atLeast) {
    long months = period.toTotalMonths();
    long years = months / MONTHS_OF_YEAR;
    long rest = months % MONTHS_OF_YEAR;
    return period.getDays()
        + years * (atLeast ? DAYS_OF_SHORT_YEAR : DAYS_OF_LONG_YEAR)
        + rest * (atLeast ? DAYS_OF_SHORT_MONTH : DAYS_OF_LONG_MONTH);
  }

  private void classifications(Contract before, Contract after) {
    classification("classification", before.classification(), after.classification());
    for (Schema.Field column : after.schema().getFields()) {
      if (before.schema().getField(column.name()) != null) {
        Classification old = before.classificationOf(column.name());
        Classification now = after.classificationOf(column.name());
        boolean sameAsProduct = old == before.classification() && now == after.classification();
        if (!sameAsProduct) {
          classification("classification of " + column.name(), old, now);
        }
      }
    }
  }

  private void classification(String path, Classification before, Classification after) {
    if (before != after) {
      boolean lower = after.compareTo(before) < 0;
      promise(
          lower ? FindingCode.CLASSIFICATION_LOWERED : FindingCode.CLASSIFICATION_RAISED,
          path,
          before,
          after,
          lower,
          lower ? "is lower, which governance must approve" : "is higher");
    }
  }

  /** Never breaks a consumer: it applies to later requests only. */
  private void fourEyes(boolean before, boolean after) {
    if (before != after) {
      promise(
          after ? FindingCode.FOUR_EYES_ADDED : FindingCode.FOUR_EYES_REMOVED,
          "fourEyes",
          before,
          after,
          true,
          after ? "requires two approvals" : "requires one approval");
    }
  }

  private void promise(
      FindingCode code,
      String path,
      @Nullable Object before,
      @Nullable Object after,
      boolean better,
      String what) {
    changes.add(
        change(
            code,
            path,
            text(before),
            text(after),
            better ? Verdict.MINOR : Verdict.AMENDMENT,
            what + ": " + ChangedValue.between(before, after),
            better ? "" : ASK_FIRST));
  }

  private void patch(String path, Object before, Object after, FindingCode code) {
    if (!before.equals(after)) {
      boolean words = code == FindingCode.DESCRIPTION_CHANGED;
      boolean shown = !words && !path.equals("extensions"); // whole documents of other tools
      String values = ChangedValue.between(quoted(before), quoted(after));
      changes.add(
          change(
              code,
              path,
              shown ? text(before) : null,
              shown ? text(after) : null,
              Verdict.PATCH,
              (words ? "is worded differently: " : "changes: ") + values,
              ""));
    }
  }

  private static ContractDifference.Change change(
      FindingCode code,
      String path,
      @Nullable String before,
      @Nullable String after,
      Verdict verdict,
      String what,
      String fix) {
    return ContractChange.of(
        code,
        path,
        List.of(),
        before,
        after,
        verdict,
        true,
        "The term " + path + " " + what + ".",
        fix);
  }

  /** A text in quotation marks, or null for an empty one. */
  private static @Nullable Object quoted(Object value) {
    return value instanceof String text ? (text.isEmpty() ? null : '"' + text + '"') : value;
  }

  private static @Nullable String text(@Nullable Object value) {
    return value == null ? null : value.toString();
  }
}
