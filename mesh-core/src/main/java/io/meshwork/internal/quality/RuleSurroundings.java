package io.meshwork.internal.quality;

import io.meshwork.contract.Rule;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Predicate;
import org.apache.avro.generic.GenericRecord;
import org.jspecify.annotations.Nullable;

/**
 * What the rules of a publish need to know besides its rows. Immutable.
 *
 * @param now the moment of the publish, read once from the mesh's clock
 * @param code the code of custom rules, by name and version
 */
public record RuleSurroundings(Instant now, Map<CodeName, Predicate<? super GenericRecord>> code) {
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
    return new RuleSurroundings(now, Map.of());
  }

  /** With the code of one custom rule. */
  public RuleSurroundings withCode(
      String name, long version, Predicate<? super GenericRecord> check) {
    Map<CodeName, Predicate<? super GenericRecord>> all = new HashMap<>(code);
    all.put(new CodeName(name, version), check);
    return new RuleSurroundings(now, all);
  }

  /** The code of a custom rule; null if nobody brought it. */
  @Nullable Predicate<? super GenericRecord> codeOf(Rule rule) {
    return code.get(
        new CodeName(
            String.valueOf(rule.arguments().get(0)), (Long) rule.arguments().get(1)));
  }
}
