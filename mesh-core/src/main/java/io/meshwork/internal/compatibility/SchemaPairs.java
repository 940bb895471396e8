package io.meshwork.internal.compatibility;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.apache.avro.Schema;
import org.apache.avro.Schema.Type;
import org.jspecify.annotations.Nullable;

/**
 * One walk over two legal schemas, by name at every depth. Where the table of verdicts looks at the
 * whole schema's resolution, so does this; elsewhere each place is judged by itself. Used once.
 */
final class SchemaPairs {
  private static final String TAKES_OVER =
      "has an alias that is another column's name, so decoders take that column from its readers";

  private final boolean forward;
  private final boolean backward;
  private final List<SchemaChange> changes = new ArrayList<>();

  /**
   * A walk.
   *
   * @param forward true if the whole old schema reads what is written with the new one
   * @param backward true if the whole new schema reads what was written with the old one
   */
  SchemaPairs(boolean forward, boolean backward) {
    this.forward = forward;
    this.backward = backward;
  }

  List<SchemaChange> changes(Schema before, Schema after) {
    value("", before, after);
    return changes;
  }

  private void type(String path, Schema before, Schema after) {
    if (!before.isNullable() && after.isNullable()) {
      consumersBreak(
          path,
          before,
          after,
          "may be null now, which old readers are not built for",
          "Add a second, nullable column beside it, or define a product of another name.");
    } else if (before.isNullable() && !after.isNullable()) {
      historyBreaks(
          path,
          before,
          after,
          "may be null in old rows, which new readers have no room for",
          "Keep it nullable and add a notNull rule, which is a minor.");
    } else if (ValueTypes.nullFirst(before) != ValueTypes.nullFirst(after)) {
      add(
          SchemaCode.ORDER_ONLY,
          path,
          Fragments.of(before),
          Fragments.of(after),
          "has null at the other side of its union",
          "");
    }
    Schema old = ValueTypes.value(before);
    Schema now = ValueTypes.value(after);
    if (after.isNullable() && isFoundByFullName(now) && hasMoved(old, now)) {
      String mend = "Give the type its old namespace, which is a minor.";
      bothBreak(path, old, now, "has a type that decoders find by its full name only", mend);
    }
    value(path, old, now);
  }

  /**
   * Avro's decoder finds enums and fixed in a union by full name, although its checker does not.
   */
  private static boolean isFoundByFullName(Schema type) {
    return type.getType() == Type.ENUM || type.getType() == Type.FIXED;
  }

  private static boolean hasMoved(Schema before, Schema after) {
    return before.getType() == after.getType()
        && before.getName().equals(after.getName())
        && !before.getFullName().equals(after.getFullName());
  }

  private void value(String path, Schema before, Schema after) {
    if (before.getType() != after.getType()) {
      otherType(path, before, after);
      return;
    }
    if (!Objects.equals(ValueTypes.logical(before), ValueTypes.logical(after))) {
      otherMeaning(path, before, after);
    } else if (ValueTypes.isDecimal(before)) {
      decimal(path, before, after);
    }
    switch (before.getType()) {
      case RECORD -> {
        name(path, before, after);
        fields(path, before, after);
      }
      case ENUM -> {
        name(path, before, after);
        symbols(path, before, after);
      }
      case FIXED -> {
        name(path, before, after);
        if (before.getFixedSize() != after.getFixedSize()) {
          bothBreak(
              path,
              before,
              after,
              "has another size",
              "Add a second column of the new size, or define a product of another name.");
        }
      }
      case ARRAY -> type(path + "[]", before.getElementType(), after.getElementType());
      case MAP -> type(path + "{}", before.getValueType(), after.getValueType());
      default -> {
        // a simple type holds nothing more to compare
      }
    }
    changes.addAll(Decorations.ofTypes(path, before, after));
  }

