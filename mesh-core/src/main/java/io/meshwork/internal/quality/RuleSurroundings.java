package io.meshwork.internal.quality;

import io.meshwork.contract.Rule;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.apache.avro.generic.GenericRecord;
import org.jspecify.annotations.Nullable;

/**
 * What the rules of a publish need to know besides its rows. Immutable.
 *
 * @param now the moment of the publish, read once from the mesh's clock
 * @param code the code of custom rules, by name and version
 * @param others rows of other products
 */
public record RuleSurroundings(
    Instant now, Map<CodeName, Predicate<? super GenericRecord>> code, OtherProducts others) {
  /**
   * Names code as a rule does.
   *
   * @param name the code's name
   * @param version from 1
   */
  public record CodeName(String name, long version) {}

  /** Copies the code. */
  public RuleSurroundings {
    code = Map.copyOf(code);
  }

  /** Nothing but the time. */
  public static RuleSurroundings at(Instant now) {
    return new RuleSurroundings(now, Map.of(), OtherProducts.UNREADABLE);
  }

  /** Versions of the code of this name that somebody brought, in order. */
  List<Long> versionsOf(String name) {
    return code.keySet().stream()
        .filter(brought -> brought.name().equals(name))
        .map(CodeName::version)
        .sorted()
        .toList();
  }

  /** With the rows of other products. */
  public RuleSurroundings withOthers(OtherProducts products) {
    return new RuleSurroundings(now, code, products);
  }

  /** The code of a custom rule; null if nobody brought it. */
  @Nullable Predicate<? super GenericRecord> codeOf(Rule rule) {
    return code.get(
        new CodeName(String.valueOf(rule.arguments().get(0)), (Long) rule.arguments().get(1)));
  }
}
