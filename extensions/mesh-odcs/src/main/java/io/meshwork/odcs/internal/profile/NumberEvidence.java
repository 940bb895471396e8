package io.meshwork.odcs.internal.profile;

import io.meshwork.internal.rows.NumberText;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Currency;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** How people wrote the numbers of a column, and what of it is open. Not thread-safe. */
final class NumberEvidence {
  /** What a file shows about the decimal separator of its other numbers. */
  enum Point {
    COMMA,
    POINT,
    UNKNOWN,

    /** As unknown, in a file with semicolons, as programs write it where a comma is the point. */
    OPEN
  }

  private static final int GROUP = 3;
  private static final int MAX_LENGTH = 110; // of 80 digits in groups
  private static final int MAX_UNITS = 8;

  /** How many times as many values show nothing by chance. */
  private static final int SEVERAL = 10;

  private static final int PARTS_OF_ADDRESS = 4;
  private static final int MAX_PART_OF_ADDRESS = 255;
  private static final Set<String> CURRENCIES =
      Currency.getAvailableCurrencies().stream()
          .map(Currency::getCurrencyCode)
          .collect(Collectors.toUnmodifiableSet());
  private static final Pattern NUMBER =
      Pattern.compile(
          "([-\u2212+]?)(?:(\\p{Sc}|[A-Z]{3}) ?)?([-\u2212+]?[0-9][0-9.,' \u00a0\u202f]*?)"
              + "([-\u2212]?)(?: ?(\\p{Sc}|[A-Z]{3}|%))?");

  /** Groups and points, the most common first. */
  private static final List<String> STYLES = List.of(".,", ",.", " ,", " .", "'.", "',");

  private final Map<String, Long> fitting = new HashMap<>();
  private final Map<String, Long> units = new HashMap<>();

  /** The digits before the first separator of whole numbers of at most three, or in groups. */
  private final BitSet firstGroups = new BitSet();

  private @Nullable String otherForm;
  private long numbers;
  private long pluses;
  private long minuses;

  /** The negative numbers in parentheses, or with the minus at the end. */
  private long accounted;

