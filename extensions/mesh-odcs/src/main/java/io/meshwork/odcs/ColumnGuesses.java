package io.meshwork.odcs;

import io.meshwork.contract.Rule;
import io.meshwork.odcs.ContractProposal.Evidence;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;

/** What is said of each column, and the rules that all rows keep. Not thread-safe. */
final class ColumnGuesses {
  /** Rules beyond these would not be read by anybody, nor compile. */
  static final int MOST_RULES = 400;

  /** A value has to come so often, on average, before its set is one. */
  private static final int OFTEN = 5;

  /** Fewer than this say little of those to come. */
  private static final int FEWEST_VALUES = 10;

  /** A rule and why it is proposed. */
  record Proposed(Rule rule, String why) {}

  private final SourceProfile observed;
  private final List<Evidence> evidence = new ArrayList<>();
  private final List<Proposed> rules = new ArrayList<>();
  private final Set<String> keyColumns = new HashSet<>();

  ColumnGuesses(SourceProfile observed) {
    this.observed = observed;
  }

  /** Looks at all columns; their order is that of the schema. */
  void inspect(Schema schema) {
    Map<String, String> columns = renamed(schema);
    List<KeySearch.Key> keys = new KeySearch(observed).keys();
    keys.forEach(key -> keyColumns.addAll(key.columns().size() == 1 ? key.columns() : List.of()));
    record(schema, observed.rows(), "");
    key(keys, columns);
    if (rules.size() > MOST_RULES) {
      say("", "rules", "only the first " + MOST_RULES + " of " + rules.size() + " are proposed");
      rules.subList(MOST_RULES, rules.size()).clear();
    }
  }

  List<Evidence> evidence() {
    return evidence;
  }

  List<Proposed> rules() {
    return rules;
  }

  private Map<String, String> renamed(Schema schema) {
    Iterator<Schema.Field> fields = schema.getFields().iterator();
    return observed.rows().fields().keySet().stream()
        .collect(Collectors.toMap(name -> name, name -> fields.next().name()));
  }

  private void key(List<KeySearch.Key> keys, Map<String, String> columns) {
    if (observed.count() < KeySearch.FEWEST_ROWS) {
      say("", "key", "not looked for in fewer than " + KeySearch.FEWEST_ROWS + " rows");
    } else if (keys.isEmpty()) {
      say("", "key", "none of up to 3 columns without nulls tells all rows apart");
    }
    for (KeySearch.Key key : keys) {
      List<String> named = key.columns().stream().map(columns::get).toList();
      String why =
          key.rows() == observed.count()
              ? "no two of " + number(key.rows()) + " rows alike"
              : "no two alike in the first "
                  + number(key.rows())
                  + " of "
                  + number(observed.count())
                  + " rows; not looked for in the others";
      say(String.join(", ", named), "key", why);
      if (key.equals(keys.get(0))) {
        rules.add(new Proposed(Rule.unique(named.toArray(String[]::new)).warn(), why));
      }
    }
  }

  private void record(Schema schema, RecordProfile profile, String prefix) {
    Iterator<Map.Entry<String, ValueProfile>> entries = profile.fields().entrySet().iterator();
    for (Schema.Field field : schema.getFields()) {
      Map.Entry<String, ValueProfile> entry = entries.next();
      String path = prefix + field.name();
      if (!entry.getKey().equals(field.name())) {
        say(path, "name", "called " + EvidenceValues.text(entry.getKey()) + " in the data");
      }
      ValueProfile values = entry.getValue();
      say(
          path,
          "nulls",
          count(profile.nullsOf(values), "null", "nulls")
              + " in "
              + (prefix.isEmpty()
                  ? count(profile.records(), "row", "rows")
                  : count(profile.records(), "object", "objects")));
      place(SchemaTightening.value(field.schema()), values, path);
      if (prefix.isEmpty()) {
        String column = entry.getKey();
        propose(field.name(), values, keyColumns.contains(column));
      }
    }
  }

  private void place(Schema type, ValueProfile values, String path) {
    typeOf(type, values, path);
    RecordProfile inside = values.record();
    ValueProfile elements = values.elements();
    if (type.getType() == Schema.Type.RECORD && inside != null) {
      record(type, inside, path + ".");
    } else if (type.getType() == Schema.Type.MAP && inside != null && inside.mapped() != null) {
      place(SchemaTightening.value(type.getValueType()), inside.mapped(), path + "{}");
    } else if (type.getType() == Schema.Type.ARRAY && elements != null) {
      say(
          path + "[]",
          "nulls",
          count(elements.nulls(), "null", "nulls")
              + " in "
              + count(elements.seen(), "element", "elements"));
      place(SchemaTightening.value(type.getElementType()), elements, path + "[]");
    } else {
      single(values, path);
    }
  }

