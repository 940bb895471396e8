package io.meshwork.odcs.internal.profile;

import io.meshwork.internal.rows.ColumnKind;
import java.time.YearMonth;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The patterns in which people wrote the dates and times of a column, and what they leave open. Not
 * thread-safe.
 */
final class DateEvidence {
  /** Which of the first two numbers of a date is the day. */
  enum DayFirst {
    YES,
    NO,
    OPEN
  }

  /** A pattern, and the type of its values. */
  record Found(ColumnKind kind, String pattern) {}

  /** Dates in one order count only if they outnumber the other order more than this many times. */
  private static final int MAJORITY = 9;

  /** Two digits of a year that is later are hardly meant. */
  private static final int MAX_YEARS_AHEAD = 20;

  private static final int FIRST_OF_TWO_DIGITS = 70;
  private static final int MONTHS = 12;

  /** The number of days above 12 from which values with points are dates. */
  private static final int MIN_DAYS = 3;

  /** The digits of a fraction of a second that a timestamp stores. */
  private static final int KEPT_DIGITS = 6;

  private static final int MAX_LENGTH = 48;
  private static final int MAX_SHAPES = 64;
  private static final String CLOCK =
      "(?<hour>[0-9]{1,2}):(?<minute>[0-9]{2})(?::(?<second>[0-9]{2})(?:[.](?<fraction>[0-9]{1,9}))?)?"
          + "(?<half>[ \u202f]?[AaPp][Mm])?(?<zone> ?(?:Z|[+-][0-9]{2}(?::?[0-9]{2})?))?";
  private static final String AND_CLOCK = "(?:(?<gap>,? |T)" + CLOCK + ")?";
  private static final Pattern NUMBERS =
      Pattern.compile("([0-9]{1,4})([./ -])([0-9]{1,2})\\2([0-9]{1,4})" + AND_CLOCK);
  private static final String MONTH =
      "(?i:(Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)([a-z]{0,6}))";
  private static final Pattern NAMED =
      Pattern.compile(
          "([0-9]{1,2})([./ -]|\\. )" + MONTH + "([./ -]|, )([0-9]{2}|[0-9]{4})" + AND_CLOCK);
  private static final Pattern NAME_FIRST =
      Pattern.compile(MONTH + " ([0-9]{1,2}), ?([0-9]{4})" + AND_CLOCK);
  private static final Pattern TIME = Pattern.compile(CLOCK);

  /** The strings with the same separators and parts. */
  private static final class DatePattern {
    private long count;
    private long dayFirst;
    private long monthFirst;
    private long days;
    private boolean padded;
    private int latestYear;
    private boolean oneDigitDay;
    private boolean oneDigitMonth;
    private boolean shortHour;
    private long seconds;
    private long fractions;
    private boolean spacedHalf;
    private boolean longName;
    private boolean shortName;
    private final TreeSet<Integer> widths = new TreeSet<>();

    /** The name of May is both. */
    void addMonth(String name) {
      longName |= name.length() > 3;
      shortName |= name.length() == 3 && !name.equalsIgnoreCase("May");
    }

    String monthName() {
      return !longName ? "MMM" : shortName ? "[MMMM][MMM]" : "MMMM";
    }
  }

  private final Map<String, DatePattern> patterns = new HashMap<>();
  private final int thisYear;
  private @Nullable String otherForm;

  DateEvidence(int thisYear) {
    this.thisYear = thisYear;
  }

  void add(String text) {
    if (!fits(text) && otherForm == null) {
      otherForm = text;
    }
  }

