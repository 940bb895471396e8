package io.meshwork.odcs.internal.profile;

import io.meshwork.internal.rows.ColumnKind;
import io.meshwork.internal.rows.FormedText;
import io.meshwork.internal.schema.TextForm;
import io.meshwork.odcs.internal.profile.TextValueParser.TextValue;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The type of a column, and how its values are written. Immutable. */
final class ColumnForm {
  /** What a text that means null is parsed to. */
  static final TextValue NULL = new TextValue(ValueKind.TEXT, "", "");

  private final @Nullable ColumnKind kind;
  private final Set<ValueKind> accepted;
  private final TextForm form;
  private final String note;
  private final @Nullable FormedText parser;

  /**
   * Creates a form.
   *
   * @param kind the type; null for text
   * @param accepted the kinds of its values; none for text
   * @param note what is open about it; empty if nothing is
   */
  ColumnForm(@Nullable ColumnKind kind, Set<ValueKind> accepted, TextForm form, String note) {
    this.kind = kind;
    this.accepted = Set.copyOf(accepted);
    this.form = form;
    this.note = note;
    this.parser = kind == null || form.format() == null ? null : FormedText.of(kind, form);
  }

  boolean isText() {
    return accepted.isEmpty();
  }

  TextForm form() {
    return form;
  }

  String note() {
    return note;
  }

  /** Returns what the values are, for the reason why one is not. */
  String described() {
    return form.format() != null
        ? "in the form " + form.format()
        : accepted.size() == 1 ? "a " + accepted.iterator().next().singular() : "a number";
  }

  /** True for {@link #NULL}, but not for an empty text, which equals it. */
  @SuppressWarnings("ReferenceEquality")
  static boolean isNull(TextValue value) {
    return value == NULL;
  }

  /** Returns the value, {@link #NULL}, or null if the cell has no value of the column's type. */
  @Nullable TextValue parse(String cell) {
    String text = form.trimmed() ? cell.strip() : cell;
    if (form.nulls().contains(text)) {
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

  private @Nullable TextValue formed(FormedText texts, String text) {
    if (kind == ColumnKind.DECIMAL) {
      String plain = texts.plainNumber(text);
      return plain == null ? null : TextValueParser.number(plain, text);
    }
    Object value = texts.parse(text);
    return value == null ? null : new TextValue(accepted.iterator().next(), value, text);
  }
}
