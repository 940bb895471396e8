package io.meshwork.internal.condition;

import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.naming.NameGrammar;
import io.meshwork.internal.text.FloatingText;
import io.meshwork.internal.text.UnicodeText;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The literals of rules, in one Java class for each kind of value, so that rules with equal
 * literals are equal: numbers as {@code BigDecimal} without trailing zeros (NaN and infinities as
 * {@code Double}), text, UUID, and enum as {@code String}, {@code Boolean}, and the types of
 * java.time.
 */
public final class RuleLiterals {
  private static final int MAX_SCALE = 400;
  private static final Pattern NUMBER =
      Pattern.compile("[+-]?(\\d+(\\.\\d*)?|\\.\\d+)([eE][+-]?\\d{1,4})?");

  private RuleLiterals() {}

  /** Converts a value to the class of its kind; null for null. */
  static @Nullable Object of(@Nullable Object value) {
    if (value instanceof String text) {
      return wellFormed(text);
    }
    if (value == null
        || value instanceof Boolean
        || value instanceof LocalDate
        || value instanceof LocalTime
        || value instanceof LocalDateTime
        || value instanceof Instant) {
      return value;
    }
    if (value instanceof Integer
        || value instanceof Long
        || value instanceof Short
        || value instanceof Byte) {
      return number(BigDecimal.valueOf(((Number) value).longValue()));
    }
    if (value instanceof Double || value instanceof Float) {
      double number = ((Number) value).doubleValue();
      if (Double.isNaN(number) || Double.isInfinite(number)) {
        return number;
      }
      return number(new BigDecimal(FloatingText.of((Number) value)));
    }
    if (value instanceof BigDecimal decimal) {
      return number(decimal);
    }
    if (value instanceof BigInteger integer) {
      return number(new BigDecimal(integer));
    }
    if (value instanceof OffsetDateTime time) {
      return time.toInstant();
    }
    if (value instanceof ZonedDateTime time) {
      return time.toInstant();
    }
    if (value instanceof UUID) {
      return value.toString();
    }
    if (value instanceof Enum<?> constant) {
      return constant.name();
    }
    if (value instanceof CharSequence) {
      return wellFormed(value.toString());
    }
    throw invalid(
        "a value of class " + value.getClass().getName() + " cannot be a literal",
        "Use a number, String, Boolean, UUID, enum, LocalDate, LocalTime, LocalDateTime, or"
            + " Instant.");
  }

  private static String wellFormed(String text) {
    int lone = UnicodeText.loneSurrogateAt(text);
    if (lone >= 0) {
      throw invalid("a string literal " + UnicodeText.fault(lone), "Use well-formed Unicode text.");
    }
    return text;
  }

  /** The literal as a rule's text has it. */
  public static String text(@Nullable Object literal) {
    if (literal instanceof String string) {
      return "'" + string.replace("'", "''") + "'";
    }
    if (literal instanceof BigDecimal number) {
      return number.toPlainString();
    }
    if (literal instanceof LocalTime time) {
      return DateTimeFormatter.ISO_LOCAL_TIME.format(time);
    }
    if (literal instanceof LocalDateTime time) {
      return DateTimeFormatter.ISO_LOCAL_DATE_TIME.format(time);
    }
    return String.valueOf(literal);
  }

  /** The two ends of a range, each after a comma; an open end is empty. */
  static String ends(RuleCondition.Range range) {
    return ", " + end(range.low()) + ", " + end(range.high());
  }

  private static String end(@Nullable Object literal) {
    return literal == null ? "" : text(literal);
  }

  /** Fails if a string of a rule is not well-formed Unicode. */
  public static void checkWellFormed(String rule, String part, String text) {
    int lone = UnicodeText.loneSurrogateAt(text);
    if (lone >= 0) {
      throw RuleFault.of(
          rule, part + " " + UnicodeText.fault(lone), "Use well-formed Unicode text.");
    }
  }

  /** Reads one argument of a rule's text. */
  public static @Nullable Object parse(String token) {
    if (token.startsWith("'")) {
      boolean closed = token.length() > 1 && token.endsWith("'");
      String inner = closed ? token.substring(1, token.length() - 1) : "'";
      if (inner.replace("''", "").indexOf('\'') >= 0) {
        throw invalid(
            "a quoted string has no end, or text follows its end",
            "End the string with a single quote, and double each single quote in it.");
      }
      return inner.replace("''", "'");
    }
    switch (token) {
      case "null":
        return null;
      case "true":
        return true;
      case "false":
        return false;
      case "NaN":
        return Double.NaN;
      case "Infinity":
        return Double.POSITIVE_INFINITY;
      case "-Infinity":
        return Double.NEGATIVE_INFINITY;
      default:
        break;
    }
    try {
      if (NUMBER.matcher(token).matches()) {
        return number(new BigDecimal(token));
      }
      if (token.indexOf('T') > 0) {
        return hasOffset(token)
            ? OffsetDateTime.parse(token).toInstant()
            : LocalDateTime.parse(token);
      }
      return token.indexOf(':') > 0 ? LocalTime.parse(token) : LocalDate.parse(token);
    } catch (DateTimeException e) {
      throw invalid(
          "'" + NameGrammar.quoted(token) + "' is not a literal",
          "Write a number, text in single quotes, true, false, null, or a date or time in ISO"
              + " 8601.");
    }
  }

  private static boolean hasOffset(String token) {
    int time = token.indexOf('T');
    return token.endsWith("Z") || token.indexOf('+', time) > 0 || token.indexOf('-', time) > 0;
  }

  private static BigDecimal number(BigDecimal value) {
    BigDecimal plain = value.signum() == 0 ? BigDecimal.ZERO : value.stripTrailingZeros();
    if (plain.precision() > MAX_SCALE || Math.abs((long) plain.scale()) > MAX_SCALE) {
      throw invalid("a number has more than " + MAX_SCALE + " digits", "Use a smaller literal.");
    }
    return plain.scale() < 0 ? plain.setScale(0) : plain;
  }

  private static InvalidRequestException invalid(String reason, String fix) {
    return Failure.of(MeshAction.of(Verb.CREATE, "a rule"))
        .because(reason)
        .fix(fix)
        .invalidRequest(ErrorCode.RULE_INVALID);
  }
}