  private boolean fits(String text) {
    if (text.length() > MAX_LENGTH || text.length() < 4) {
      return false;
    }
    char first = text.charAt(0);
    boolean digit = first >= '0' && first <= '9';
    Matcher parts = NUMBERS.matcher(text);
    if (digit && parts.matches()) {
      return addNumbers(parts);
    }
    parts = NAMED.matcher(text);
    if (digit && parts.matches()) {
      String year = "y".repeat(parts.group(6).length());
      DatePattern pattern =
          pattern("d" + parts.group(2) + "MMM" + parts.group(5) + year + clockOf(parts), parts);
      if (pattern != null) {
        pattern.addMonth(parts.group(3) + parts.group(4));
        pattern.oneDigitDay |= parts.group(1).length() == 1;
        pattern.dayFirst++;
        pattern.latestYear = Math.max(pattern.latestYear, year(parts.group(6)));
      }
      return pattern != null;
    }
    parts = NAME_FIRST.matcher(text);
    if (!digit && parts.matches()) {
      DatePattern pattern = pattern("MMM d, yyyy" + clockOf(parts), parts);
      if (pattern != null) {
        pattern.addMonth(parts.group(1) + parts.group(2));
        pattern.oneDigitDay |= parts.group(3).length() == 1;
        pattern.dayFirst++;
      }
      return pattern != null;
    }
    parts = TIME.matcher(text);
    return digit && parts.matches() && pattern("|" + clockParts(parts), parts) != null;
  }

  private static int year(String digits) {
    int year = Integer.parseInt(digits);
    return digits.length() > 2 ? year : year < FIRST_OF_TWO_DIGITS ? 2000 + year : 1900 + year;
  }

  private boolean addNumbers(Matcher parts) {
    String a = parts.group(1);
    String b = parts.group(3);
    String c = parts.group(4);
    String separator = parts.group(2);
    int first = Integer.parseInt(a);
    int second = Integer.parseInt(b);
    int third = Integer.parseInt(c);
    if (a.length() == 4 && c.length() <= 2) {
      if (isDay(first, second, third)) {
        DatePattern pattern =
            pattern("y" + separator + "M" + separator + "d" + clockOf(parts), parts);
        if (pattern != null) {
          pattern.oneDigitDay |= c.length() == 1;
          pattern.oneDigitMonth |= b.length() == 1;
          pattern.dayFirst++;
          pattern.padded |= b.startsWith("0") || c.startsWith("0");
          pattern.days += third > MONTHS ? 1 : 0;
        }
        return pattern != null;
      }
    } else if (a.length() <= 2 && (c.length() == 4 || c.length() == 2)) {
      int year = year(c);
      boolean day = isDay(year, second, first);
      boolean month = isDay(year, first, second);
      if (day || month) {
        String years = "y".repeat(c.length());
        DatePattern pattern =
            pattern("#" + separator + "#" + separator + years + clockOf(parts), parts);
        if (pattern != null) {
          pattern.oneDigitDay |= a.length() == 1;
          pattern.oneDigitMonth |= b.length() == 1;
          pattern.dayFirst += day ? 1 : 0;
          pattern.monthFirst += month ? 1 : 0;
          pattern.padded |= a.startsWith("0") || b.startsWith("0");
          pattern.days += first > MONTHS ? 1 : 0;
          pattern.latestYear = Math.max(pattern.latestYear, year);
        }
        return pattern != null;
      }
    }
    return false;
  }

  private static boolean isDay(int year, int month, int day) {
    return month >= 1
        && month <= 12
        && day >= 1
        && year > 0
        && YearMonth.of(year, month).isValidDay(day);
  }

  private static String clockOf(Matcher parts) {
    return parts.group("hour") == null ? "" : "|" + parts.group("gap") + clockParts(parts);
  }

  private static String clockParts(Matcher parts) {
    String zone = parts.group("zone");
    return "@"
        + (parts.group("half") == null ? "" : "a")
        + (zone == null ? "" : (zone.startsWith(" ") ? " " : "") + offset(zone.strip()));
  }

  private static String offset(String zone) {
    return switch (zone.length()) {
      case 3 -> "X";
      case 5 -> "XX";
      default -> "XXX";
    };
  }

