package io.meshwork.odcs;

import io.meshwork.contract.Rule;
import io.meshwork.internal.schema.TextFormat;
import io.meshwork.odcs.ContractProposal.Evidence;
import io.meshwork.odcs.internal.profile.HashSet64;
import io.meshwork.odcs.internal.profile.KeySearch;
import io.meshwork.odcs.internal.profile.NullabilityInference;
import io.meshwork.odcs.internal.profile.RecordProfile;
import io.meshwork.odcs.internal.profile.SourceProfile;
import io.meshwork.odcs.internal.profile.ValueKind;
import io.meshwork.odcs.internal.profile.ValueProfile;
import io.meshwork.odcs.internal.profile.ValueRange;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;

/** Infers the evidence for each column, and the rules that all rows satisfy. Not thread-safe. */
final class ColumnInference {
  /** The maximum number of rules; a Java method with more would not compile. */
  static final int MAX_RULES = 400;

  /** The average number of occurrences of a value from which a column has a set of values. */
  private static final int MIN_OCCURRENCES = 5;

  /** The number of values from which a rule is inferred. */
  private static final int MIN_VALUES = 10;

  /** Facts that show values, which a contract must not repeat of persons. */
  private static final Set<String> VALUES_OF_PERSONS = Set.of("values", "range");

  record ProposedRule(Rule rule, String evidence) {}

  private final SourceProfile observed;
  private final List<Evidence> evidence = new ArrayList<>();
  private final List<ProposedRule> rules = new ArrayList<>();

  ColumnInference(SourceProfile observed) {
    this.observed = observed;
  }

  /** Infers evidence and rules for all columns, in the order of the schema. */
  void infer(Schema schema) {
    Map<String, String> columns = columnNames(schema);
    List<KeySearch.Key> keys = new KeySearch(observed).keys();
    addFields(schema, observed.rows(), "");
    addKeys(keys, columns);
    if (rules.size() > MAX_RULES) {
      addEvidence(
          "", "rules", "only the first " + MAX_RULES + " of " + rules.size() + " are proposed");
      rules.subList(MAX_RULES, rules.size()).clear();
    }
  }

  List<Evidence> evidence() {
    return evidence;
  }

  List<ProposedRule> rules() {
    return rules;
  }

  private Map<String, String> columnNames(Schema schema) {
    Iterator<Schema.Field> fields = schema.getFields().iterator();
    return observed.rows().fields().keySet().stream()
        .collect(Collectors.toMap(name -> name, name -> fields.next().name()));
  }

  private void addKeys(List<KeySearch.Key> keys, Map<String, String> columns) {
    if (observed.count() < KeySearch.MIN_ROWS) {
      addEvidence("", "key", "not searched in fewer than " + KeySearch.MIN_ROWS + " rows");
    } else if (keys.isEmpty()) {
      addEvidence("", "key", "no key of up to 3 columns without nulls");
    }
    for (KeySearch.Key key : keys) {
      List<String> named = key.columns().stream().map(columns::get).toList();
      String fact =
          key.rows() == observed.count()
              ? "unique in " + number(key.rows()) + " rows"
              : "unique in the first "
                  + number(key.rows())
                  + " of "
                  + number(observed.count())
                  + " rows; the others were not checked";
      addEvidence(String.join(", ", named), "key", fact);
      if (key.equals(keys.get(0))) {
        rules.add(new ProposedRule(Rule.unique(named.toArray(String[]::new)).warn(), fact));
      }
    }
  }

  private void addFields(Schema schema, RecordProfile profile, String prefix) {
    Iterator<Map.Entry<String, ValueProfile>> entries = profile.fields().entrySet().iterator();
    for (Schema.Field field : schema.getFields()) {
      Map.Entry<String, ValueProfile> entry = entries.next();
      String path = prefix + field.name();
      if (!entry.getKey().equals(field.name())) {
        addEvidence(
            path, "name", "called " + EvidenceFormatter.text(entry.getKey()) + " in the data");
      }
      ValueProfile values = entry.getValue();
      if (prefix.isEmpty()) {
        addFormat(field, entry.getKey());
      }
      addEvidence(
          path,
          "nulls",
          count(profile.nullsOf(values), "null", "nulls")
              + " in "
              + (prefix.isEmpty()
                  ? count(profile.records(), "row", "rows")
                  : count(profile.records(), "object", "objects")));
      boolean personal = prefix.isEmpty() && observed.personal().containsKey(entry.getKey());
      addValues(NullabilityInference.value(field.schema()), values, path);
      if (personal) {
        evidence.removeIf(
            each -> each.column().equals(path) && VALUES_OF_PERSONS.contains(each.about()));
      } else if (prefix.isEmpty()) {
        propose(field.name(), values);
      }
    }
  }

