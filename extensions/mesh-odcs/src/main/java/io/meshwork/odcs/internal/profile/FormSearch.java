package io.meshwork.odcs.internal.profile;

import io.meshwork.internal.rows.ColumnKind;
import io.meshwork.internal.rows.FormedText;
import io.meshwork.internal.schema.TextForm;
import io.meshwork.publish.Publish.FileFormat;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;

/**
 * Searches for the type that nearly all values of a column have, and for how they are written. Not
 * thread-safe.
 */
final class FormSearch {
  /** Texts that mean null wherever they are. */
  private static final Set<String> NULLS =
      Set.of(
          "NULL", "null", "\\N", "N/A", "n/a", "#N/A", "(null)", "<null>", "[null]", "#NULL!",
          "#NV");

  /** Texts that mean null, unless a column has few different texts, or codes of their length. */
  private static final Set<String> POSSIBLE_NULLS =
      Set.of(
          "-", "--", "Null", "NA", "None", "none", "NONE", "nan", "NaN", "NAN", "nil", "NIL", "na",
          "?", "#VALUE!", "unknown");

  private static final Set<ValueKind> NUMBERS =
      EnumSet.of(ValueKind.WHOLE, ValueKind.BIG_WHOLE, ValueKind.DECIMAL, ValueKind.FLOATING);
  private static final Set<ValueKind> TIMES =
      EnumSet.of(ValueKind.DATE, ValueKind.TIME, ValueKind.LOCAL_TIMESTAMP, ValueKind.INSTANT);
  private static final Map<ColumnKind, Schema> TYPES =
      new EnumMap<>(
          Map.of(
              ColumnKind.DATE,
              LogicalTypes.date().addToSchema(Schema.create(Schema.Type.INT)),
              ColumnKind.TIME,
              LogicalTypes.timeMicros().addToSchema(Schema.create(Schema.Type.LONG)),
              ColumnKind.INSTANT,
              LogicalTypes.timestampMicros().addToSchema(Schema.create(Schema.Type.LONG)),
              ColumnKind.LOCAL_TIMESTAMP,
              LogicalTypes.localTimestampMicros().addToSchema(Schema.create(Schema.Type.LONG)),
              ColumnKind.DECIMAL,
              Schema.create(Schema.Type.DOUBLE),
              ColumnKind.BOOLEAN,
              Schema.create(Schema.Type.BOOLEAN)));
  private static final int FEW = 20;
  private static final int MIN_VALUES = 20;

  /** A form that the caller states, and the number of values in it. */
  private static final class KnownForm {
    private final ColumnKind kind;
    private final String format;
    private final FormedText parser;
    private long count;

    KnownForm(ColumnKind kind, String format) {
      this.kind = kind;
      this.format = format;
      this.parser = FormedText.of(kind, new TextForm(format, Set.of(), true));
    }
  }

  private final Map<ValueKind, Long> kinds = new EnumMap<>(ValueKind.class);
  private final Map<String, Long> nulls = new TreeMap<>();
  private final Set<String> distinct = new HashSet<>();
  private final NumberSearch numbers = new NumberSearch();
  private final DateSearch dates = new DateSearch();
  private final BooleanSearch booleans = new BooleanSearch();
  private final PersonalData personal = new PersonalData();
  private final List<KnownForm> stated;
  private final boolean trimmed;
  private long values;
  private long empty;
  private long spaced;
  private long leadingZeros;
  private int shortest = Integer.MAX_VALUE;

  /** Creates a search of which nothing is stated. */
  FormSearch() {
    this.stated = List.of();
    this.trimmed = false;
  }

  /**
   * Creates a search.
   *
   * @param column the column's name in the contract
   * @param given what the caller states
   */
  FormSearch(String column, FileFormat given) {
    this.stated = new ArrayList<>();
    this.trimmed = given.isTrimmed();
    for (Map.Entry<ColumnKind, Schema> each : TYPES.entrySet()) {
      String format = given.form(column, each.getValue()).orElse(null);
      if (format != null) {
        try {
          stated.add(new KnownForm(each.getKey(), format));
        } catch (IllegalArgumentException e) {
          continue; // it is the form of another type
        }
      }
    }
  }

  void add(String cell) {
    String text = cell.strip();
    if (text.isEmpty()) {
      empty++;
      return;
    }
    spaced += text.length() == cell.length() ? 0 : 1;
    if (NULLS.contains(text) || POSSIBLE_NULLS.contains(text)) {
      nulls.merge(text, 1L, Long::sum);
      return;
    }
    values++;
    shortest = Math.min(shortest, text.length());
    if (distinct.size() <= FEW) {
      distinct.add(text);
    }
    ValueKind kind = TextValueParser.cell(text).kind();
    kinds.merge(kind, 1L, Long::sum);
    personal.add(text);
    for (KnownForm each : stated) {
      each.count += each.parser.parse(text) == null ? 0 : 1;
    }
    if (kind == ValueKind.TEXT || NUMBERS.contains(kind)) {
      numbers.add(text);
      leadingZeros += isPadded(text) ? 1 : 0;
    }
    if (kind == ValueKind.TEXT) {
      booleans.add(text);
    }
    if (kind == ValueKind.TEXT || TIMES.contains(kind)) {
      dates.add(text);
    }
  }

  private static boolean isPadded(String text) {
    return text.length() > 1
        && text.charAt(0) == '0'
        && text.chars().allMatch(c -> c >= '0' && c <= '9');
  }

