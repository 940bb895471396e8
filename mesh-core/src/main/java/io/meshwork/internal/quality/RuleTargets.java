package io.meshwork.internal.quality;

import io.meshwork.contract.Contract;
import io.meshwork.contract.Rule;
import io.meshwork.error.Finding;
import io.meshwork.error.FindingCode;
import io.meshwork.internal.condition.RowCondition.References;
import io.meshwork.internal.condition.RuleCondition.ProductReference;
import io.meshwork.internal.contract.RuleConditions;
import io.meshwork.internal.schema.IcebergSchemas;
import io.meshwork.internal.schema.LeafPath;
import io.meshwork.product.ProductName;
import java.util.ArrayList;
import java.util.List;
import org.apache.iceberg.Schema;
import org.apache.iceberg.types.Type;

/**
 * Checks that the other products that a contract's rules refer to exist, with the columns that the
 * rules use. Missing ones may be added before the first publish, so this is only a warning.
 * Stateless.
 */
public final class RuleTargets {
  private RuleTargets() {}

  /**
   * Returns what currently prevents rules from being evaluated; empty if nothing does.
   *
   * @param others other products as the caller may read them
   */
  public static List<Finding> missing(Contract contract, OtherProducts others) {
    List<Finding> findings = new ArrayList<>();
    for (Rule rule : contract.rules()) {
      if (!(RuleConditions.of(rule) instanceof ProductReference reference)
          || others.isOwn(reference.product())) {
        continue;
      }
      ProductName target = reference.product();
      OtherProducts.SnapshotRows rows = others.of(target, reference.otherColumns());
      String gap = rows.gap().isEmpty() ? gap(reference, contract, rows) : rows.gap();
      if (!gap.isEmpty()) {
        // Without the snapshot, which changes more often than a plan's fingerprint may.
        String text = rows.name().isEmpty() ? gap : gap.replace(rows.name(), target.toString());
        findings.add(
            new Finding(
                FindingCode.RULE_NOT_EVALUATED,
                Finding.Severity.WARNING,
                rule.id(),
                "Rule " + rule.id() + " cannot be evaluated at present: " + text + ".",
                0,
                List.of(),
                rule.severity() == Rule.Severity.ERROR
                    ? "Correct the rule, or resolve this before you publish rows, which would be"
                        + " rejected."
                    : "Correct the rule, or resolve this before you publish rows."));
      }
    }
    return findings;
  }

  private static String gap(
      ProductReference reference, Contract contract, OtherProducts.SnapshotRows rows) {
    if (reference instanceof References condition) {
      Schema own = IcebergSchemas.fromAvro(contract.schema());
      String gap =
          ReferenceEvaluator.gap(
              condition, ReferenceEvaluator.paths(own, condition.columns()), rows);
      return gap == null ? "" : gap;
    }
    for (String column : reference.otherColumns()) {
      try {
        LeafPath path = LeafPath.of(rows.schema(), column);
        if (path.isRepeated() || !isNumber(path.type())) {
          return "column " + column + " of " + rows.name() + " is not a single number";
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