  private void typeOf(Schema type, ValueProfile values, String path) {
    Set<ValueKind> kinds = values.kinds();
    RecordProfile inside = values.record();
    if (kinds.isEmpty()) {
      say(path, "type", "no value: what the file says, or text where it says nothing");
    } else if (values.isText() && values.leadingZeros() > 0) {
      say(
          path,
          "type",
          "text: digits that begin with a zero in "
              + count(values.leadingZeros(), "value", "values"));
    } else if (kinds.size() > 1) {
      String counts =
          kinds.stream()
              .map(kind -> count(values.count(EnumSet.of(kind)), kind.singular(), kind.plural()))
              .collect(Collectors.joining(", "));
      say(path, "type", counts + (kinds.stream().allMatch(ValueKind::isNumber) ? "" : ": text"));
    } else if (inside != null && inside.mapped() != null && inside.records() > 0) {
      say(path, "type", "names differ from object to object: a map");
    } else if (inside != null && inside.fields().isEmpty()) {
      say(path, "type", "objects without a name in them: a map of texts is a guess");
    }
    if (type.getLogicalType() instanceof org.apache.avro.LogicalTypes.Decimal) {
      say(
          path,
          "digits",
          "at most "
              + values.wholeDigits()
              + " before the point and "
              + values.scale()
              + " after it");
    }
  }

  private void single(ValueProfile values, String path) {
    if (values.values() == 0) {
      return;
    }
    HashSet64 distinct = values.distinct();
    if (!values.kinds().contains(ValueKind.RECORD) && !values.kinds().contains(ValueKind.LIST)) {
      say(
          path,
          "distinct",
          (distinct.isComplete() ? "" : "more than ")
              + count(distinct.count(), "distinct value", "distinct values"));
    }
    List<Object> set = set(values);
    if (!set.isEmpty()) {
      say(path, "values", set.stream().map(EvidenceValues::text).collect(Collectors.joining(", ")));
    }
    Object[] ends = set.isEmpty() ? ends(values) : null;
    if (ends != null) {
      say(path, "range", EvidenceValues.text(ends[0]) + " to " + EvidenceValues.text(ends[1]));
    }
    if (values.nans() > 0) {
      say(path, "nan", number(values.nans()) + " values are NaN");
    }
    if (values.isText()) {
      say(
          path,
          "length",
          (values.shortest() == values.longest() ? "" : number(values.shortest()) + " to ")
              + count(values.longest(), "character", "characters"));
      String pattern = values.shape().regex();
      if (pattern != null && values.values() >= FEWEST_VALUES && set.isEmpty()) {
        say(path, "pattern", "all match " + pattern);
      }
    }
  }

  private void propose(String column, ValueProfile values, boolean isKey) {
    List<Object> set = set(values);
    if (isMixed(values) || values.values() < FEWEST_VALUES) {
      return;
    }
    String among = count(values.values(), "value", "values");
    if (!set.isEmpty() && values.nans() == 0) {
      String why = count(set.size(), "distinct value", "distinct values") + " in " + among;
      rules.add(new Proposed(Rule.inSet(column, set.toArray()).warn(), why));
    } else if (values.kinds().stream().allMatch(ValueKind::isNumber)) {
      Object[] ends = ends(values);
      if (ends != null && !isKey && values.nans() == 0 && isFinite(ends)) {
        rules.add(
            new Proposed(
                Rule.between(column, ends[0], ends[1]).warn(),
                EvidenceValues.text(ends[0])
                    + " to "
                    + EvidenceValues.text(ends[1])
                    + " in "
                    + among));
      }
    } else if (values.isText()) {
      String pattern = values.shape().regex();
      String why = "all of " + among;
      rules.add(
          pattern == null
              ? new Proposed(Rule.length(column, values.shortest(), values.longest()).warn(), why)
              : new Proposed(Rule.matches(column, pattern).warn(), why));
    }
  }

  /** The members, if they are few and each comes often: texts, or whole numbers. */
  private static List<Object> set(ValueProfile values) {
    boolean texts = values.isText();
    boolean numbers = values.kinds().stream().allMatch(ValueKind::isNumber);
    List<Object> members = texts ? values.fewTexts().all() : values.few().all();
    if ((!texts && !numbers)
        || members.isEmpty()
        || values.values() < (long) OFTEN * members.size()
        || !members.stream().allMatch(ColumnGuesses::isMember)) {
      return List.of();
    }
    return members.stream()
        .map(EvidenceValues::plain)
        .distinct()
        .sorted(EvidenceValues::compare)
        .toList();
  }

  /** True if they are of several kinds that are not all numbers, so that text is what remains. */
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
    Object least = null;
    Object most = null;
    if (isMixed(values) || values.isText()) {
      return null;
    }
    for (ValueKind kind : values.kinds()) {
      ValueRange extremes = values.extremes(kind);
      if (extremes == null || kind == ValueKind.UUID) {
        continue;
      }
      least =
          least == null || EvidenceValues.compare(extremes.least(), least) < 0
              ? extremes.least()
              : least;
      most =
          most == null || EvidenceValues.compare(extremes.most(), most) > 0
              ? extremes.most()
              : most;
    }
    return least == null || most == null ? null : new Object[] {least, most};
  }

  private static boolean isFinite(Object[] ends) {
    for (Object end : ends) {
      if (end instanceof Double number && Double.isInfinite(number)) {
        return false;
      }
    }
    return true;
  }

  private void say(String path, String about, String fact) {
    evidence.add(new Evidence(path, about, fact));
  }

  private static String count(long number, String one, String several) {
    return number(number) + " " + (number == 1 ? one : several);
  }

  static String number(long number) {
    return String.format(Locale.ROOT, "%,d", number);
  }
}