  private void addFormat(Schema.Field field, String inFile) {
    TextFormat format = TextFormat.of(field);
    if (format.format() != null) {
      addEvidence(field.name(), "form", EvidenceFormatter.text(format.format()));
    }
    if (!format.nulls().isEmpty()) {
      addEvidence(
          field.name(),
          "form",
          format.nulls().stream()
                  .sorted()
                  .map(EvidenceFormatter::text)
                  .collect(Collectors.joining(", "))
              + " is null");
    }
    String note = observed.notes().get(inFile);
    if (note != null) {
      addEvidence(field.name(), "type", note);
    }
    String personal = observed.personal().get(inFile);
    if (personal != null) {
      addEvidence(field.name(), "confidential", personal);
    }
  }

  private void addValues(Schema type, ValueProfile values, String path) {
    addType(type, values, path);
    RecordProfile record = values.record();
    ValueProfile elements = values.elements();
    if (type.getType() == Schema.Type.RECORD && record != null) {
      addFields(type, record, path + ".");
    } else if (type.getType() == Schema.Type.MAP && record != null && record.mapped() != null) {
      addValues(NullabilityInference.value(type.getValueType()), record.mapped(), path + "{}");
    } else if (type.getType() == Schema.Type.ARRAY && elements != null) {
      addEvidence(
          path + "[]",
          "nulls",
          count(elements.nulls(), "null", "nulls")
              + " in "
              + count(elements.total(), "element", "elements"));
      addValues(NullabilityInference.value(type.getElementType()), elements, path + "[]");
    } else {
      addStatistics(values, path);
    }
  }

  private void addType(Schema type, ValueProfile values, String path) {
    Set<ValueKind> kinds = values.kinds();
    RecordProfile record = values.record();
    if (kinds.isEmpty()) {
      addEvidence(path, "type", "no values: the type in the file, otherwise text");
    } else if (values.isText() && values.leadingZeros() > 0) {
      addEvidence(
          path,
          "type",
          "text: digits with a leading zero in " + count(values.leadingZeros(), "value", "values"));
    } else if (kinds.size() > 1) {
      String counts =
          kinds.stream()
              .map(kind -> count(values.count(EnumSet.of(kind)), kind.singular(), kind.plural()))
              .collect(Collectors.joining(", "));
      addEvidence(path, "type", counts + (type.getType() == Schema.Type.STRING ? ": text" : ""));
    } else if (record != null && record.mapped() != null && record.records() > 0) {
      addEvidence(path, "type", "names differ between objects: a map");
    } else if (record != null && record.fields().isEmpty()) {
      addEvidence(path, "type", "empty objects: a map of strings is assumed");
    }
    if (type.getType() == Schema.Type.DOUBLE
        && !kinds.isEmpty()
        && (kinds.contains(ValueKind.LONG_WHOLE) || !kinds.contains(ValueKind.FLOATING))) {
      addEvidence(path, "type", "more than 38 digits: a double, which rounds them");
    } else if (!values.excessDigits().isEmpty()) {
      addEvidence(path, "type", "text: " + values.excessDigits());
    }
    if (type.getLogicalType() instanceof org.apache.avro.LogicalTypes.Decimal) {
      addEvidence(
          path,
          "digits",
          "at most "
              + values.wholeDigits()
              + " before the decimal point and "
              + values.scale()
              + " after it");
    }
  }

