package io.meshwork.odcs.internal.dqdl;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A rule of a DQDL ruleset, or a composite of rules. Immutable.
 *
 * @param type such as {@code ColumnValues}; {@code and} or {@code or} of a composite
 * @param parameters columns and other strings
 * @param condition null if it has none
 * @param where the filter; empty if it has none
 * @param tags what follows {@code with}, such as the threshold
 * @param parts the rules of a composite; otherwise empty
 */
public record DqdlRule(
    String type,
    List<String> parameters,
    @Nullable DqdlCondition condition,
    String where,
    List<Tag> tags,
    List<DqdlRule> parts) {
  static final String AND = "and";
  static final String OR = "or";

  /**
   * A condition after {@code with}.
   *
   * @param name such as {@code threshold}
   * @param condition its condition
   */
  record Tag(String name, DqdlCondition condition) {}

  public DqdlRule {
    parameters = List.copyOf(parameters);
    tags = List.copyOf(tags);
    parts = List.copyOf(parts);
  }

  static DqdlRule composite(String operator, List<DqdlRule> parts) {
    return new DqdlRule(operator, List.of(), null, "", List.of(), parts);
  }

  boolean isComposite() {
    return !parts.isEmpty();
  }

  DqdlRule condition(DqdlCondition other) {
    return new DqdlRule(type, parameters, other, where, tags, parts);
  }
}
