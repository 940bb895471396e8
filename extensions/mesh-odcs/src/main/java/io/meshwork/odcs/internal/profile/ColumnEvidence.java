package io.meshwork.odcs.internal.profile;

import io.meshwork.internal.naming.NameGrammar;
import io.meshwork.internal.rows.ColumnKind;
import io.meshwork.internal.rows.FormattedText;
import io.meshwork.internal.schema.TextFormat;
import io.meshwork.internal.text.Count;
import io.meshwork.publish.Publish.FileFormat;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;

/** What the values of a column show about its type, and how they are written. Not thread-safe. */
final class ColumnEvidence {
  /** Strings that mean null wherever they are. */
  private static final Set<String> NULLS =
      Set.of(
          "NULL", "null", "\\N", "N/A", "n/a", "#N/A", "(null)", "<null>", "[null]", "#NULL!",
          "#NV");

  /** Strings that mean null unless a column has few distinct strings or codes of their length. */
  private static final Set<String> POSSIBLE_NULLS =
      Set.of(
          "-", "--", "Null", "NA", "None", "none", "NONE", "nan", "NaN", "NAN", "nil", "NIL", "na",
          "?", "#VALUE!", "unknown");

  private static final Set<ValueKind> NUMBERS = SchemaInference.NUMBERS;
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
  private static final int MAX_EXAMPLE = 40;

  /** Names of columns with dates. */
  private static final Pattern DATE_NAME =
      Pattern.compile("(?i).*(dat(e|um|o)|day|tag|fecha|birth|geb).*");

  /** A form that the caller states, and the number of values in it. */
  private static final class KnownForm {
    private final ColumnKind kind;
    private final String format;
    private final FormattedText parser;
    private long count;
    private @Nullable String otherForm;

    KnownForm(ColumnKind kind, String format) {
      this.kind = kind;
      this.format = format;
      this.parser = FormattedText.of(kind, new TextFormat(format, Set.of(), true));
    }

    void add(String text) {
      if (parser.parse(text) != null) {
        count++;
      } else if (otherForm == null) {
        otherForm = text;
      }
    }
  }

  private final Map<ValueKind, Long> kinds = new EnumMap<>(ValueKind.class);
  private final Map<ValueKind, String> firsts = new EnumMap<>(ValueKind.class);
  private final Map<String, Long> nulls = new TreeMap<>();
  private final Set<String> distinct = new HashSet<>();
  private final NumberEvidence numbers = new NumberEvidence();
  private final DateEvidence dates;
  private final CompactDays days = new CompactDays();
  private final BooleanWords booleans = new BooleanWords();
  private final PersonalData personal = new PersonalData();
  private final List<KnownForm> stated;
  private final boolean trimmed;
  private long values;
  private long empty;
  private long spaced;
  private long leadingZeros;
  private int shortest = Integer.MAX_VALUE;

  /**
   * Creates the evidence of a column of which nothing is stated.
   *
   * @param thisYear the year in which the values are read
   */
  ColumnEvidence(int thisYear) {
    this.stated = List.of();
    this.trimmed = false;
    this.dates = new DateEvidence(thisYear);
  }

