package io.meshwork.internal.quality;

import io.meshwork.internal.condition.RowCondition;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.apache.avro.generic.GenericRecord;
import org.jspecify.annotations.Nullable;

/**
 * What the rules of a publish need besides its rows. Immutable.
 *
 * @param now the time of the publish, read once from the mesh's clock
 * @param code the code of custom rules, by name and version
 * @param others rows of other products
 */
public record RuleContext(
    Instant now, Map<CodeName, Predicate<? super GenericRecord>> code, OtherProducts others) {
  /**
   * Identifies code as a rule does.
   *
   * @param name the code's name
   * @param version the code's version, from 1
   */
  public record CodeName(String name, long version) {}

  public RuleContext {
    code = Map.copyOf(code);
  }

  /** Returns a context with the time only. */
  public static RuleContext at(Instant now) {
    return new RuleContext(now, Map.of(), OtherProducts.UNREADABLE);
  }

  /** Returns the registered versions of the code with this name, ascending. */
  List<Long> versionsOf(String name) {
    return code.keySet().stream()
        .filter(registered -> registered.name().equals(name))
        .map(CodeName::version)
        .sorted()
        .toList();
  }

  /** Returns a context with the rows of other products. */
  public RuleContext withOthers(OtherProducts products) {
    return new RuleContext(now, code, products);
  }

  /** Returns the code of a custom rule; null if it is not registered. */
  @Nullable Predicate<? super GenericRecord> codeOf(RowCondition.Custom condition) {
    return code.get(new CodeName(condition.name(), condition.version()));
  }
}
