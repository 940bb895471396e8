package io.meshwork.odcs.internal.document;

import io.meshwork.contract.Rule;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** Gives rules different IDs: a second rule with an ID gets a number. Not thread-safe. */
public final class RuleIds {
  private final Set<String> usedIds = new HashSet<>();
  private final Map<String, Integer> numbers = new HashMap<>();

  public RuleIds(Collection<Rule> rules) {
    rules.forEach(rule -> usedIds.add(rule.id()));
  }

  /** Returns the rule with an ID that no other rule has. */
  public Rule numbered(Rule rule) {
    String base = rule.id();
    String id = base;
    while (!usedIds.add(id)) {
      id = base + "." + numbers.merge(base, 2, (number, first) -> number + 1);
    }
    return id.equals(base) ? rule : rule.id(id);
  }
}