  private long addresses;
  private long repeatedPoint;
  private long repeatedComma;
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
    String signed = NumberText.signFirst(text);
    Matcher parts = NUMBER.matcher(signed.length() > MAX_LENGTH ? "" : signed);
    boolean fits = parts.matches() && isUnit(parts.group(2)) && isUnit(parts.group(5));
    String number =
        fits ? NumberText.signFirst(parts.group(1) + parts.group(3) + parts.group(4)) : "";
    if (!fits || !fit(number)) {
      otherForm = otherForm == null ? text : otherForm;
      return;
    }
    numbers++;
    String unit = nonNull(parts.group(2)) + "|" + nonNull(parts.group(5));
    if (units.size() < MAX_UNITS || units.containsKey(unit)) {
      units.merge(unit, 1L, Long::sum);
    }
    accounted += signed.equals(text) && parts.group(4).isEmpty() ? 0 : 1;
    pluses += number.startsWith("+") ? 1 : 0;
    minuses += number.startsWith("-") || number.startsWith("\u2212") ? 1 : 0;
    weigh(number.replaceFirst("^[-\u2212+]+", ""));
  }

  private boolean fit(String number) {
    boolean fits = false;
    for (String style : STYLES) {
      String plain = NumberText.plain(number, style.charAt(0), style.charAt(1));
      if (plain != null && !NumberText.hasLeadingZero(plain)) {
        fitting.merge(style, 1L, Long::sum);
        fits = true;
      }
    }
    return fits;
  }

  private static boolean isUnit(@Nullable String text) {
    return text == null || text.length() == 1 || CURRENCIES.contains(text);
  }

  private static String nonNull(@Nullable String text) {
    return text == null ? "" : text;
  }

  private void weigh(String number) {
    severalLengths |= lastLength >= 0 && lastLength != number.length();
    lastLength = number.length();
    int comma = number.lastIndexOf(',');
    int point = number.lastIndexOf('.');
    boolean spaced = number.chars().anyMatch(c -> Character.isSpaceChar(c) || c == '\'');
    if (comma < 0 && point < 0) {
      weighWhole(number, spaced);
      return;
    }
    int last = Math.max(comma, point);
    int before = Math.min(comma, point);
    char separator = number.charAt(last);
    int first = number.indexOf(separator);
    if (first != last) {
      grouped++;
      firstGroups.set(first);
      repeatedPoint += separator == '.' ? 1 : 0;
      repeatedComma += separator == ',' ? 1 : 0;
      addresses += isAddress(number) ? 1 : 0;
    } else if (before < 0
        && !spaced
        && number.length() - last - 1 == GROUP
        && last <= GROUP
        && number.charAt(0) != '0') {
      firstGroups.set(first);
      openComma += separator == ',' ? 1 : 0;
      openPoint += separator == '.' ? 1 : 0;
    } else {
      fractions++;
      grouped += before >= 0 || spaced ? 1 : 0;
      ungroupedThousands += before < 0 && !spaced && last > GROUP ? 1 : 0;
      decisiveComma += separator == ',' ? 1 : 0;
      decisivePoint += separator == '.' ? 1 : 0;
    }
  }

  private void weighWhole(String number, boolean spaced) {
    if (spaced) {
      grouped++;
    } else if (number.length() > GROUP) {
      ungroupedThousands++;
    } else {
      smallWholes++;
      firstGroups.set(number.length());
    }
  }

  private static boolean isAddress(String number) {
    String[] parts = number.split("\\.", -1);
    return parts.length == PARTS_OF_ADDRESS
        && Arrays.stream(parts).mapToInt(Integer::parseInt).max().orElse(0) <= MAX_PART_OF_ADDRESS;
  }

  /** True if a separator that occurs twice in a number is between thousands. */
  private boolean areGroupsThousands() {
    long repeated = repeatedPoint + repeatedComma;
    boolean differ = firstGroups.cardinality() > 1 || fractions * SEVERAL >= repeated;
    return repeated > 0 && differ && addresses * 2 <= repeated;
  }

  /** True if a plus is hardly the sign of a number: few others have a minus, or a fraction. */
  private boolean arePlusesOfCodes() {
    return (minuses + fractions) * SEVERAL < pluses;
  }

  /** True if no value has a fraction or groups, as amounts mostly have. */
  private boolean areWhole() {
    return fractions + grouped + openComma + openPoint == 0;
  }

  /** True if negative numbers are as accounting writes them, which programs do not. */
  boolean isAccounting(long needed) {
    return accounted > 0 && (numbers - accounted < needed || !areWhole());
  }

  /** What this column shows to the other columns of its file. */
  Point point() {
    long comma = decisiveComma + (areGroupsThousands() ? repeatedPoint : 0);
    long point = decisivePoint + (areGroupsThousands() ? repeatedComma : 0);
    return comma > point ? Point.COMMA : point > comma ? Point.POINT : Point.UNKNOWN;
  }

  /** True if digits with a point before the last three can be whole numbers. */
  boolean hasOpenPoints() {
    return openPoint + openComma > 0;
  }

  /** The number of values that are numbers in some form. */
  long numbers() {
    return numbers;
  }

  /** The first value that is not a number; null if all are. */
  @Nullable String other() {
    return otherForm;
  }

  /**
   * Returns why the values are not read as numbers, although all can be numbers; empty if they are
   * read so.
   *
   * @param file what the other columns show
   */
  String doubt(long needed, Point file) {
    if (numbers < needed) {
      return "";
    } else if (units.values().stream().noneMatch(count -> count >= needed)) {
      return "some values have a unit, such as a currency, and others have none or another one";
    } else if (arePlusesOfCodes()) {
      return "its values can be phone numbers or codes, which would lose the plus";
    } else if (numbers - accounted < needed && areWhole() && accounted * 2 > numbers) {
      return "its values can be negative numbers of accounting, or codes: say that they are"
          + " numbers, such as 1.234,56 or 1,234.56";
    } else if (repeatedPoint + repeatedComma > 0 && !areGroupsThousands()) {
      return "groups of three digits can be thousands, or parts of an address, a version, or a"
          + " code: say that they are numbers, such as 1.234,56 or 1,234.56";
    } else if (isPointOpen(file)) {
      return "what separates fractions can separate thousands: say which, such as 1.234,56 or"
          + " 1,234.56";
    }
    return "";
  }

  private boolean isPointOpen(Point file) {
    if (point() != Point.UNKNOWN) {
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
    if (numbers < needed || !doubt(needed, file).isEmpty()) {
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
        return withUnit(example(group, decimal));
      }
    }
    return null;
  }

  private String example(char group, char decimal) {
    boolean groups = grouped > 0 || openComma + openPoint > 0 || ungroupedThousands == 0;
    return groups ? "1" + group + "234" + decimal + "56" : "1234" + decimal + "56";
  }

  private @Nullable String withUnit(String example) {
    String most =
        units.entrySet().stream()
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