  private void addStatistics(ValueProfile values, String path) {
    if (values.values() == 0) {
      return;
    }
    HashSet64 distinct = values.distinct();
    if (!values.kinds().contains(ValueKind.RECORD) && !values.kinds().contains(ValueKind.LIST)) {
      addEvidence(
          path,
          "distinct",
          (distinct.isComplete() ? "" : "more than ")
              + count(distinct.count(), "distinct value", "distinct values"));
    }
    List<Object> set = set(values);
    if (!set.isEmpty()) {
      addEvidence(
          path,
          "values",
          set.stream().map(EvidenceFormatter::text).collect(Collectors.joining(", ")));
    }
    Object[] ends = set.isEmpty() ? ends(values) : null;
    if (ends != null) {
      addEvidence(
          path,
          "range",
          EvidenceFormatter.text(ends[0]) + " to " + EvidenceFormatter.text(ends[1]));
    }
    if (values.nans() > 0) {
      addEvidence(path, "nan", number(values.nans()) + " values are NaN");
    }
    if (values.isText()) {
      addEvidence(
          path,
          "length",
          (values.shortest() == values.longest() ? "" : number(values.shortest()) + " to ")
              + count(values.longest(), "character", "characters"));
      String pattern = values.pattern().regex();
      if (pattern != null && values.values() >= MIN_VALUES && set.isEmpty()) {
        addEvidence(path, "pattern", "all match " + pattern);
      }
    }
  }

  private void propose(String column, ValueProfile values) {
    List<Object> set = set(values);
    if (!values.isText() || values.values() < MIN_VALUES) {
      return; // another file has other numbers
    }
    String total = count(values.values(), "value", "values");
    if (!set.isEmpty()) {
      String fact = count(set.size(), "distinct value", "distinct values") + " in " + total;
      rules.add(new ProposedRule(Rule.inSet(column, set.toArray()).warn(), fact));
      return;
    }
    String pattern = values.pattern().regex();
    String fact = "all of " + total;
    if (pattern != null) {
      rules.add(new ProposedRule(Rule.matches(column, pattern).warn(), fact));
    } else if (values.shortest() == values.longest()) {
      rules.add(
          new ProposedRule(Rule.length(column, values.shortest(), values.longest()).warn(), fact));
    }
  }

  /** The set of values, if it is small and each is frequent: strings or whole numbers. */
  private static List<Object> set(ValueProfile values) {
    boolean texts = values.isText();
    boolean numbers = values.kinds().stream().allMatch(ValueKind::isNumber);
    List<Object> members = texts ? values.smallTextSet().all() : values.smallSet().all();
    if ((!texts && !numbers)
        || members.isEmpty()
        || values.values() < (long) MIN_OCCURRENCES * members.size()
        || !members.stream().allMatch(ColumnInference::isMember)) {
      return List.of();
    }
    return members.stream()
        .map(EvidenceFormatter::plain)
        .distinct()
        .sorted(EvidenceFormatter::compare)
        .toList();
  }

  /** True if the values have several kinds other than numbers, so that the type is text. */
  private static boolean isMixed(ValueProfile values) {
    return !values.isText()
        && values.kinds().size() > 1
        && !values.kinds().stream().allMatch(ValueKind::isNumber);
  }

  private static boolean isMember(Object value) {
    if (value instanceof Double number) {
      return number == Math.rint(number) && Math.abs(number) < 1e15;
    }
    return !(value instanceof BigDecimal number) || number.scale() <= 0;
  }

  private static Object @Nullable [] ends(ValueProfile values) {
    Object min = null;
    Object max = null;
    if (isMixed(values) || values.isText()) {
      return null;
    }
    for (ValueKind kind : values.kinds()) {
      ValueRange range = values.range(kind);
      if (range == null || kind == ValueKind.UUID) {
        continue;
      }
      min = min == null || EvidenceFormatter.compare(range.min(), min) < 0 ? range.min() : min;
      max = max == null || EvidenceFormatter.compare(range.max(), max) > 0 ? range.max() : max;
    }
    return min == null || max == null ? null : new Object[] {min, max};
  }

  private void addEvidence(String path, String about, String fact) {
    evidence.add(new Evidence(path, about, fact));
  }

  private static String count(long number, String one, String several) {
    return number(number) + " " + (number == 1 ? one : several);
  }

  /**
   * The beginning of the first comment. It has no character of the source that could end a comment
   * of YAML or Java.
   */
  static String origin(long rows, String source) {
    return "Proposed from "
        + number(rows)
        + (rows == 1 ? " row of " : " rows of ")
        + source.replaceAll("[^\\p{L}\\p{N}._/ -]", "?");
  }

  static String number(long number) {
    return String.format(Locale.ROOT, "%,d", number);
  }
}
