package io.meshwork.odcs.internal.profile;

import io.meshwork.internal.rows.NumberText;
import java.util.Currency;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Searches for the way in which people wrote the numbers of a column. Not thread-safe. */
final class NumberSearch {
  /** What a file shows about the decimal separator of its other numbers. */
  enum Point {
    COMMA,
    POINT,
    UNKNOWN,

    /** As unknown, in a file with semicolons, as programs write it where a comma is the point. */
    OPEN
  }

  private static final int GROUP = 3;
  private static final int MAX_LENGTH = 60;
  private static final int MAX_AFFIXES = 4;
  private static final Set<String> CURRENCIES =
      Currency.getAvailableCurrencies().stream()
          .map(Currency::getCurrencyCode)
          .collect(Collectors.toUnmodifiableSet());
  private static final Pattern AFFIXED =
      Pattern.compile(
          "([-\u2212+]?)(?:(\\p{Sc}|[A-Z]{3}) ?)?([-\u2212+]?[0-9][0-9.,' \u00a0\u202f]*?)"
              + "(?: ?(\\p{Sc}|[A-Z]{3}|%))?");

  /** Groups and points, the most common first. */
  private static final List<String> STYLES = List.of(".,", ",.", " ,", " .", "'.", "',");

  private final Map<String, Long> fitting = new HashMap<>();
  private final Map<String, Long> affixes = new HashMap<>();
  private long numbers;
  private long grouped;
  private long ungroupedThousands;
  private long smallWholes;
  private long decisiveComma;
  private long decisivePoint;
  private long openComma;
  private long openPoint;
  private long fractions;
  private boolean severalLengths;
  private int lastLength = -1;

  void add(String text) {
    if (text.length() > MAX_LENGTH) {
      return;
    }
    Matcher parts = AFFIXED.matcher(text);
    if (!parts.matches() || !isAffix(parts.group(2)) || !isAffix(parts.group(4))) {
      return;
    }
    String number = parts.group(1) + parts.group(3);
    boolean fits = false;
    for (String style : STYLES) {
      String plain = NumberText.plain(number, style.charAt(0), style.charAt(1));
      if (plain != null && !hasLeadingZero(plain)) {
        fitting.merge(style, 1L, Long::sum);
        fits = true;
      }
    }
    if (fits) {
      numbers++;
      String affix = nonNull(parts.group(2)) + "|" + nonNull(parts.group(4));
      if (affixes.size() < MAX_AFFIXES || affixes.containsKey(affix)) {
        affixes.merge(affix, 1L, Long::sum);
      }
      weigh(number.replaceFirst("^[-\u2212+]+", ""));
    }
  }

  private static boolean isAffix(@Nullable String text) {
    return text == null || text.length() == 1 || CURRENCIES.contains(text);
  }

  private static String nonNull(@Nullable String text) {
    return text == null ? "" : text;
  }

  private static boolean hasLeadingZero(String plain) {
    int first = plain.startsWith("-") ? 1 : 0;
    return plain.length() > first + 1
        && plain.charAt(first) == '0'
        && plain.charAt(first + 1) != '.';
  }

  private void weigh(String number) {
    severalLengths |= lastLength >= 0 && lastLength != number.length();
    lastLength = number.length();
    int comma = number.lastIndexOf(',');
    int point = number.lastIndexOf('.');
    boolean spaced = number.chars().anyMatch(c -> Character.isSpaceChar(c) || c == '\'');
    if (comma < 0 && point < 0) {
      grouped += spaced ? 1 : 0;
      ungroupedThousands += !spaced && number.length() > GROUP ? 1 : 0;
      smallWholes += number.length() <= GROUP ? 1 : 0;
      return;
    }
    int last = Math.max(comma, point);
    int other = Math.min(comma, point);
    char separator = number.charAt(last);
    boolean repeated = number.indexOf(separator) != last;
    if (repeated) {
      grouped++;
      count(separator == ',' ? '.' : ',');
      return;
    }
    boolean open =
        other < 0
            && !spaced
            && number.length() - last - 1 == GROUP
            && last <= GROUP
            && number.charAt(0) != '0';
    if (open) {
      openComma += separator == ',' ? 1 : 0;
      openPoint += separator == '.' ? 1 : 0;
      return;
    }
    fractions++;
    grouped += other >= 0 || spaced ? 1 : 0;
    ungroupedThousands += other < 0 && !spaced && last > GROUP ? 1 : 0;
    count(separator);
  }

  private void count(char point) {
    decisiveComma += point == ',' ? 1 : 0;
    decisivePoint += point == '.' ? 1 : 0;
  }

  /** What this column shows to the other columns of its file. */
  Point point() {
    return decisiveComma > decisivePoint
        ? Point.COMMA
        : decisivePoint > decisiveComma ? Point.POINT : Point.UNKNOWN;
  }

  /** True if the numbers can be read as fractions, and as thousands. */
  boolean isOpen(long needed, Point file) {
    if (numbers < needed || point() != Point.UNKNOWN) {
      return false;
    }
    boolean withoutFractions = smallWholes > 0 && ungroupedThousands == 0;
    return (openComma > 0 && (file == Point.UNKNOWN || file == Point.OPEN))
        || (openPoint > 0 && (file == Point.OPEN || (file == Point.COMMA && !withoutFractions)));
  }

  /**
   * Returns an example of how the numbers are written; null if fewer than needed are written in one
   * way, or as programs do.
   */
  @Nullable String example(long needed, Point file) {
    if (numbers < needed || isOpen(needed, file)) {
      return null;
    }
    Point point = point() == Point.UNKNOWN ? file : point();
    if (point == Point.UNKNOWN || point == Point.OPEN) {
      point = openPoint > 0 && openComma == 0 && grouped == 0 ? Point.UNKNOWN : Point.POINT;
    }
    char decimal = point == Point.COMMA ? ',' : '.';
    for (String style : STYLES) {
      char group = style.charAt(0);
      if (style.charAt(1) == decimal
          && fitting.getOrDefault(style, 0L) >= needed
          && (group == '.' || group == ',' || (grouped > 0 && (fractions > 0 || severalLengths)))) {
        return affixed(example(group, decimal));
      }
    }
    return null;
  }

  private String example(char group, char decimal) {
    boolean groups = grouped > 0 || openComma + openPoint > 0 || ungroupedThousands == 0;
    return groups ? "1" + group + "234" + decimal + "56" : "1234" + decimal + "56";
  }

  private @Nullable String affixed(String example) {
    String most =
        affixes.entrySet().stream()
            .max(Map.Entry.comparingByValue())
            .map(Map.Entry::getKey)
            .orElse("|");
    String before = most.substring(0, most.indexOf('|'));
    String after = most.substring(most.indexOf('|') + 1);
    boolean letters = before.length() > 1 || after.length() > 1;
    if (letters && fractions == 0) {
      return null;
    }
    return (before.isEmpty() ? "" : before + " ") + example + (after.isEmpty() ? "" : " " + after);
  }
}