  /** The values of one type from which a column has it: 99 in 100, and all if they are few. */
  private long needed() {
    return values < MIN_VALUES ? values : values - (values + 99) / 100;
  }

  NumberSearch.Point point() {
    return needed() > 0 && numbers.example(needed(), NumberSearch.Point.UNKNOWN) != null
        ? numbers.point()
        : NumberSearch.Point.UNKNOWN;
  }

  DateSearch.DayFirst dayFirst() {
    return values == 0 ? DateSearch.DayFirst.OPEN : dates.dayFirst(needed());
  }

  boolean hasValues() {
    return values > 0;
  }

  /** True if the values are numbers, dates, or booleans. */
  boolean isTyped() {
    return values > 0 && !form("", NumberSearch.Point.COMMA, DateSearch.DayFirst.YES).isText();
  }

  PersonalData personal() {
    return personal;
  }

  /**
   * Returns the form of the column.
   *
   * @param name its name in the file
   * @param point what the other columns of the file show
   * @param dayFirst what the other columns of the file show
   */
  ColumnForm form(String name, NumberSearch.Point point, DateSearch.DayFirst dayFirst) {
    long needed = needed();
    for (KnownForm each : stated) {
      boolean plain =
          each.kind == ColumnKind.DECIMAL && count(EnumSet.of(ValueKind.WHOLE)) >= needed;
      if (values > 0 && each.count >= needed && !plain) {
        boolean number = each.kind == ColumnKind.DECIMAL;
        return typed(number ? NUMBERS : EnumSet.of(kind(each.kind)), each.kind, each.format);
      }
    }
    if (values == 0 || leadingZeros > 0 || PersonalData.isCode(name, shortest)) {
      return text(PersonalData.isCode(name, shortest) && leadingZeros == 0, "");
    }
    if (numbers.isOpen(needed, point)) {
      return text(
          true,
          "what separates fractions can separate thousands: say which, such as 1.234,56 or 1,234.56");
    }
    String example = numbers.example(needed, point);
    boolean plainNumbers = count(NUMBERS) >= needed;
    if (example != null && (!plainNumbers || isGrouped(point))) {
      return typed(NUMBERS, ColumnKind.DECIMAL, example);
    }
    if (plainNumbers) {
      return typed(NUMBERS, ColumnKind.DECIMAL, null);
    }
    for (ValueKind kind : kinds.keySet()) {
      ColumnKind column = column(kind);
      if (column != null && kinds.get(kind) >= needed) {
        return typed(EnumSet.of(kind), column, null);
      }
    }
    DateSearch.Found found = dates.found(needed, dayFirst);
    if (found != null) {
      return typed(EnumSet.of(kind(found.kind())), found.kind(), found.pattern());
    }
    String words = booleans.format(needed);
    if (words != null) {
      return typed(EnumSet.of(ValueKind.BOOLEAN), ColumnKind.BOOLEAN, words);
    }
    return text(
        false,
        dates.isOpen(needed, dayFirst)
            ? "day and month can be swapped: say which is first, such as dd/MM/yyyy or MM/dd/yyyy"
            : "");
  }

  /** Digits with a point before the last three are whole numbers in a file of decimal commas. */
  private boolean isGrouped(NumberSearch.Point file) {
    return file == NumberSearch.Point.COMMA
        && numbers.point() == NumberSearch.Point.UNKNOWN
        && kinds.containsKey(ValueKind.DECIMAL);
  }

  private long count(Set<ValueKind> selected) {
    return selected.stream().mapToLong(kind -> kinds.getOrDefault(kind, 0L)).sum();
  }

  private ColumnForm typed(Set<ValueKind> accepted, ColumnKind kind, @Nullable String format) {
    Set<String> all = new HashSet<>(nulls.keySet());
    if (empty > 0) {
      all.add("");
    }
    return new ColumnForm(kind, accepted, new TextForm(format, all, spaced > 0 || trimmed), "");
  }

  private ColumnForm text(boolean code, String note) {
    Set<String> all = new HashSet<>(nulls.keySet());
    all.removeIf(text -> POSSIBLE_NULLS.contains(text) && isWord(text));
    return new ColumnForm(
        code ? ColumnKind.STRING : null, Set.of(), new TextForm(null, all, trimmed), note);
  }

  /** A word of a column with few words, or a code like the others, such as that of Namibia. */
  private boolean isWord(String text) {
    return values > 0
        && (distinct.size() <= FEW
            || distinct.stream().allMatch(other -> other.length() == text.length()));
  }

  private static @Nullable ColumnKind column(ValueKind kind) {
    return switch (kind) {
      case BOOLEAN -> ColumnKind.BOOLEAN;
      case DATE -> ColumnKind.DATE;
      case TIME -> ColumnKind.TIME;
      case LOCAL_TIMESTAMP -> ColumnKind.LOCAL_TIMESTAMP;
      case INSTANT -> ColumnKind.INSTANT;
      case UUID -> ColumnKind.UUID;
      default -> null;
    };
  }

  private static ValueKind kind(ColumnKind kind) {
    return switch (kind) {
      case DATE -> ValueKind.DATE;
      case TIME -> ValueKind.TIME;
      case LOCAL_TIMESTAMP -> ValueKind.LOCAL_TIMESTAMP;
      case BOOLEAN -> ValueKind.BOOLEAN;
      default -> ValueKind.INSTANT;
    };
  }
}