  /**
   * Creates the evidence of a column.
   *
   * @param column the column's name in the contract
   * @param csv what the caller states
   * @param thisYear the year in which the values are read
   */
  ColumnEvidence(String column, FileFormat.Csv csv, int thisYear) {
    this.stated = new ArrayList<>();
    this.trimmed = csv.isTrimmed();
    this.dates = new DateEvidence(thisYear);
    for (Map.Entry<ColumnKind, Schema> each : TYPES.entrySet()) {
      String format = csv.form(column, each.getValue()).orElse(null);
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
    firsts.putIfAbsent(kind, text);
    personal.add(text);
    for (KnownForm each : stated) {
      each.add(text);
    }
    if (kind == ValueKind.TEXT || NUMBERS.contains(kind)) {
      numbers.add(text);
      leadingZeros += isPadded(text) ? 1 : 0;
    }
    if (kind == ValueKind.WHOLE) {
      days.add(text);
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

  /** How many values of a type give a column this type: 99 in 100, and all if they are few. */
  private long needed() {
    return values < MIN_VALUES ? values : values - (values + 99) / 100;
  }

  NumberEvidence.Point point() {
    return needed() > 0 && numbers.example(needed(), NumberEvidence.Point.UNKNOWN) != null
        ? numbers.point()
        : NumberEvidence.Point.UNKNOWN;
  }

  DateEvidence.DayFirst dayFirst() {
    return values == 0 ? DateEvidence.DayFirst.OPEN : dates.dayFirst(needed());
  }

  boolean hasValues() {
    return values > 0;
  }

  /** True if all cells are empty, also without a string that means null. */
  boolean isBlank() {
    return values == 0 && nulls.isEmpty();
  }

  /** True if the values look like numbers, dates, or booleans, also in doubt. */
  boolean isTyped() {
    return values > 0
        && (numbers.numbers() >= needed()
            || dates.dates() >= needed()
            || !format("", FileEvidence.NONE).isText());
  }

  /** Returns why the column is about persons; empty if nothing shows it. */
  Optional<String> personal(String name, boolean isText) {
    return personal.evidence(name, isText);
  }

  /**
   * Returns the type of the column, and how its values are written.
   *
   * @param name its name in the file
   * @param file what the columns of the file show
   */
  ColumnFormat format(String name, FileEvidence file) {
    long needed = needed();
    String others = "";
    for (KnownForm each : stated) {
      boolean plain =
          each.kind == ColumnKind.DECIMAL && count(EnumSet.of(ValueKind.WHOLE)) >= needed;
      if (values > 0 && each.count >= needed && !plain) {
        boolean number = each.kind == ColumnKind.DECIMAL;
        return typed(number ? NUMBERS : EnumSet.of(kind(each.kind)), each.kind, each.format, "");
      } else if (each.count < needed && each.count * 2 >= values && values > 0) {
        others =
            others(
                name,
                each.count,
                "in the form " + each.format,
                "in the form " + each.format,
                each.otherForm);
        if (each.kind != ColumnKind.DECIMAL) {
          return text(false, others);
        }
      }
    }
    boolean code = PersonalData.isCode(name, shortest);
    if (values == 0 || leadingZeros > 0 || code) {
      return text(code && leadingZeros == 0, "");
    }
    if (days.areDays(name, values)) {
      return typed(EnumSet.of(ValueKind.DATE), ColumnKind.DATE, CompactDays.PATTERN, "");
    }
    ColumnFormat number = number(needed, file);
    if (number != null) {
      return number;
    }
    for (ValueKind kind : kinds.keySet()) {
      ColumnKind column = column(kind);
      if (column != null && kinds.get(kind) >= needed) {
        return typed(EnumSet.of(kind), column, null, "");
      }
    }
    String doubt =
        dates.doubt(
            needed, file.dayFirst(), DATE_NAME.matcher(name).matches(), PersonalData.isBirth(name));
    DateEvidence.Found dateForm = doubt.isEmpty() ? dates.found(needed, file.dayFirst()) : null;
    if (dateForm != null) {
      return typed(
          EnumSet.of(kind(dateForm.kind())),
          dateForm.kind(),
          dateForm.pattern(),
          dateNote(dateForm, file));
    }
    String words = booleans.format(needed);
    if (words != null) {
      return typed(EnumSet.of(ValueKind.BOOLEAN), ColumnKind.BOOLEAN, words, "");
    }
    doubt = doubt.isEmpty() ? booleans.doubt(needed) : doubt;
    others = others.isEmpty() ? otherTypes(name) : others;
    return text(false, doubt.isEmpty() ? others : doubt);
  }

  /** Returns the form of numbers, or of strings that are numbers in doubt; null for others. */
  private @Nullable ColumnFormat number(long needed, FileEvidence file) {
    String doubt = numbers.doubt(needed, file.point());
    if (!doubt.isEmpty()) {
      return text(true, doubt);
    }
    String example = numbers.example(needed, file.point());
    boolean plain = count(NUMBERS) >= needed && !numbers.isAccounting(needed);
    boolean grouped = isGrouped(file.point());
    if (example != null && (!plain || grouped)) {
      boolean shown = !numbers.hasOpenPoints() || numbers.point() != NumberEvidence.Point.UNKNOWN;
      return typed(
          NUMBERS,
          ColumnKind.DECIMAL,
          example,
          shown || file.pointColumn().isEmpty()
              ? ""
              : "is read as " + example + ", as column '" + file.pointColumn() + "' is written");
    }
    return plain ? typed(NUMBERS, ColumnKind.DECIMAL, null, "") : null;
  }

  private String dateNote(DateEvidence.Found dateForm, FileEvidence file) {
    boolean ordered = dateForm.pattern().matches("[dM]{1,2}[^.dM][dM]{1,2}[^.dM].*");
    if (ordered && dayFirst() == DateEvidence.DayFirst.OPEN && !file.dayColumn().isEmpty()) {
      return "is read as "
          + dateForm.pattern()
          + ", because only column '"
          + file.dayColumn()
          + "' shows whether the day or the month is first"
          + (dates.loss().isEmpty() ? "" : ", and " + dates.loss());
    }
    return dates.loss();
  }

  /** Why the column is text, if at least half of its values have another type. */
  private String otherTypes(String name) {
    Map<ValueKind, Long> counts = new EnumMap<>(kinds);
    counts.remove(ValueKind.TEXT);
    long plain = count(NUMBERS);
    NUMBERS.forEach(counts::remove);
    String otherForm = first(NUMBERS);
    String one = "a number";
    String several = "numbers";
    long most = plain;
    for (Map.Entry<ValueKind, Long> each : counts.entrySet()) {
      if (each.getValue() > most) {
        most = each.getValue();
        one = "a " + each.getKey().singular();
        several = each.getKey().plural();
        otherForm = first(EnumSet.of(each.getKey()));
      }
    }
    if (numbers.numbers() > most) {
      most = numbers.numbers();
      one = "a number";
      several = "numbers";
      otherForm = numbers.other();
    }
    if (dates.dates() > most) {
      most = dates.dates();
      one = "a date or time in the form of the others";
      several = "dates or times in the form of the others";
      otherForm = dates.other();
    }
    return most * 2 < values ? "" : others(name, most, one, several, otherForm);
  }

  /** The first value of another kind; null if there is none. */
  private @Nullable String first(Set<ValueKind> kindsOfMost) {
    return firsts.entrySet().stream()
        .filter(each -> !kindsOfMost.contains(each.getKey()))
        .map(Map.Entry::getValue)
        .findFirst()
        .orElse(null);
  }

  private String others(
      String name, long most, String one, String several, @Nullable String example) {
    long others = values - most;
    boolean shown = example != null && personal(name, true).isEmpty();
    return others
        + " of "
        + Count.of(values, "value")
        + (others == 1 ? " is not " + one : " are not " + several)
        + (shown ? ", such as '" + shortened(example) + "'" : "");
  }

  private static String shortened(@Nullable String text) {
    String all = String.valueOf(text);
    return NameGrammar.quoted(
        all.length() > MAX_EXAMPLE ? all.substring(0, MAX_EXAMPLE) + "\u2026" : all);
  }

  /** Digits with a point before the last three are whole numbers in a file of decimal commas. */
  private boolean isGrouped(NumberEvidence.Point file) {
    return file == NumberEvidence.Point.COMMA
        && numbers.point() == NumberEvidence.Point.UNKNOWN
        && kinds.containsKey(ValueKind.DECIMAL);
  }

  private long count(Set<ValueKind> selected) {
    return selected.stream().mapToLong(kind -> kinds.getOrDefault(kind, 0L)).sum();
  }

  private ColumnFormat typed(
      Set<ValueKind> accepted, ColumnKind kind, @Nullable String format, String note) {
    Set<String> all = new HashSet<>(nulls.keySet());
    if (empty > 0) {
      all.add("");
    }
    return new ColumnFormat(
        kind, accepted, new TextFormat(format, all, spaced > 0 || trimmed), note);
  }

  /**
   * Creates the form of strings.
   *
   * @param code true for strings that can look like numbers
   */
  ColumnFormat text(boolean code, String note) {
    Set<String> all = new HashSet<>(nulls.keySet());
    all.removeIf(text -> POSSIBLE_NULLS.contains(text) && isWord(text));
    return new ColumnFormat(
        code ? ColumnKind.STRING : null,
        Set.of(),
        new TextFormat(null, all, trimmed),
        note.isEmpty() ? "" : "stays text: " + note);
  }

  /** A word of a column with few words, or a code like the others, such as Namibia's. */
  private boolean isWord(String text) {
    return values > 0
        && (distinct.size() <= FEW
            || distinct.stream().allMatch(value -> value.length() == text.length()));
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
