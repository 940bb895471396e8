package io.meshwork.internal.compatibility;

import io.meshwork.internal.compatibility.SchemaChange.SafeReaders;
import io.meshwork.internal.compatibility.SchemaChange.SchemaCode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.apache.avro.Schema;
import org.apache.avro.Schema.Type;
import org.jspecify.annotations.Nullable;

/**
 * Compares two legal schemas by name at every depth. Some verdicts depend on the resolution of the
 * whole schema, the others on each field alone. Used once.
 */
final class SchemaPairs {
  private static final String CAPTURES_COLUMN =
      "has an alias that is another column's name, so decoders hide that column from its readers";

  private static final String FOUND_BY_FULL_NAME =
      "has a type that Avro's decoders find by its full name only";

  private final boolean forward;
  private final boolean backward;
  private final Map<String, String> oldNames;
  private final boolean newMajor;
  private final List<SchemaChange> changes = new ArrayList<>();

  /**
   * Creates a comparison.
   *
   * @param forward whether the old schema as a whole reads data of the new one
   * @param backward whether the new schema as a whole reads data of the old one
   * @param oldNames the old names of renamed fields, by their new paths
   * @param newMajor whether the new schema starts a major version, so that its changes do not
   *     advise to roll one out
   */
  SchemaPairs(boolean forward, boolean backward, Map<String, String> oldNames, boolean newMajor) {
    this.forward = forward;
    this.backward = backward;
    this.oldNames = Map.copyOf(oldNames);
    this.newMajor = newMajor;
  }

  List<SchemaChange> changes(Schema before, Schema after) {
    value(ComparedPath.RECORD, before, after);
    return changes;
  }

