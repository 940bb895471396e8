package io.meshwork.internal.rows;

import io.meshwork.internal.schema.TextFormat;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.ResolverStyle;
import java.time.temporal.ChronoField;
import java.time.temporal.TemporalAccessor;
import java.time.temporal.TemporalQueries;
import java.util.Locale;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Parses the strings of a column that are not in the plain form of its type. Dates, times, and
 * booleans in the plain form are accepted as well as the declared one, because none means two
 * values; numbers are not. Immutable.
 */
public final class FormattedText {
  /** The result for a string that means null. */
  public static final Object NULL = new Object();

  /** The longest text that can be a value in a declared form. */
  private static final int MAX_LENGTH = 400;

  private static final String SECONDS = "epoch-seconds";
  private static final String MILLISECONDS = "epoch-milliseconds";
  private static final Set<String> EPOCHS = Set.of(SECONDS, MILLISECONDS);

  /** Two digits of a year mean 1970 to 2069. */
  private static final int FIRST_OF_TWO_DIGITS = 1970;

  private static final Pattern TWO_DIGITS = Pattern.compile("(?<![yu])(?:yy|uu)(?![yu])");
  private static final Pattern EXAMPLE =
      Pattern.compile("([^0-9]*)(0?)(?:1([.,' \u00a0\u202f_])234|1234)(?:([.,])56)?([^0-9]*)");

  /** Parses a string, without outer spaces if the form ignores them; null if it has no value. */
  private interface Parser {
    @Nullable Object parse(String text);
  }

  private final ColumnKind kind;
  private final TextFormat format;
  private final @Nullable Parser parser;
  private final @Nullable UnaryOperator<@Nullable String> number;

  private FormattedText(ColumnKind kind, TextFormat format) {
    this.kind = kind;
    this.format = format;
    this.number = format.format() == null || !isNumber(kind) ? null : number(format.format());
    this.parser = format.format() == null ? null : parser(kind, format.format());
  }

  /**
   * Returns the parser of a column.
   *
   * @throws IllegalArgumentException if the format is not one of the column's type, with the reason
   */
  public static FormattedText of(ColumnKind kind, TextFormat format) {
    return new FormattedText(kind, format);
  }

  /** Returns the value, {@link #NULL}, or null if the text is not in the form of the column. */
  public @Nullable Object parse(String text) {
    String value = format.trimmed() ? text.strip() : text;
    if (format.nulls().contains(value)) {
      return NULL;
    }
    if (parser == null) {
      return ScalarText.parse(kind, value);
    }
    if (value.length() > MAX_LENGTH) {
      return null;
    }
    try {
      Object parsed = parser.parse(value);
      return parsed != null || isNumber(kind) ? parsed : ScalarText.parse(kind, value);
    } catch (DateTimeException | NumberFormatException e) {
      return isNumber(kind) ? null : ScalarText.parse(kind, value);
    }
  }

  /** Returns the value of a number of JSON that counts the time since 1970; null for another. */
  @Nullable Object parseNumber(String number) {
    boolean counts = kind == ColumnKind.INSTANT && EPOCHS.contains(String.valueOf(format.format()));
    return counts ? parse(number) : null;
  }

  /** Returns the form, for the reason why a string does not have it. */
  String description() {
    return format.format() == null
        ? ScalarText.form(kind)
        : switch (kind) {
          case BOOLEAN -> format.format().replaceFirst("/", " or ");
          case INT, LONG, FLOAT, DOUBLE, DECIMAL ->
              ScalarText.form(kind) + " such as " + format.format();
          default -> "in the form " + format.format();
        };
  }

  static boolean isNumber(ColumnKind kind) {
    return switch (kind) {
      case INT, LONG, FLOAT, DOUBLE, DECIMAL -> true;
      default -> false;
    };
  }

  private Parser parser(ColumnKind kind, String format) {
    return switch (kind) {
      case INT, LONG, FLOAT, DOUBLE, DECIMAL ->
          text -> {
            String plain = number == null ? null : number.apply(text);
            return plain == null ? null : ScalarText.parse(kind, plain);
          };
      case BOOLEAN -> bool(format);
      case DATE, TIME, INSTANT, LOCAL_TIMESTAMP -> time(kind, format);
      default ->
          throw new IllegalArgumentException(
              "only numbers, booleans, dates, and times have a format");
    };
  }

  private static Parser bool(String format) {
    int slash = format.indexOf('/');
    if (slash < 0 || format.substring(0, slash).equalsIgnoreCase(format.substring(slash + 1))) {
      throw new IllegalArgumentException(
          "the format of a boolean has the texts of true and false, such as Yes/No");
    }
    String yes = format.substring(0, slash);
    String no = format.substring(slash + 1);
    return text ->
        text.equalsIgnoreCase(yes)
            ? Boolean.TRUE
            : text.equalsIgnoreCase(no) ? (Object) Boolean.FALSE : null;
  }

