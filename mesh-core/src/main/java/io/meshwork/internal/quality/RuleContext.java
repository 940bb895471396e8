package io.meshwork.internal.quality;

import io.meshwork.internal.condition.RowCondition;
import io.meshwork.internal.materializers.RowMaterializers;
import io.meshwork.internal.runtime.ArgumentChecks;
import java.io.Serializable;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.apache.avro.generic.GenericRecord;
import org.apache.iceberg.Schema;
import org.jspecify.annotations.Nullable;

/**
 * What the rules of a publish need besides its rows. Immutable.
 *
 * @param now the time of the publish, read once from the mesh's clock
 * @param code the code of custom rules, by name and version
 * @param others rows of other products
 */
public record RuleContext(Instant now, Map<CodeName, RuleCode> code, OtherProducts others) {
  /**
   * Identifies code as a rule does.
   *
   * @param name the code's name
   * @param version the code's version, from 1
   */
  public record CodeName(String name, long version) implements Serializable {}

  /** The code of a custom rule, which returns true for a valid row. */
  public sealed interface RuleCode {
    /**
     * Returns what evaluates the rule.
     *
     * @param columns the columns of the batches and of the contract
     */
    RowRuleEvaluator evaluator(
        String ruleId, Schema columns, org.apache.avro.Schema contractSchema);

    /**
     * Code that gets rows as Avro records.
     *
     * @param check the code
     */
    record OnRecords(Predicate<? super GenericRecord> check) implements RuleCode {
      public OnRecords {
        ArgumentChecks.required("check", check);
      }

      @Override
      public RowRuleEvaluator evaluator(
          String ruleId, Schema columns, org.apache.avro.Schema contractSchema) {
        return new CustomRuleEvaluator<>(
            ruleId, check, RowMaterializers.asAvro(columns, contractSchema));
      }
    }

    /**
     * Code that gets rows as maps from column to value. Can be sent to a task if the code can.
     *
     * @param check the code
     */
    record OnMaps(Predicate<? super Map<String, @Nullable Object>> check)
        implements RuleCode, Serializable {
      public OnMaps {
        ArgumentChecks.required("check", check);
      }

      @Override
      public RowRuleEvaluator evaluator(
          String ruleId, Schema columns, org.apache.avro.Schema contractSchema) {
        return new CustomRuleEvaluator<>(ruleId, check, RowMaterializers.asMap(columns));
      }
    }
  }

  public RuleContext {
    code = Map.copyOf(code);
  }

  /** Returns a context with the time only. */
  public static RuleContext at(Instant now) {
    return new RuleContext(now, Map.of(), OtherProducts.UNREADABLE);
  }

  /** Returns why a custom rule has no code, with the versions that are registered. */
  public String missing(RowCondition.Custom condition) {
    List<Long> others =
        code.keySet().stream()
            .filter(registered -> registered.name().equals(condition.name()))
            .map(CodeName::version)
            .sorted()
            .toList();
    return "the code '"
        + condition.name()
        + "' version "
        + condition.version()
        + (others.isEmpty() ? "" : " (registered versions: " + others + ")")
        + " is not registered; register it with customRule(..)";
  }

  /** Returns a context with the rows of other products. */
  public RuleContext withOthers(OtherProducts products) {
    return new RuleContext(now, code, products);
  }

  /** Returns the code of a custom rule; null if it is not registered. */
  public @Nullable RuleCode codeOf(RowCondition.Custom condition) {
    return code.get(new CodeName(condition.name(), condition.version()));
  }
}
