package io.meshwork.odcs.internal.profile;

import io.meshwork.internal.rows.ColumnKind;
import io.meshwork.internal.rows.FormattedText;
import io.meshwork.internal.schema.TextFormat;
import io.meshwork.odcs.internal.profile.TextValueParser.TextValue;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The type of a column, and how its values are written. Immutable. */
final class ColumnFormat {
  /** What a string that means null is parsed to. */
  static final TextValue NULL = new TextValue(ValueKind.TEXT, "", "");

  private final @Nullable ColumnKind kind;
  private final Set<ValueKind> accepted;
  private final TextFormat format;
  private final String note;
  private final @Nullable FormattedText parser;

  /**
   * Creates a form.
   *
   * @param kind the type; null for text
   * @param accepted the kinds of its values; none for text
   * @param note what is open about it; empty if nothing is
   */
  ColumnFormat(@Nullable ColumnKind kind, Set<ValueKind> accepted, TextFormat format, String note) {
    this.kind = kind;
    this.accepted = Set.copyOf(accepted);
    this.format = format;
    this.note = note;
    this.parser = kind == null || format.format() == null ? null : FormattedText.of(kind, format);
  }

  boolean isText() {
    return accepted.isEmpty();
  }

  TextFormat format() {
    return format;
  }

  String note() {
    return note;
  }

  /** Returns what the values are, for the reason why one is not. */
  String described() {
    return format.format() != null
        ? "in the form " + format.format()
        : accepted.size() == 1 ? "a " + accepted.iterator().next().singular() : "a number";
  }

  /** True for {@link #NULL}, but not for an empty text, which equals it. */
  @SuppressWarnings("ReferenceEquality")
  static boolean isNull(TextValue value) {
    return value == NULL;
  }

  /** Returns the value, {@link #NULL}, or null if the cell has no value of the column's type. */
  @Nullable TextValue parse(String cell) {
    String text = format.trimmed() ? cell.strip() : cell;
    if (format.nulls().contains(text)) {
      return NULL;
    }
    if (accepted.isEmpty()) {
      return kind == ColumnKind.STRING
          ? new TextValue(ValueKind.TEXT, text, text)
          : TextValueParser.cell(text);
    }
    TextValue parsed = parser == null ? TextValueParser.cell(text) : formed(parser, text);
    return parsed != null && accepted.contains(parsed.kind()) ? parsed : null;
  }

  private @Nullable TextValue formed(FormattedText texts, String text) {
    if (kind == ColumnKind.DECIMAL) {
      String plain = texts.plainNumber(text);
      return plain == null ? null : TextValueParser.number(plain, text);
    }
    Object value = texts.parse(text);
    return value == null ? null : new TextValue(accepted.iterator().next(), value, text);
  }
}