  private void otherType(String path, Schema before, Schema after) {
    boolean textAndBytes =
        Set.of(Type.STRING, Type.BYTES).containsAll(Set.of(before.getType(), after.getType()));
    boolean otherMeaning =
        !Objects.equals(ValueTypes.logical(before), ValueTypes.logical(after))
            && (forward || backward);
    if (textAndBytes || otherMeaning) {
      misread(path, before, after);
    }
    if (!AvroResolution.reads(before, after)) {
      consumersBreak(
          path,
          before,
          after,
          "became " + ValueTypes.column(after) + ", which old readers cannot read",
          insteadOf(before, after));
    }
    if (!AvroResolution.reads(after, before)) {
      historyBreaks(
          path,
          before,
          after,
          "was " + ValueTypes.column(before) + ", which new readers cannot read",
          insteadOf(before, after));
    }
  }

  private void otherMeaning(String path, Schema before, Schema after) {
    if (forward || backward) {
      misread(path, before, after);
    } else {
      // Nothing resolves anyhow, so nobody misreads in silence.
      consumersBreak(path, before, after, "means something else now", insteadOf(before, after));
    }
  }

  private void misread(String path, Schema before, Schema after) {
    changes.add(
        new SchemaChange(
            SchemaCode.SILENT_MISREAD,
            path,
            Fragments.of(before),
            Fragments.of(after),
            false,
            false,
            subject(path) + " means something else now, and readers get no error.",
            insteadOf(before, after)));
  }

  private static String insteadOf(Schema before, Schema after) {
    if (before.getType() == Type.STRING && after.getType() == Type.ENUM) {
      return "Keep string and add an inSet rule, which is a minor.";
    }
    if (before.getType() == Type.STRING && "uuid".equals(ValueTypes.logical(after))) {
      return "Keep string and add a matches rule, which is a minor.";
    }
    return "Add a second column of the new type, or define a product of another name.";
  }

  private void decimal(String path, Schema before, Schema after) {
    int digits = Integer.compare(ValueTypes.precision(after), ValueTypes.precision(before));
    if (ValueTypes.scale(before) != ValueTypes.scale(after)) {
      misread(path, before, after);
    }
    if (digits < 0) {
      historyBreaks(
          path,
          before,
          after,
          "has fewer digits than old rows may hold",
          "Keep the digits and add a between rule, which is a minor.");
    } else if (digits > 0) {
      changes.add(
          new SchemaChange(
              SchemaCode.WIDENING_OLD_READER,
              path,
              Fragments.of(before),
              Fragments.of(after),
              false,
              true,
              subject(path) + " may have more digits than old readers have room for.",
              "Add a second column with more digits, or define a product of another name."));
    }
  }

  private void name(String path, Schema before, Schema after) {
    if (!before.getName().equals(after.getName())) {
      changes.add(
          new SchemaChange(
              SchemaCode.NAME_CHANGED,
              path,
              before.getFullName(),
              after.getFullName(),
              false,
              after.getAliases().contains(before.getFullName()),
              subject(path) + " has a type of another name, which registries refuse.",
              "Keep the name: the version belongs to the product, not to the schema's name."));
    } else if (hasMoved(before, after)) {
      add(
          SchemaCode.NAMESPACE_CHANGED,
          path,
          before.getFullName(),
          after.getFullName(),
          "has a type in another namespace, which only who generates classes sees",
          "");
    }
  }

