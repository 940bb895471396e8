package io.meshwork.internal.quality;

import io.meshwork.contract.Contract;
import io.meshwork.contract.Rule;
import io.meshwork.error.Finding;
import io.meshwork.internal.measure.LeafPath;
import io.meshwork.internal.schema.IcebergSchemas;
import io.meshwork.product.ProductName;
import java.util.ArrayList;
import java.util.List;
import org.apache.iceberg.Schema;
import org.apache.iceberg.types.Type;

/**
 * Whether the other products that a contract's rules name are there, with the columns that the
 * rules ask for. What is missing may come before the first publish, so that it is only a warning.
 * Stateless.
 */
public final class RuleTargets {
  private RuleTargets() {}

  /**
   * What keeps rules from being judged, as things are; none if nothing does.
   *
   * @param others as whoever asks may read them
   */
  public static List<Finding> missing(Contract contract, OtherProducts others) {
    List<Finding> findings = new ArrayList<>();
    for (Rule rule : contract.rules()) {
      if (rule.product().isEmpty() || others.isOwn(rule.product().get())) {
        continue;
      }
      ProductName target = rule.product().get();
      OtherProducts.Rows rows = others.of(target);
      String gap = rows.gap().isEmpty() ? gap(rule, contract, rows) : rows.gap();
      if (!gap.isEmpty()) {
        // Without the snapshot, which a plan's fingerprint would not survive.
        String told = rows.name().isEmpty() ? gap : gap.replace(rows.name(), target.toString());
        findings.add(
            new Finding(
                "RULE_UNJUDGED",
                Finding.Severity.WARNING,
                rule.id(),
                "Rule " + rule.id() + " cannot be judged as things are: " + told + ".",
                0,
                List.of(),
                rule.severity() == Rule.Severity.ERROR
                    ? "Correct the rule, or see to it before rows are published: they would be"
                        + " refused."
                    : "Correct the rule, or see to it before rows are published."));
      }
    }
    return findings;
  }

  private static String gap(Rule rule, Contract contract, OtherProducts.Rows rows) {
    if (rule.kind() == Rule.Kind.REFERENCES) {
      Schema own = IcebergSchemas.fromAvro(contract.schema());
      String gap = ReferencesJudge.gap(rule, ReferencesJudge.paths(own, rule.columns()), rows);
      return gap == null ? "" : gap;
    }
    for (String column : rule.otherColumns()) {
      try {
        LeafPath path = LeafPath.of(rows.schema(), column);
        if (path.isRepeated() || !isNumber(path.type())) {
          return "column " + column + " of " + rows.name() + " is no single number";
        }
      } catch (IllegalArgumentException e) {
        return rows.name() + " has no column " + column;
      }
    }
    return "";
  }

  private static boolean isNumber(Type type) {
    return switch (type.typeId()) {
      case INTEGER, LONG, FLOAT, DOUBLE, DECIMAL -> true;
      default -> false;
    };
  }
}
