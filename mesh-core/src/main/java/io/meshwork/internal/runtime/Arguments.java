package io.meshwork.internal.runtime;

import io.meshwork.error.ErrorCode;
import io.meshwork.error.InvalidRequestException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Checks of what callers give, with one wording. */
public final class Arguments {
  /** The longest span that any setting takes. */
  public static final Duration LONGEST = Duration.ofDays(36_500);

  private static final int MAX_TEXT = 4_096;

  private Arguments() {}

  /**
   * The value, if it is there.
   *
   * @throws InvalidRequestException if it is null; the message names the parameter
   */
  public static <T> T given(String parameter, @Nullable T value) {
    if (value == null) {
      throw refused(parameter, "is null", "Give a value.");
    }
    return value;
  }

  /**
   * The values as a list, if none is null.
   *
   * @throws InvalidRequestException if the array or one of them is null; the message names the
   *     place
   */
  @SafeVarargs
  public static <T> List<T> all(String parameter, @Nullable T @Nullable ... values) {
    List<T> all = new ArrayList<>();
    for (T value : given(parameter, values)) {
      all.add(given(parameter + "[" + all.size() + "]", value));
    }
    return List.copyOf(all);
  }

  /**
   * The text, if it says something within 4,096 characters and holds no control character but line
   * breaks and tabs.
   *
   * @throws InvalidRequestException otherwise; the message names the parameter
   */
  public static String text(String parameter, @Nullable String given) {
    String text = given(parameter, given);
    if (text.isBlank()) {
      throw refused(parameter, "is blank", "Give a text.");
    }
    if (text.length() > MAX_TEXT) {
      throw refused(
          parameter,
          "has " + text.length() + " characters and the limit is " + MAX_TEXT,
          "Shorten it.");
    }
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (Character.isISOControl(c) && c != '\n' && c != '\t') {
        throw refused(parameter, "has a control character at position " + i, "Remove it.");
      }
    }
    return text;
  }

  /**
   * The span, if it is positive and at most 100 years.
   *
   * @throws InvalidRequestException otherwise; the message names the parameter and the range
   */
  public static Duration span(String parameter, @Nullable Duration given) {
    Duration span = given(parameter, given);
    if (span.isZero() || span.isNegative() || span.compareTo(LONGEST) > 0) {
      throw refused(
          parameter,
          "is " + span,
          "Give more than nothing and at most " + LONGEST.toDays() + " days.");
    }
    return span;
  }

  /**
   * The caller's idempotency key, if it has 1 to 256 characters without a control character.
   *
   * @throws InvalidRequestException otherwise; the message names the length or the position
   */
  public static String idempotencyKey(@Nullable String given) {
    return shortText("idempotencyKey", given, "Give a key such as a scheduled run's id.");
  }

  /**
   * A text that is compared and never read: 1 to 256 characters without a control character.
   *
   * @param mend what to do about a blank one
   * @throws InvalidRequestException otherwise; the message names the length or the position
   */
  public static String shortText(String parameter, @Nullable String given, String mend) {
    String text = given(parameter, given);
    if (text.isBlank()) {
      throw refused(parameter, "is blank", mend);
    }
    if (text.length() > 256) {
      throw refused(
          parameter,
          "has " + text.length() + " characters and the limit is 256",
          "Shorten it, or give a hash of it.");
    }
    for (int i = 0; i < text.length(); i++) {
      if (Character.isISOControl(text.charAt(i))) {
        throw refused(parameter, "has a control character at position " + i, "Remove it.");
      }
      if (text.charAt(i) == '\uFFFD') {
        throw refused(
            parameter,
            "has the replacement character U+FFFD at position " + i + ", so it was decoded wrongly",
            "Decode it as it was encoded; on a command line set a locale with UTF-8.");
      }
    }
    return text;
  }

  /** What is thrown for a bad argument. */
  public static InvalidRequestException refused(String parameter, String why, String mend) {
    return new InvalidRequestException(
        ErrorCode.INVALID_ARGUMENT,
        "Cannot take the argument '" + parameter + "': it " + why + ". " + mend);
  }
}