  private void symbols(String path, Schema before, Schema after) {
    List<String> removed = without(before.getEnumSymbols(), after.getEnumSymbols());
    List<String> added = without(after.getEnumSymbols(), before.getEnumSymbols());
    if (!added.isEmpty()) {
      String names = String.join(", ", added);
      if (before.getEnumDefault() == null) {
        consumersBreak(
            path,
            before,
            after,
            "may be " + names + " now, and old readers have no enum default to read it as",
            "Declare an enum default now, which is a minor, so that the next symbol is a minor.");
      } else {
        add(
            SchemaCode.ENUM_FOLDED,
            path,
            Fragments.of(before),
            Fragments.of(after),
            "may be " + names + " now, which old readers read as " + before.getEnumDefault(),
            "");
      }
    }
    if (!removed.isEmpty()) {
      lostSymbols(path, String.join(", ", removed), before, after);
    }
    if (!common(before.getEnumSymbols(), after.getEnumSymbols())
        .equals(common(after.getEnumSymbols(), before.getEnumSymbols()))) {
      add(
          SchemaCode.ORDER_ONLY,
          path,
          Fragments.of(before),
          Fragments.of(after),
          "lists its symbols in another order",
          "");
    }
    if (!Objects.equals(before.getEnumDefault(), after.getEnumDefault())) {
      add(
          SchemaCode.ENUM_DEFAULT,
          path,
          before.getEnumDefault(),
          after.getEnumDefault(),
          "has another enum default, which readers built from now on use",
          "");
    }
  }

  private void lostSymbols(String path, String names, Schema before, Schema after) {
    String mend = "Keep the symbol and forbid it for new rows with an inSet rule.";
    if (after.getEnumDefault() == null) {
      historyBreaks(path, before, after, "is " + names + " in old rows, perhaps", mend);
    } else {
      changes.add(
          new SchemaChange(
              SchemaCode.SILENT_LOSS,
              path,
              Fragments.of(before),
              Fragments.of(after),
              true,
              false,
              subject(path)
                  + " lost "
                  + names
                  + ", and new readers read it in old rows as "
                  + after.getEnumDefault()
                  + " without an error.",
              mend));
    }
  }

  private void fields(String path, Schema before, Schema after) {
    for (Schema.Field old : before.getFields()) {
      Schema.Field now = after.getField(old.name());
      if (now == null) {
        gone(inside(path, old), old, after);
        if (takesOver(old, before, after)) {
          consumersBreak(
              inside(path, old), old.schema(), old.schema(), TAKES_OVER, "Keep the column.");
        }
      } else {
        field(inside(path, old), old, now, before, after);
      }
    }
    for (Schema.Field now : after.getFields()) {
      if (before.getField(now.name()) == null) {
        added(inside(path, now), now, before);
        if (takesOver(now, before, after)) {
          historyBreaks(
              inside(path, now), now.schema(), now.schema(), TAKES_OVER, "Remove the alias.");
        }
      }
    }
    List<String> names = before.getFields().stream().map(Schema.Field::name).toList();
    List<String> newNames = after.getFields().stream().map(Schema.Field::name).toList();
    if (!common(names, newNames).equals(common(newNames, names))) {
      add(
          SchemaCode.ORDER_ONLY,
          path,
          String.join(", ", common(names, newNames)),
          String.join(", ", common(newNames, names)),
          "has its columns in another order",
          "");
    }
  }

  private void field(String path, Schema.Field old, Schema.Field now, Schema before, Schema after) {
    if (!Fragments.sameDefault(old, now)) {
      add(
          SchemaCode.DEFAULT_CHANGED,
          path,
          Fragments.defaultText(old),
          Fragments.defaultText(now),
          "has another default, which only writers that leave it out see",
          "");
    }
    changes.addAll(Decorations.ofFields(path, old, now));
    type(path, old.schema(), now.schema());
    String ambiguous = "has an alias that is another column's name, so readers cannot choose";
    String mend = "Remove the alias.";
    if (old.aliases().stream().anyMatch(alias -> after.getField(alias) != null)) {
      consumersBreak(path, old.schema(), now.schema(), ambiguous, mend);
    }
    if (now.aliases().stream().anyMatch(alias -> before.getField(alias) != null)) {
      historyBreaks(path, old.schema(), now.schema(), ambiguous, mend);
    }
  }

  /** Avro's decoder gives the other column's values to the alias alone; its checker lets it by. */
  private static boolean takesOver(Schema.Field field, Schema before, Schema after) {
    return field.aliases().stream()
        .anyMatch(alias -> before.getField(alias) != null && after.getField(alias) != null);
  }