  private void type(ComparedPath path, Schema before, Schema after) {
    if (!before.isNullable() && after.isNullable()) {
      consumersBreak(
          path,
          before,
          after,
          "may be null now, which old readers do not support",
          SchemaComparison.orNewMajor(newMajor, "Add a second, nullable column"));
    } else if (before.isNullable() && !after.isNullable()) {
      historyBreaks(
          path,
          before,
          after,
          "may be null in old rows, which new readers do not support",
          "Keep it nullable and add a notNull rule, which is a minor change.");
    } else if (ValueTypes.nullFirst(before) != ValueTypes.nullFirst(after)) {
      add(
          SchemaCode.ORDER_ONLY,
          path,
          SchemaFragments.of(before),
          SchemaFragments.of(after),
          "has null at the other position of its union",
          "");
    }
    Schema old = ValueTypes.value(before);
    Schema now = ValueTypes.value(after);
    if (after.isNullable() && isFoundByFullName(now) && hasMoved(old, now)) {
      String fix = "Restore the old namespace of the type, which is a minor change.";
      changes.add(consumerBreak(path, old, now, FOUND_BY_FULL_NAME, fix).ofTypeNames());
      changes.add(historyBreak(path, old, now, FOUND_BY_FULL_NAME, fix).ofTypeNames());
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

  private void value(ComparedPath path, Schema before, Schema after) {
    if (before.getType() != after.getType()) {
      otherType(path, before, after);
      return;
    }
    if (!Objects.equals(ValueTypes.logical(before), ValueTypes.logical(after))) {
      meaningChanges(path, before, after);
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
              "has a different size",
              SchemaComparison.orNewMajor(newMajor, "Add a second column of the new size"));
        }
      }
      case ARRAY -> type(path.elements(), before.getElementType(), after.getElementType());
      case MAP -> type(path.values(), before.getValueType(), after.getValueType());
      default -> {
        // a primitive type has no parts to compare
      }
    }
    changes.addAll(SchemaAnnotations.ofTypes(path, before, after));
  }

  private void otherType(ComparedPath path, Schema before, Schema after) {
    boolean textAndBytes =
        Set.of(Type.STRING, Type.BYTES).containsAll(Set.of(before.getType(), after.getType()));
    boolean meaningChanges =
        !Objects.equals(ValueTypes.logical(before), ValueTypes.logical(after))
            && (forward || backward);
    if (textAndBytes || meaningChanges) {
      misread(path, before, after);
    }
    if (!AvroResolution.reads(before, after)) {
      consumersBreak(
          path,
          before,
          after,
          "became " + ValueTypes.column(after) + ", which old readers cannot read",
          alternativeTo(before, after));
    }
    if (!AvroResolution.reads(after, before)) {
      historyBreaks(
          path,
          before,
          after,
          "was " + ValueTypes.column(before) + ", which new readers cannot read",
          alternativeTo(before, after));
    }
  }

  private void meaningChanges(ComparedPath path, Schema before, Schema after) {
    if (forward || backward) {
      misread(path, before, after);
    } else {
      // The schemas do not resolve in any case, so no reader silently misreads.
      consumersBreak(
          path, before, after, "has a different meaning now", alternativeTo(before, after));
    }
  }

  private void misread(ComparedPath path, Schema before, Schema after) {
    misread(
        path,
        before,
        after,
        "has a different meaning now, and readers get no error",
        alternativeTo(before, after));
  }

  private void misread(ComparedPath path, Schema before, Schema after, String what, String fix) {
    changes.add(
        new SchemaChange(
            SchemaCode.SILENT_MISREAD,
            path.old(),
            SchemaFragments.of(before),
            SchemaFragments.of(after),
            SafeReaders.NONE,
            path.subject() + " " + what + ".",
            fix));
  }

  private String alternativeTo(Schema before, Schema after) {
    if (before.getType() == Type.STRING && after.getType() == Type.ENUM) {
      return "Keep string and add an inSet rule, which is a minor change.";
    }
    if (before.getType() == Type.STRING && "uuid".equals(ValueTypes.logical(after))) {
      return "Keep string and add a matches rule, which is a minor change.";
    }
    return SchemaComparison.orNewMajor(newMajor, "Add a second column of the new type");
  }

  private void decimal(ComparedPath path, Schema before, Schema after) {
    int digits = Integer.compare(ValueTypes.precision(after), ValueTypes.precision(before));
    if (ValueTypes.scale(before) != ValueTypes.scale(after)) {
      misread(path, before, after);
    }
    if (digits < 0) {
      historyBreaks(
          path,
          before,
          after,
          "has fewer digits than old rows may have",
          "Keep the digits and add a between rule, which is a minor change.");
    } else if (digits > 0) {
      changes.add(
          new SchemaChange(
              SchemaCode.WIDENING_OLD_READER,
              path.old(),
              SchemaFragments.of(before),
              SchemaFragments.of(after),
              SafeReaders.NEW,
              path.subject() + " may have more digits than old readers support.",
              SchemaComparison.orNewMajor(newMajor, "Add a second column with more digits")));
    }
  }

  private void name(ComparedPath path, Schema before, Schema after) {
    if (!before.getName().equals(after.getName())) {
      changes.add(
          new SchemaChange(
                  SchemaCode.NAME_CHANGED,
                  path.old(),
                  before.getFullName(),
                  after.getFullName(),
                  after.getAliases().contains(before.getFullName())
                      ? SafeReaders.NEW
                      : SafeReaders.NONE,
                  path.subject()
                      + (path.old().isEmpty() ? " has" : " has a type with")
                      + " a different name, which schema registries reject.",
                  "Keep the name. The version belongs to the product, not to the schema's name.")
              .ofTypeNames());
    } else if (hasMoved(before, after)) {
      add(
          SchemaCode.NAMESPACE_CHANGED,
          path,
          before.getFullName(),
          after.getFullName(),
          "has a type in a different namespace, which only affects generated classes",
          "");
    }
  }

  private void symbols(ComparedPath path, Schema before, Schema after) {
    List<String> removed = without(before.getEnumSymbols(), after.getEnumSymbols());
    List<String> added = without(after.getEnumSymbols(), before.getEnumSymbols());
    if (!added.isEmpty()) {
      String names = String.join(", ", added);
      if (before.getEnumDefault() == null) {
        consumersBreak(
            path,
            before,
            after,
            "may be " + names + " now, for which old readers have no enum default",
            "Declare an enum default now, which is a minor change, so that the next symbol is a minor change too.");
      } else {
        add(
            SchemaCode.ENUM_FOLDED,
            path,
            SchemaFragments.of(before),
            SchemaFragments.of(after),
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
          SchemaFragments.of(before),
          SchemaFragments.of(after),
          "lists its symbols in a different order",
          "");
    }
    if (!Objects.equals(before.getEnumDefault(), after.getEnumDefault())) {
      add(
          SchemaCode.ENUM_DEFAULT,
          path,
          before.getEnumDefault(),
          after.getEnumDefault(),
          "has a different enum default, which new readers use",
          "");
    }
  }

  private void lostSymbols(ComparedPath path, String names, Schema before, Schema after) {
    String fix = "Keep the symbol and forbid it for new rows with an inSet rule.";
    if (after.getEnumDefault() == null) {
      historyBreaks(path, before, after, "may be " + names + " in old rows", fix);
    } else {
      changes.add(
          new SchemaChange(
              SchemaCode.SILENT_LOSS,
              path.old(),
              SchemaFragments.of(before),
              SchemaFragments.of(after),
              SafeReaders.OLD,
              path.subject()
                  + " lost "
                  + names
                  + ", which new readers read in old rows as "
                  + after.getEnumDefault()
                  + " without an error.",
              fix));
    }
  }

  private void fields(ComparedPath path, Schema before, Schema after) {
    Map<String, Schema.Field> renamed = renamed(path, before, after);
    for (Schema.Field old : before.getFields()) {
      Schema.Field now = after.getField(old.name());
      Schema.Field successor = renamed.get(old.name());
      if (successor != null) {
        renamedField(path, old, successor, after);
      } else if (now != null && renamed.containsValue(now)) {
        misread(
            path.removed(old),
            old.schema(),
            now.schema(),
            "was removed, and a renamed column has its name now, which readers read without an"
                + " error",
            "Give the renamed column a name that no old column has.");
      } else if (now == null) {
        removedField(path.removed(old), old, after);
        if (capturesColumn(old, before, after)) {
          consumersBreak(
              path.removed(old), old.schema(), old.schema(), CAPTURES_COLUMN, "Keep the column.");
        }
      } else {
        field(path.field(old, now), old, now, before, after);
      }
    }
    for (Schema.Field now : after.getFields()) {
      if (before.getField(now.name()) == null && !renamed.containsValue(now)) {
        added(path.added(now), now, before);
        if (capturesColumn(now, before, after)) {
          historyBreaks(
              path.added(now), now.schema(), now.schema(), CAPTURES_COLUMN, "Remove the alias.");
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
          "has its columns in a different order",
          "");
    }
  }

  /** Returns the renamed fields of a record by their old names. */
  private Map<String, Schema.Field> renamed(ComparedPath path, Schema before, Schema after) {
    Map<String, Schema.Field> renamed = new HashMap<>();
    for (Schema.Field now : after.getFields()) {
      String old = oldNames.get(path.added(now).now());
      if (old != null && before.getField(old) != null) {
        renamed.put(old, now);
      }
    }
    return renamed;
  }

  /** Old readers do not find the field; its type is compared, too. */
  private void renamedField(ComparedPath path, Schema.Field old, Schema.Field now, Schema after) {
    ComparedPath field = path.field(old, now);
    String how = "was renamed to " + (path.old().equals(path.now()) ? now.name() : field.now());
    String remedy = "; read " + field.now() + " in its place";
    Schema.Field sameName = after.getField(old.name());
    if (sameName != null && AvroResolution.reads(old.schema(), sameName.schema())) {
      misread(
          path.removed(old),
          old.schema(),
          now.schema(),
          how
              + ", and another column has its name now, which readers read without an error"
              + remedy,
          "");
    } else if (sameName != null) {
      consumersBreak(
          path.removed(old),
          old.schema(),
          now.schema(),
          how + ", and a column of another type has its name now" + remedy,
          "");
    } else {
      boolean resolved = forward || AvroResolution.finds(old, after);
      changes.add(
          new SchemaChange(
              resolved ? SchemaCode.SILENT_LOSS : SchemaCode.CONSUMER_BREAK,
              field.old(),
              SchemaFragments.of(old),
              SchemaFragments.of(now),
              SafeReaders.NEW,
              field.old()
                  + " "
                  + how
                  + (resolved && old.hasDefaultValue() ? ", " + lost(field) : "")
                  + remedy
                  + ".",
              ""));
    }
    type(field, old.schema(), now.schema());
  }

  /** What happens to readers of a column that the new schema lacks, and that has a default. */
  private static String lost(ComparedPath path) {
    return "so reads that name "
        + path.old()
        + " fail, and readers whose schema has a default for it get the default without an error";
  }

  private void field(
      ComparedPath path, Schema.Field old, Schema.Field now, Schema before, Schema after) {
    if (!SchemaFragments.sameDefault(old, now)) {
      add(
          SchemaCode.DEFAULT_CHANGED,
          path,
          SchemaFragments.defaultText(old),
          SchemaFragments.defaultText(now),
          "has a different default, which only affects writers that omit the column",
          "");
    }
    changes.addAll(SchemaAnnotations.ofFields(path, old, now));
    type(path, old.schema(), now.schema());
    String ambiguous = "has an alias that is another column's name, which is ambiguous for readers";
    String fix = "Remove the alias.";
    if (old.aliases().stream().anyMatch(alias -> after.getField(alias) != null)) {
      consumersBreak(path, old.schema(), now.schema(), ambiguous, fix);
    }
    if (now.aliases().stream().anyMatch(alias -> before.getField(alias) != null)) {
      historyBreaks(path, old.schema(), now.schema(), ambiguous, fix);
    }
  }

  /**
   * Returns true if Avro's decoder passes another column's values to the alias only, which its
   * checker allows.
   */
  private static boolean capturesColumn(Schema.Field field, Schema before, Schema after) {
    return field.aliases().stream()
        .anyMatch(alias -> before.getField(alias) != null && after.getField(alias) != null);
  }

  private void removedField(ComparedPath path, Schema.Field old, Schema after) {
    @Nullable String successor = null;
    for (Schema.Field now : after.getFields()) {
      successor = now.aliases().contains(old.name()) ? now.name() : successor;
    }
    @Nullable String differentCase =
        after.getFields().stream()
            .map(Schema.Field::name)
            .filter(old.name()::equalsIgnoreCase)
            .findFirst()
            .orElse(null);
    boolean resolved = forward || AvroResolution.finds(old, after);
    String how = successor == null ? "was removed" : "was renamed to " + successor;
    if (differentCase != null) {
      how = "was renamed to " + differentCase + ", which differs only by case";
    }
    changes.add(
        new SchemaChange(
            resolved ? SchemaCode.SILENT_LOSS : SchemaCode.CONSUMER_BREAK,
            path.old(),
            SchemaFragments.of(old),
            null,
            SafeReaders.NEW,
            path.old()
                + " "
                + how
                + ", "
                + (resolved && old.hasDefaultValue()
                    ? lost(path)
                    : "and old readers have no default for it")
                + ".",
            alternativeToRemoval(successor, differentCase)));
  }

  private String alternativeToRemoval(@Nullable String successor, @Nullable String differentCase) {
    if (differentCase != null) {
      return "Keep the original spelling.";
    }
    if (newMajor) {
      return "Keep the column.";
    }
    return successor == null
        ? "Deprecate it in its description, which is a patch, and remove it in the next major version."
        : "Keep the old name, add the new one as a second nullable column with default"
            + " null, and fill both; remove the old one in the next major version.";
  }

  private static String inOldRows(Schema.Field now, Schema before) {
    return now.aliases().stream()
        .filter(alias -> before.getField(alias) != null)
        .findFirst()
        .map(alias -> "the values of " + alias)
        .orElse("its default");
  }

  private void added(ComparedPath path, Schema.Field now, Schema before) {
    if (backward || AvroResolution.finds(now, before)) {
      add(
          SchemaCode.FIELD_ADDED_COMPAT,
          path,
          null,
          SchemaFragments.of(now),
          "is new; old readers skip it, and old rows have " + inOldRows(now, before),
          "");
    } else {
      changes.add(
          new SchemaChange(
              SchemaCode.HISTORY_UNREADABLE,
              path.old(),
              null,
              SchemaFragments.of(now),
              SafeReaders.OLD,
              path.old() + " is new, and new readers have no default for it in old rows.",
              now.schema().isNullable()
                  ? "Put null first in its union and set the default null, which is a minor change."
                  : "Make it nullable with default null, or set a default, which is a minor change"
                      + " (a default other than null requires table format version 3)."));
    }
  }

  private void bothBreak(ComparedPath path, Schema before, Schema after, String what, String fix) {
    consumersBreak(path, before, after, what, fix);
    historyBreaks(path, before, after, what, fix);
  }

  private void consumersBreak(
      ComparedPath path, Schema before, Schema after, String what, String fix) {
    changes.add(consumerBreak(path, before, after, what, fix));
  }

  private void historyBreaks(
      ComparedPath path, Schema before, Schema after, String what, String fix) {
    changes.add(historyBreak(path, before, after, what, fix));
  }

  private static SchemaChange consumerBreak(
      ComparedPath path, Schema before, Schema after, String what, String fix) {
    return new SchemaChange(
        SchemaCode.CONSUMER_BREAK,
        path.old(),
        SchemaFragments.of(before),
        SchemaFragments.of(after),
        SafeReaders.NEW,
        path.subject() + " " + what + ".",
        fix);
  }

  private static SchemaChange historyBreak(
      ComparedPath path, Schema before, Schema after, String what, String fix) {
    return new SchemaChange(
        SchemaCode.HISTORY_UNREADABLE,
        path.old(),
        SchemaFragments.of(before),
        SchemaFragments.of(after),
        SafeReaders.OLD,
        path.subject() + " " + what + ".",
        fix);
  }

  private void add(
      SchemaCode code,
      ComparedPath path,
      @Nullable String before,
      @Nullable String after,
      String what,
      String fix) {
    changes.add(
        new SchemaChange(
            code,
            path.old(),
            before,
            after,
            SafeReaders.BOTH,
            path.subject() + " " + what + ".",
            fix));
  }

  private static List<String> without(List<String> all, List<String> others) {
    Set<String> names = new HashSet<>(others);
    return all.stream().filter(one -> !names.contains(one)).toList();
  }

  private static List<String> common(List<String> all, List<String> others) {
    return all.stream().filter(new HashSet<>(others)::contains).toList();
  }
}
