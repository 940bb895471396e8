package io.meshwork.contract;

import io.meshwork.internal.naming.NameGrammar;
import io.meshwork.internal.runtime.ArgumentChecks;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Period;
import java.time.ZoneId;
import java.util.Comparator;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A term of a {@link ServiceLevel}: its key in a contract's JSON, its text, and which of two values
 * promises more.
 */
enum ServiceLevelTerm {
  FRESH_WITHIN("freshWithin", Duration::parse, "PT1H", Promise.LESS_IS_BETTER),
  EVENT_TIME("eventTime", text -> text, "placed_at", Promise.ANY_IS_BETTER),
  EVENT_TIME_ZONE("eventTimeZone", ZoneId::of, "Europe/Berlin", Promise.ANY_IS_BETTER),
  AVAILABILITY("availability", BigDecimal::new, "99.5", Promise.MORE_IS_BETTER),
  RETENTION("retention", Period::parse, "P2Y", Promise.MORE_IS_BETTER),
  FREQUENCY("frequency", Duration::parse, "PT24H", Promise.NONE),
  TIME_TO_NOTIFY("timeToNotify", Duration::parse, "PT4H", Promise.LESS_IS_BETTER),
  MAX_LATENESS("maxLateness", Duration::parse, "PT72H", Promise.LESS_IS_BETTER),
  POLL_HORIZON("pollHorizon", Duration::parse, "PT1440H", Promise.MORE_IS_BETTER);

  /** Which change of a term promises more. */
  enum Promise {
    LESS_IS_BETTER,
    MORE_IS_BETTER,
    /** Any value promises more than none, and each change of it promises something else. */
    ANY_IS_BETTER,
    /** It promises nothing. */
    NONE
  }

  private static final long MAX_MONTHS = 1_200;

  private final String key;
  private final Function<String, Object> parser;
  private final String example;
  private final Promise promise;

  ServiceLevelTerm(String key, Function<String, Object> parser, String example, Promise promise) {
    this.key = key;
    this.parser = parser;
    this.example = example;
    this.promise = promise;
  }

  /** The key in a contract's JSON, which is also the name in differences. */
  String key() {
    return key;
  }

  boolean isPromise() {
    return promise != Promise.NONE;
  }

  /** Reads the value from its text in a contract; the result is as its setter requires it. */
  Object parse(String text) {
    try {
      return checked(parser.apply(text));
    } catch (DateTimeException | NumberFormatException e) {
      throw Contract.invalid(
          "the value '" + NameGrammar.quoted(text) + "' of '" + key + "' is malformed",
          "Use a form such as " + example + ".");
    }
  }

  /** Rejects a value that promises nothing. */
  Object checked(Object value) {
    boolean legal =
        switch (this) {
          case EVENT_TIME, EVENT_TIME_ZONE -> true;
          case AVAILABILITY -> isShare((BigDecimal) value);
          case RETENTION -> isPeriod((Period) value);
          default -> isDuration((Duration) value);
        };
    if (!legal) {
      throw Contract.invalid(
          key + " is " + value,
          this == AVAILABILITY
              ? "Use a share above 0 and at most 100 percent."
              : "Use a positive value of at most 100 years, such as " + example + ".");
    }
    return switch (this) {
      case AVAILABILITY -> plain((BigDecimal) value);
      case RETENTION -> ((Period) value).normalized();
      default -> value;
    };
  }

  private static boolean isPeriod(Period period) {
    return !period.isNegative()
        && !period.isZero()
        && period.toTotalMonths() <= MAX_MONTHS
        && period.getDays() <= ArgumentChecks.MAX_DURATION.toDays();
  }

  private static boolean isDuration(Duration duration) {
    return !duration.isNegative()
        && !duration.isZero()
        && duration.compareTo(ArgumentChecks.MAX_DURATION) <= 0;
  }

  private static boolean isShare(BigDecimal percent) {
    return percent.signum() > 0
        && percent.compareTo(BigDecimal.valueOf(100)) <= 0
        && percent.scale() <= 12;
  }

  /** One form of each share, so that 99.50 and 99.5 are one promise. */
  private static BigDecimal plain(BigDecimal percent) {
    return new BigDecimal(percent.stripTrailingZeros().toPlainString());
  }

  /** The value that applies if a contract does not state one. */
  Optional<Object> byDefault() {
    return switch (this) {
      case TIME_TO_NOTIFY -> Optional.of(ServiceLevel.DEFAULT_TIME_TO_NOTIFY);
      case POLL_HORIZON -> Optional.of(ServiceLevel.DEFAULT_POLL_HORIZON);
      default -> Optional.empty();
    };
  }

  /**
   * Returns true if one value promises at least as much as another that differs.
   *
   * @param before the other value; null if none is stated
   * @param after the value; null if none is stated
   */
  boolean promisesMore(@Nullable Object before, @Nullable Object after) {
    Object from = before == null ? byDefault().orElse(null) : before;
    Object to = after == null ? byDefault().orElse(null) : after;
    if (from == null || to == null) {
      return from == null;
    }
    return switch (promise) {
      case LESS_IS_BETTER -> compare(from, to) >= 0;
      case MORE_IS_BETTER -> compare(from, to) <= 0;
      case ANY_IS_BETTER -> false;
      case NONE -> true;
    };
  }

  private static int compare(Object from, Object to) {
    if (from instanceof Period before && to instanceof Period after) {
      return TermChanges.isAtLeast(after, before) ? -1 : 1;
    }
    return from instanceof Duration before
        ? Comparator.<Duration>naturalOrder().compare(before, (Duration) to)
        : ((BigDecimal) from).compareTo((BigDecimal) to);
  }
}