  private void gone(String path, Schema.Field old, Schema after) {
    @Nullable String heir = null;
    for (Schema.Field now : after.getFields()) {
      heir = now.aliases().contains(old.name()) ? now.name() : heir;
    }
    @Nullable String respelt =
        after.getFields().stream()
            .map(Schema.Field::name)
            .filter(old.name()::equalsIgnoreCase)
            .findFirst()
            .orElse(null);
    boolean resolved = forward || AvroResolution.finds(old, after);
    String how = heir == null ? "is gone" : "is called " + heir + " now";
    if (respelt != null) {
      how = "is called " + respelt + " now, which differs only by case";
    }
    changes.add(
        new SchemaChange(
            resolved ? SchemaCode.SILENT_LOSS : SchemaCode.CONSUMER_BREAK,
            path,
            Fragments.of(old),
            null,
            false,
            true,
            path
                + " "
                + how
                + (resolved
                    ? ", and old readers get its default in every row without an error."
                    : ", and old readers have nothing to put in its place."),
            respelt != null
                ? "Keep the name as it was written."
                : heir == null
                    ? "Deprecate it in its description, a patch, and drop it in the next major."
                    : "Keep the old name, add the new one as a second nullable column with default"
                        + " null and fill both; drop the old one in the next major."));
  }

  private static String inOldRows(Schema.Field now, Schema before) {
    return now.aliases().stream()
        .filter(alias -> before.getField(alias) != null)
        .findFirst()
        .map(alias -> "the values of " + alias)
        .orElse("its default");
  }

  private void added(String path, Schema.Field now, Schema before) {
    if (backward || AvroResolution.finds(now, before)) {
      add(
          SchemaCode.FIELD_ADDED_COMPAT,
          path,
          null,
          Fragments.of(now),
          "is new; old readers skip it, and in old rows it has " + inOldRows(now, before),
          "");
    } else {
      changes.add(
          new SchemaChange(
              SchemaCode.HISTORY_UNREADABLE,
              path,
              null,
              Fragments.of(now),
              true,
              false,
              path + " is new, and new readers have nothing to put in its place in old rows.",
              now.schema().isNullable()
                  ? "Put null first in its union and give it the default null, which is a minor."
                  : "Make it nullable with default null, or give it a default, which is a minor"
                      + " (a default other than null needs table format 3)."));
    }
  }

  private void bothBreak(String path, Schema before, Schema after, String what, String mend) {
    consumersBreak(path, before, after, what, mend);
    historyBreaks(path, before, after, what, mend);
  }

  private void consumersBreak(String path, Schema before, Schema after, String what, String mend) {
    changes.add(
        new SchemaChange(
            SchemaCode.CONSUMER_BREAK,
            path,
            Fragments.of(before),
            Fragments.of(after),
            false,
            true,
            subject(path) + " " + what + ".",
            mend));
  }

  private void historyBreaks(String path, Schema before, Schema after, String what, String mend) {
    changes.add(
        new SchemaChange(
            SchemaCode.HISTORY_UNREADABLE,
            path,
            Fragments.of(before),
            Fragments.of(after),
            true,
            false,
            subject(path) + " " + what + ".",
            mend));
  }

  private void add(
      SchemaCode code,
      String path,
      @Nullable String before,
      @Nullable String after,
      String what,
      String mend) {
    changes.add(
        new SchemaChange(
            code, path, before, after, true, true, subject(path) + " " + what + ".", mend));
  }

  static String subject(String path) {
    return path.isEmpty() ? "The record" : path;
  }

  private static String inside(String path, Schema.Field field) {
    return path.isEmpty() ? field.name() : path + "." + field.name();
  }

  private static List<String> without(List<String> all, List<String> others) {
    Set<String> known = new HashSet<>(others);
    return all.stream().filter(one -> !known.contains(one)).toList();
  }

  private static List<String> common(List<String> all, List<String> others) {
    return all.stream().filter(new HashSet<>(others)::contains).toList();
  }
}