  private @Nullable DatePattern pattern(String key, Matcher parts) {
    if (!patterns.containsKey(key) && patterns.size() == MAX_SHAPES) {
      return null;
    }
    String hour = parts.group("hour");
    if (hour != null && !isClock(hour, parts)) {
      return null;
    }
    DatePattern pattern = patterns.computeIfAbsent(key, each -> new DatePattern());
    pattern.count++;
    if (hour != null) {
      pattern.shortHour |= hour.length() == 1;
      pattern.seconds += parts.group("second") == null ? 0 : 1;
      String half = parts.group("half");
      pattern.spacedHalf |= half != null && half.length() == 3;
      String fraction = parts.group("fraction");
      if (fraction != null) {
        pattern.fractions++;
        pattern.widths.add(fraction.length());
      }
    }
    return pattern;
  }

  private static boolean isClock(String hour, Matcher parts) {
    int hours = Integer.parseInt(hour);
    String second = parts.group("second");
    return Integer.parseInt(parts.group("minute")) < 60
        && (second == null || Integer.parseInt(second) < 60)
        && (parts.group("half") == null ? hours < 24 : hours >= 1 && hours <= 12);
  }

  private Map.@Nullable Entry<String, DatePattern> most() {
    return patterns.entrySet().stream()
        .max(Map.Entry.comparingByValue((a, b) -> Long.compare(a.count, b.count)))
        .orElse(null);
  }

  /** Which number is the day, as this column shows it for its file; open without such dates. */
  DayFirst dayFirst(long needed) {
    Map.Entry<String, DatePattern> most = most();
    if (most == null || !most.getKey().startsWith("#")) {
      return DayFirst.OPEN;
    }
    DatePattern pattern = most.getValue();
    if (canBeVersions(most.getKey(), pattern)) {
      return DayFirst.OPEN;
    }
    // The values that cannot be read in the other way decide.
    long onlyDayFirst = pattern.count - pattern.monthFirst;
    long onlyMonthFirst = pattern.count - pattern.dayFirst;
    if (onlyDayFirst == 0 && onlyMonthFirst == 0) {
      // No country writes a month before a day with points.
      return most.getKey().startsWith("#.") ? DayFirst.YES : DayFirst.OPEN;
    } else if (onlyDayFirst > MAJORITY * onlyMonthFirst) {
      return pattern.dayFirst >= needed ? DayFirst.YES : DayFirst.OPEN;
    } else if (onlyMonthFirst > MAJORITY * onlyDayFirst) {
      return pattern.monthFirst >= needed ? DayFirst.NO : DayFirst.OPEN;
    }
    return DayFirst.OPEN;
  }

  /** The number of values in the most common pattern. */
  long dates() {
    Map.Entry<String, DatePattern> most = most();
    return most == null ? 0 : most.getValue().count;
  }

  /** The first value that is not a date or time; null if all are. */
  @Nullable String other() {
    return otherForm;
  }

  /**
   * Returns why the values are not read as dates, although all can be dates; empty if they are read
   * so.
   *
   * @param file what the other columns show
   * @param named true if the column's name says that it has dates
   * @param birth true if the column has the dates of births
   */
  String doubt(long needed, DayFirst file, boolean named, boolean birth) {
    Map.Entry<String, DatePattern> most = most();
    if (most == null || most.getValue().count < needed) {
      return "";
    }
    DatePattern pattern = most.getValue();
    if (!named && canBeVersions(most.getKey(), pattern)) {
      return "its values can be versions or dates: say the pattern, such as d.M.yy";
    } else if (isOpen(needed, file)) {
      return "day and month can be swapped: say which is first, such as dd/MM/yyyy or MM/dd/yyyy";
    } else if (hasShortYear(most.getKey())
        && pattern.latestYear > thisYear + (birth ? 0 : MAX_YEARS_AHEAD)) {
      return "the years have two digits, and those of the future can be of the past century: write"
          + " them with four digits";
    }
    return "";
  }

  /** The part of a pattern before its clock. */
  private static String dateOf(String key) {
    int clock = key.indexOf('|');
    return clock < 0 ? key : key.substring(0, clock);
  }

  private static boolean hasShortYear(String key) {
    String date = dateOf(key);
    return date.endsWith("yy") && !date.endsWith("yyyy");
  }

