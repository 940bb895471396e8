package io.meshwork.internal.ingest;

import io.meshwork.contract.Contract;
import io.meshwork.contract.OnViolation;
import io.meshwork.contract.Rule;
import io.meshwork.internal.condition.RowCondition.References;
import io.meshwork.internal.condition.RuleCondition.Unique;
import io.meshwork.internal.contract.RuleConditions;
import io.meshwork.internal.predicate.RowPredicate;
import io.meshwork.internal.quality.RuleContext;
import io.meshwork.internal.quality.RuleMeasures;
import io.meshwork.internal.schema.LeafPath;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.apache.iceberg.Schema;
import org.apache.iceberg.types.TypeUtil;
import org.apache.iceberg.types.Types;

/**
 * The rules of a contract by whose outcome for one row all other rows count: uniqueness, distinct
 * values, references to rows of the same product, and rules that tolerate some rows. Immutable.
 *
 * @param columns the positions of the top-level columns that they need, ascending; none for
 *     tolerances, which were counted
 * @param ofAllRows true if they need all rows, and not only rows that a tolerance is for
 * @param removingRows true if rows may be quarantined by them
 * @param comparing the uniqueness rules, if no other rule requires all rows and none of them has a
 *     filter; otherwise empty
 */
record CrossRowRules(
    List<Integer> columns, boolean ofAllRows, boolean removingRows, List<Rule> comparing) {
  /** Returns the rules of each major version that a publish writes to. */
  static List<CrossRowRules> of(
      List<RowIngestion.Target> targets, OnViolation policy, RuleContext context) {
    List<CrossRowRules> each =
        targets.stream()
            .map(target -> of(target.contract(), target.table().schema(), policy, context))
            .toList();
    if (each.size() == 1 || each.stream().noneMatch(CrossRowRules::any)) {
      return each;
    }
    // A row has the same destination in all versions: one of them decides for the others.
    boolean removing = each.stream().anyMatch(CrossRowRules::removingRows);
    return each.stream()
        .map(rules -> new CrossRowRules(rules.columns, true, removing, List.of()))
        .toList();
  }

  private static CrossRowRules of(
      Contract contract, Schema schema, OnViolation policy, RuleContext context) {
    Set<Integer> needed = new TreeSet<>();
    boolean ofAllRows = false;
    boolean removingRows = false;
    boolean onlyKeys = true;
    List<Rule> unique = new ArrayList<>();
    for (Rule rule : contract.enforcedRules()) {
      boolean quarantining =
          policy == OnViolation.QUARANTINE && rule.severity() == Rule.Severity.ERROR;
      if (rule.kind() == Rule.Kind.UNIQUE) {
        ofAllRows = true;
        removingRows |= quarantining;
        unique.add(rule);
        onlyKeys &= rule.where().isEmpty();
        Unique condition = (Unique) RuleConditions.of(rule);
        add(needed, schema, condition.columns());
        if (condition.keepLatestBy() != null) {
          add(needed, schema, List.of(condition.keepLatestBy()));
        }
      } else if (isOwnReference(rule, context)) {
        ofAllRows = true;
        onlyKeys = false;
        References references = (References) RuleConditions.of(rule);
        add(needed, schema, references.columns());
        add(needed, schema, references.otherColumns());
      } else if (RuleMeasures.seesAllValues(rule)) {
        ofAllRows = true;
        onlyKeys = false;
        add(needed, schema, rule.columns());
      } else {
        removingRows |= quarantining && rule.kind().judgesRows() && rule.isTolerant();
        continue;
      }
      rule.where().ifPresent(filter -> add(needed, schema, RowPredicate.parse(filter, schema)));
    }
    return new CrossRowRules(
        List.copyOf(needed), ofAllRows, removingRows, onlyKeys ? unique : List.of());
  }

  /** Returns true if there is one. */
  boolean any() {
    return ofAllRows || removingRows;
  }

  private static boolean isOwnReference(Rule rule, RuleContext context) {
    return RuleConditions.of(rule) instanceof References references
        && context.others().isOwn(references.product());
  }

  private static void add(Set<Integer> needed, Schema schema, List<String> columns) {
    for (String name : columns) {
      if (LeafPath.exists(schema, name)) {
        needed.add(LeafPath.of(schema, name).column());
      }
    }
  }

  private static void add(Set<Integer> needed, Schema schema, RowPredicate filter) {
    for (int i = 0; i < schema.columns().size(); i++) {
      Set<Integer> fields =
          TypeUtil.indexById(Types.StructType.of(schema.columns().get(i))).keySet();
      if (filter.fieldIds().stream().anyMatch(fields::contains)) {
        needed.add(i);
      }
    }
  }
}
