package io.meshwork.odcs;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.contract.Rule;
import io.meshwork.odcs.internal.document.TreeMerge;
import io.meshwork.odcs.internal.document.YamlNode;
import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.avro.Schema;

/**
 * Writes a range or a length as options of the logical type, if an import reads exactly the rule
 * from them.
 */
final class OptionFormatter {
  private static final String OPTIONS = "logicalTypeOptions";
  private static final String CUSTOM = "customProperties";
  private static final String PROPERTY = "property";

  private final Schema columns;

  /**
   * Creates it.
   *
   * @param columns the record of the contract
   */
  OptionFormatter(Schema columns) {
    this.columns = columns;
  }

  /** Returns the property with a rule; empty if its options cannot state the rule. */
  Optional<YamlNode> with(YamlNode property, Rule rule) {
    if (!Set.of(Rule.Kind.BETWEEN, Rule.Kind.LENGTH).contains(rule.kind())) {
      return Optional.empty();
    }
    List<String> ends = RuleText.arguments(rule);
    List<String> names = names(property.textOf("logicalType"), rule);
    YamlNode options = property.get(OPTIONS);
    for (int i = 0; i < names.size() && ends.size() == names.size(); i++) {
      boolean number = RuleText.NUMBER.matcher(ends.get(i)).matches();
      if (number) {
        ObjectNode value = OdcsKeys.object().put("n", new BigDecimal(ends.get(i)));
        options =
            (options == null ? YamlNode.of(OdcsKeys.object()) : options)
                .with(names.get(i), YamlNode.of(value).get("n"));
      }
    }
    YamlNode stated = options == null ? property : property.with(OPTIONS, options);
    return read(stated, rule).or(() -> read(identified(stated, rule), rule));
  }

  private static List<String> names(String logical, Rule rule) {
    boolean number = logical.equals("integer") || logical.equals("number");
    if (rule.kind() == Rule.Kind.BETWEEN && number) {
      return rule.toString().contains(" exclusive")
          ? List.of("exclusiveMinimum", "exclusiveMaximum")
          : List.of("minimum", "maximum");
    }
    return rule.kind() != Rule.Kind.LENGTH
        ? List.of()
        : switch (logical) {
          case "string" -> List.of("minLength", "maxLength");
          case "array" -> List.of("minItems", "maxItems");
          default -> List.of();
        };
  }

  /** An option has no place for an ID. */
  private static YamlNode identified(YamlNode property, Rule rule) {
    String kind =
        rule.kind() == Rule.Kind.LENGTH
            ? OptionRules.LENGTH
            : rule.toString().contains(" exclusive") ? OptionRules.EXCLUSIVE : OptionRules.RANGE;
    String name = OptionRules.RULE_ID + kind;
    ObjectNode id = OdcsKeys.object().put(PROPERTY, name).put("value", rule.id());
    YamlNode list = property.get(CUSTOM);
    YamlNode without =
        list == null
            ? property
            : property.with(
                CUSTOM,
                YamlNode.list(
                    list.items().stream()
                        .filter(each -> !each.textOf(PROPERTY).equals(name))
                        .toList(),
                    list.place()));
    return TreeMerge.append(without, CUSTOM, YamlNode.of(id));
  }

  /** The property if it states one rule more than before, which is the rule. */
  private Optional<YamlNode> read(YamlNode property, Rule rule) {
    List<Rule> rules =
        OptionRules.of(
            property.json(),
            rule.columns().get(0),
            columns,
            new ImportFindings(YamlNode.text(""), false),
            "");
    long sameKind = rules.stream().filter(each -> each.kind() == rule.kind()).count();
    return sameKind == 1 && rules.contains(rule) ? Optional.of(property) : Optional.empty();
  }
}
