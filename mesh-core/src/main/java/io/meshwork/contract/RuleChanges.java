package io.meshwork.contract;

import io.meshwork.product.ContractVersion.Verdict;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What changed in the rules, seen by a consumer: a promise more is a minor, a promise less a major,
 * for then values may come that were ruled out. Rules are matched by id, else by what they imply.
 */
final class RuleChanges {
  private static final String TO_DATA =
      "First see that the table passes, or say from which version on it holds.";
  private static final String TO_KEEP =
      "Keep the rule as it was, or define a product of another name.";

  private final Map<String, Rule> before;
  private final Map<String, Rule> after;
  private final List<ContractDifference.Change> changes = new ArrayList<>();

  private RuleChanges(List<Rule> before, List<Rule> after) {
    this.before = byId(before);
    this.after = byId(after);
  }

  static List<ContractDifference.Change> between(List<Rule> before, List<Rule> after) {
    return new RuleChanges(before, after).all();
  }

  private static Map<String, Rule> byId(List<Rule> rules) {
    Map<String, Rule> all = new LinkedHashMap<>();
    rules.forEach(rule -> all.put(rule.id(), rule));
    return all;
  }

  private List<ContractDifference.Change> all() {
    before.forEach(
        (id, old) -> {
          Rule now = after.get(id);
          if (now == null) {
            removed(old);
          } else {
            changed(old, now);
          }
        });
    after.forEach(
        (id, now) -> {
          if (!before.containsKey(id)) {
            added(now);
          }
        });
    return changes;
  }

  private void changed(Rule old, Rule now) {
    if (old.equals(now)) {
      return;
    }
    if (!isPromise(old) && !isPromise(now)) {
      add("RULE_WARNING", Verdict.PATCH, old, now, "warns otherwise", "");
    } else if (!isPromise(old)) {
      stronger("RULE_TIGHTENED", old, now, "was a warning and is enforced now");
    } else if (isHeld(old)) {
      if (isPromise(now) && !hadAlready(now)) {
        stronger("RULE_TIGHTENED", old, now, "is tighter");
      } else {
        add("RULE_REWORDED", Verdict.PATCH, old, now, "says the same in other words", "");
      }
    } else {
      add(
          "RULE_WEAKENED",
          Verdict.MAJOR,
          old,
          now,
          isPromise(now)
              ? "does not rule out all that it ruled out"
              : "only warns now of what it ruled out",
          TO_KEEP);
    }
  }

  private void removed(Rule old) {
    if (!isPromise(old)) {
      add("RULE_WARNING", Verdict.PATCH, old, null, "warns no longer", "");
    } else if (isHeld(old)) {
      add("RULE_REWORDED", Verdict.PATCH, old, null, "is kept by another rule", "");
    } else {
      add(
          "RULE_REMOVED",
          Verdict.MAJOR,
          old,
          null,
          "is gone, so values may come that consumers were promised never to meet",
          TO_KEEP);
    }
  }

  private void added(Rule now) {
    if (!isPromise(now)) {
      add("RULE_WARNING", Verdict.PATCH, null, now, "warns from now on", "");
    } else if (hadAlready(now)) {
      add("RULE_REWORDED", Verdict.PATCH, null, now, "was promised by another rule before", "");
    } else {
      stronger("RULE_ADDED", null, now, "is new");
    }
  }

  private void stronger(String code, @Nullable Rule old, Rule now, String what) {
    add(code, Verdict.MINOR, old, now, what, TO_DATA);
  }

  private static boolean isPromise(Rule rule) {
    return rule.severity() == Rule.Severity.ERROR && rule.kind() != Rule.Kind.TEXT;
  }

  /** True if some rule of the new contract promises as much. */
  private boolean isHeld(Rule old) {
    return after.values().stream()
        .anyMatch(rule -> isPromise(rule) && RuleStrength.implies(rule, old));
  }

  private boolean hadAlready(Rule now) {
    return before.values().stream()
        .anyMatch(rule -> isPromise(rule) && RuleStrength.implies(rule, now));
  }

  private void add(
      String code,
      Verdict verdict,
      @Nullable Rule old,
      @Nullable Rule now,
      String what,
      String fix) {
    String id = now == null ? String.valueOf(old == null ? null : old.id()) : now.id();
    changes.add(
        new ContractDifference.Change(
            ContractDifference.Part.RULE,
            code,
            id,
            text(old),
            text(now),
            verdict,
            verdict != Verdict.MAJOR,
            true,
            "Rule " + id + " " + what + ".",
            fix));
  }

  private static @Nullable String text(@Nullable Rule rule) {
    if (rule == null) {
      return null;
    }
    return rule.severity() == Rule.Severity.WARN ? rule + " warn" : rule.toString();
  }
}
