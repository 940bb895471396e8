package io.meshwork.internal.runtime;

import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.text.HiddenCharacters;
import io.meshwork.internal.text.UnicodeText;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Validates the arguments of callers, with uniform messages. */
public final class ArgumentChecks {
  /** The maximum duration of any setting. */
  public static final Duration MAX_DURATION = Duration.ofDays(36_500);

  private static final int MAX_TEXT = 4_096;
  private static final int MAX_YEAR = 9_999;

  private ArgumentChecks() {}

  /**
   * Returns the value.
   *
   * @throws InvalidRequestException if it is null; the message names the parameter
   */
  public static <T> T required(String parameter, @Nullable T value) {
    if (value == null) {
      throw refused(parameter, "is null", "Set a value.");
    }
    return value;
  }

  /**
   * Returns the date.
   *
   * @throws InvalidRequestException if it is null, or its year does not have four digits
   */
  public static LocalDate date(String parameter, @Nullable LocalDate argument) {
    LocalDate date = required(parameter, argument);
    if (date.getYear() < 1 || date.getYear() > MAX_YEAR) {
      throw refused(
          parameter, "has the year " + date.getYear(), "Use a year from 1 to " + MAX_YEAR + ".");
    }
    return date;
  }

  /** Returns the reason that these calls are missing, such as {@code because(..) is missing}. */
  public static String missing(List<String> calls) {
    return String.join(" and ", calls) + (calls.size() == 1 ? " is missing" : " are missing");
  }

  /**
   * Returns the reason of an operation that needs one.
   *
   * @param fix what the caller does, as sentences
   * @throws InvalidRequestException if {@code because(..)} was not called
   */
  public static String requireReason(@Nullable String reason, MeshAction action, String fix) {
    if (reason == null) {
      throw missingReason(action, fix);
    }
    return reason;
  }

  /** Returns the error of an operation that needs a reason and has none. */
  public static InvalidRequestException missingReason(MeshAction action, String fix) {
    return Failure.of(action)
        .because(missing(List.of("because(..)")))
        .fix(fix)
        .invalidRequest(ErrorCode.INVALID_ARGUMENT);
  }

  /**
   * Returns the values as a list.
   *
   * @throws InvalidRequestException if the array or an element is null; the message names the
   *     position
   */
  @SafeVarargs
  public static <T> List<T> all(String parameter, @Nullable T @Nullable ... values) {
    List<T> all = new ArrayList<>();
    for (T value : required(parameter, values)) {
      all.add(required(parameter + "[" + all.size() + "]", value));
    }
    return List.copyOf(all);
  }

  /**
   * Returns the text, which must not be blank, has at most 4,096 characters of well-formed Unicode,
   * and contains no {@link HiddenCharacters} except line breaks and tabs.
   *
   * @throws InvalidRequestException otherwise; the message names the parameter
   */
  public static String text(String parameter, @Nullable String argument) {
    String text = required(parameter, argument);
    if (text.isBlank()) {
      throw refused(parameter, "is blank", "Set a text.");
    }
    if (text.length() > MAX_TEXT) {
      throw refused(
          parameter,
          "has " + text.length() + " characters; the limit is " + MAX_TEXT,
          "Shorten it.");
    }
    hiddenCharacter(text)
        .ifPresent(
            fault -> {
              throw refused(parameter, fault, "Remove it.");
            });
    return wellFormed(parameter, text);
  }

  /**
   * Describes the first {@link HiddenCharacters hidden character} of a string except line breaks
   * and tabs, as the end of a sentence; empty if it has none.
   */
  public static Optional<String> hiddenCharacter(String text) {
    int position = HiddenCharacters.first(text);
    return position < 0 ? Optional.empty() : Optional.of(HiddenCharacters.fault(text, position));
  }

  /**
   * Returns the text, which must be well-formed Unicode: anything else would be stored as a
   * different string.
   *
   * @throws InvalidRequestException otherwise; the message names the parameter and the position
   */
  public static String wellFormed(String parameter, String text) {
    int loneSurrogate = UnicodeText.loneSurrogateAt(text);
    if (loneSurrogate >= 0) {
      throw refused(parameter, UnicodeText.fault(loneSurrogate), "Use complete characters.");
    }
    return text;
  }

  /**
   * Returns the duration, which must be positive and at most 100 years.
   *
   * @throws InvalidRequestException otherwise; the message names the parameter and the range
   */
  public static Duration span(String parameter, @Nullable Duration argument) {
    Duration span = required(parameter, argument);
    if (span.isZero() || span.isNegative() || span.compareTo(MAX_DURATION) > 0) {
      throw refused(
          parameter,
          "is " + span,
          "Use a positive duration of at most " + MAX_DURATION.toDays() + " days.");
    }
    return span;
  }

  /**
   * Returns the caller's idempotency key, which must have 1 to 256 characters of well-formed
   * Unicode without a control character.
   *
   * @throws InvalidRequestException otherwise; the message names the length or the position
   */
  public static String idempotencyKey(@Nullable String argument) {
    return shortText("idempotencyKey", argument, "Set a key, such as the ID of a scheduled run.");
  }

  /**
   * Returns a string that is compared and not displayed: 1 to 256 characters of well-formed Unicode
   * without a control character.
   *
   * @param fix how to fix a blank one
   * @throws InvalidRequestException otherwise; the message names the length or the position
   */
  public static String shortText(String parameter, @Nullable String argument, String fix) {
    String text = required(parameter, argument);
    if (text.isBlank()) {
      throw refused(parameter, "is blank", fix);
    }
    if (text.length() > 256) {
      throw refused(
          parameter,
          "has " + text.length() + " characters; the limit is 256",
          "Shorten it, or use a hash of it.");
    }
    for (int i = 0; i < text.length(); i++) {
      if (Character.isISOControl(text.charAt(i))) {
        throw refused(parameter, "has a control character at position " + i, "Remove it.");
      }
      if (HiddenCharacters.first(text.substring(i, i + 1)) >= 0) {
        throw refused(parameter, HiddenCharacters.fault(text, i), "Remove it.");
      }
    }
    return wellFormed(parameter, decoded(parameter, text));
  }

  /**
   * Returns a filter that the caller gives. One that was decoded with the wrong encoding would
   * select other rows than the caller means, or none.
   *
   * @throws InvalidRequestException if it is null, or contains the replacement character
   */
  public static String filter(String parameter, @Nullable String argument) {
    return decoded(parameter, required(parameter, argument));
  }

  private static String decoded(String parameter, String text) {
    int position = text.indexOf('\uFFFD');
    if (position >= 0) {
      throw refused(
          parameter,
          "has the replacement character U+FFFD at position "
              + position
              + ", so it was decoded with the wrong encoding",
          "Decode it with its original encoding; on a command line, set a UTF-8 locale.");
    }
    return text;
  }

  /** Returns the number of a major version. Rejects numbers below 1. */
  public static int majorVersion(int number) {
    if (number < 1) {
      throw refused("majorVersion", "is " + number, "Use 1 or more.");
    }
    return number;
  }

  public static InvalidRequestException refused(String parameter, String why, String fix) {
    return Failure.of(MeshAction.of(Verb.USE, "argument '" + parameter + "'"))
        .because("it " + why)
        .fix(fix)
        .invalidRequest(ErrorCode.INVALID_ARGUMENT);
  }
}