  /**
   * True for numbers with points as versions have them, such as 10.4.11, of which days are rare.
   */
  private static boolean canBeVersions(String key, DatePattern pattern) {
    boolean points = key.equals("#.#.yy") || key.equals("y.M.d");
    return points
        && !pattern.padded
        && (pattern.days < MIN_DAYS || pattern.days * 4 < pattern.count);
  }

  /** True if day and month can be swapped in enough values. */
  private boolean isOpen(long needed, DayFirst file) {
    Map.Entry<String, DatePattern> most = most();
    return most != null
        && most.getKey().startsWith("#")
        && !most.getKey().startsWith("#.")
        && file == DayFirst.OPEN
        && dayFirst(needed) == DayFirst.OPEN
        && most.getValue().dayFirst >= needed
        && most.getValue().monthFirst >= needed;
  }

  /** Returns what is lost of the values; empty if nothing is. */
  String loss() {
    Map.Entry<String, DatePattern> most = most();
    boolean finer =
        most != null
            && !most.getValue().widths.isEmpty()
            && most.getValue().widths.last() > KEPT_DIGITS;
    return finer ? "keeps " + KEPT_DIGITS + " digits of the fractions of seconds" : "";
  }

  /** Returns the pattern; null if fewer than needed have one, or if day and month are open. */
  @Nullable Found found(long needed, DayFirst file) {
    Map.Entry<String, DatePattern> most = most();
    if (most == null || most.getValue().count < needed || isOpen(needed, file)) {
      return null;
    }
    DatePattern pattern = most.getValue();
    String key = most.getKey();
    int clock = key.indexOf('|');
    String date = dateOf(key);
    if (date.startsWith("#")) {
      DayFirst own = dayFirst(needed);
      DayFirst others = date.startsWith("#.") ? DayFirst.YES : file;
      DayFirst dayFirst = own == DayFirst.OPEN ? others : own;
      boolean day = dayFirst == DayFirst.YES;
      if ((day ? pattern.dayFirst : pattern.monthFirst) < needed || dayFirst == DayFirst.OPEN) {
        return null;
      }
      date =
          date.replaceFirst("#", (day ? "d" : "M").repeat(pattern.oneDigitDay ? 1 : 2))
              .replaceFirst("#", (day ? "M" : "d").repeat(pattern.oneDigitMonth ? 1 : 2));
    } else if (date.startsWith("y")) {
      date =
          date.replace("y", "yyyy")
              .replace("M", pattern.oneDigitMonth ? "M" : "MM")
              .replace("d", pattern.oneDigitDay ? "d" : "dd");
    } else {
      date =
          date.replace("d", pattern.oneDigitDay ? "d" : "dd").replace("MMM", pattern.monthName());
    }
    if (clock < 0) {
      return new Found(ColumnKind.DATE, date);
    }
    String rest = key.substring(clock + 1);
    int at = rest.indexOf('@');
    String gap = rest.substring(0, at).replace("T", "'T'");
    boolean half = rest.startsWith("@a", at);
    String zone = rest.substring(at + (half ? 2 : 1));
    String written =
        date
            + gap
            + (half ? (pattern.shortHour ? "h" : "hh") : pattern.shortHour ? "H" : "HH")
            + ":mm"
            + seconds(pattern)
            + (half ? (pattern.spacedHalf ? " a" : "a") : "")
            + zone;
    return new Found(
        date.isEmpty()
            ? ColumnKind.TIME
            : zone.isEmpty() ? ColumnKind.LOCAL_TIMESTAMP : ColumnKind.INSTANT,
        written);
  }

  private static String seconds(DatePattern pattern) {
    if (pattern.seconds == 0) {
      return "";
    }
    String fractions =
        pattern.widths.descendingSet().stream()
            .map(width -> "[." + "S".repeat(width) + "]")
            .collect(Collectors.joining());
    if (pattern.fractions == pattern.count && pattern.widths.size() == 1) {
      fractions = fractions.substring(1, fractions.length() - 1);
    }
    String seconds = ":ss" + fractions;
    return pattern.seconds == pattern.count ? seconds : "[" + seconds + "]";
  }
}