  /** Returns a number of the column as programs write it; null if the text is none. */
  public @Nullable String plainNumber(String text) {
    String value = format.trimmed() ? text.strip() : text;
    return number == null ? value : number.apply(value);
  }

  private static UnaryOperator<@Nullable String> number(String format) {
    Matcher example = EXAMPLE.matcher(format);
    if (!example.matches()
        || (example.group(3) != null && example.group(3).equals(example.group(4)))) {
      throw new IllegalArgumentException(
          "the format of a number is an example, such as 1.234,56 or 1,234.56 or 1234,56");
    }
    boolean padded = !example.group(2).isEmpty();
    char group = example.group(3) == null ? 0 : space(example.group(3).charAt(0));
    char point = example.group(4) == null ? '.' : example.group(4).charAt(0);
    String before = example.group(1).strip();
    String after = example.group(5).strip();
    boolean negative = before.equals("(") && after.equals(")");
    boolean hasUnit = !negative && !(before + after).isEmpty() && !(before + after).equals("-");
    return text -> {
      String signed = NumberText.signFirst(text);
      String number = hasUnit ? withoutUnit(signed, before, after) : signed;
      String plain =
          number == null ? null : NumberText.plain(NumberText.signFirst(number), group, point);
      return plain == null || !padded ? plain : NumberText.withoutLeadingZeros(plain);
    };
  }

  /** Returns the number without its unit; null if it has another one, or none. */
  private static @Nullable String withoutUnit(String text, String before, String after) {
    String number = text;
    boolean negative = number.startsWith("-") || number.startsWith("\u2212");
    int sign = negative ? 1 : 0;
    if (!number.startsWith(before, sign) || !number.endsWith(after)) {
      return null;
    }
    int from = sign + before.length();
    int to = number.length() - after.length();
    return from > to ? null : (negative ? "-" : "") + number.substring(from, to).strip();
  }

  private static char space(char c) {
    return Character.isSpaceChar(c) ? ' ' : c;
  }

  private static Parser time(ColumnKind kind, String format) {
    if (kind == ColumnKind.INSTANT && format.equals(SECONDS)) {
      return text -> Instant.ofEpochSecond(Long.parseLong(text));
    } else if (kind == ColumnKind.INSTANT && format.equals(MILLISECONDS)) {
      return text -> Instant.ofEpochMilli(Long.parseLong(text));
    }
    DateTimeFormatter formatter = formatter(format);
    check(kind, format, formatter);
    return text -> {
      TemporalAccessor parsed = formatter.parse(text);
      return switch (kind) {
        case DATE -> LocalDate.from(parsed);
        case TIME -> LocalTime.from(parsed);
        case LOCAL_TIMESTAMP -> LocalDateTime.from(parsed);
        default -> Instant.from(parsed);
      };
    };
  }

  /** A formatter whose parts must exist, in any case, with months in English. */
  private static DateTimeFormatter formatter(String format) {
    DateTimeFormatterBuilder builder = new DateTimeFormatterBuilder().parseCaseInsensitive();
    String pattern = format.replace("yyyy", "uuuu");
    Matcher years = TWO_DIGITS.matcher(pattern);
    int from = 0;
    while (years.find()) {
      append(builder, pattern.substring(from, years.start()));
      builder.appendValueReduced(ChronoField.YEAR, 2, 2, FIRST_OF_TWO_DIGITS);
      from = years.end();
    }
    append(builder, pattern.substring(from));
    return builder.toFormatter(Locale.ENGLISH).withResolverStyle(ResolverStyle.STRICT);
  }

  private static void append(DateTimeFormatterBuilder builder, String pattern) {
    if (!pattern.isEmpty()) {
      builder.appendPattern(pattern);
    }
  }

  /** Writes a value and reads it again, so that a pattern that lacks a part is refused. */
  private static void check(ColumnKind kind, String format, DateTimeFormatter formatter) {
    try {
      String text = formatter.format(LocalDateTime.of(2026, 11, 21, 20, 30).atZone(ZoneOffset.UTC));
      TemporalAccessor parsed = formatter.parse(text);
      boolean fits =
          switch (kind) {
            case DATE -> parsed.query(TemporalQueries.localDate()) != null;
            case TIME -> parsed.query(TemporalQueries.localTime()) != null;
            case LOCAL_TIMESTAMP ->
                parsed.query(TemporalQueries.localDate()) != null
                    && parsed.query(TemporalQueries.localTime()) != null;
            default -> parsed.isSupported(ChronoField.INSTANT_SECONDS);
          };
      if (fits) {
        return;
      }
    } catch (DateTimeException e) {
      throw new IllegalArgumentException("the pattern " + format + " writes no value", e);
    }
    throw new IllegalArgumentException(
        "the pattern "
            + format
            + (kind == ColumnKind.INSTANT
                ? " needs a date, a time, and an offset such as XXX"
                : kind == ColumnKind.DATE
                    ? " needs a day, a month, and a year"
                    : kind == ColumnKind.TIME
                        ? " needs an hour and a minute"
                        : " needs a date and a time"));
  }
}
