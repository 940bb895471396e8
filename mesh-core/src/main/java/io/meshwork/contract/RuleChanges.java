package io.meshwork.contract;

import io.meshwork.error.FindingCode;
import io.meshwork.internal.compatibility.SchemaComparison;
import io.meshwork.product.ContractVersion.Verdict;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The changes of the rules, as they affect consumers: a stricter rule is a minor change; a weaker
 * one is a major change, because values can appear that the rule excluded. Rules are matched by ID,
 * otherwise by what they imply.
 */
final class RuleChanges {
  private static final String CHECK_TABLE =
      "First check that the rows of the table satisfy the rule.";
  private static final String KEEP_RULE = "Keep the rule";

  /** Under the new names of columns, so that a rule of a renamed column is the same rule. */
  private final Map<String, Rule> before;

  /** The columns of the rules before, by their old names, and by the IDs of {@link #before}. */
  private final Map<String, List<String>> oldColumns = new HashMap<>();

  private final Map<String, Rule> after;
  private final boolean newMajor;
  private final List<ContractDifference.Change> changes = new ArrayList<>();

  private RuleChanges(
      List<Rule> before, List<Rule> after, Map<String, String> renamings, boolean newMajor) {
    this.before = new LinkedHashMap<>();
    for (Rule rule : before) {
      Rule renamed = renamings.isEmpty() ? rule : rule.renamed(path -> renamed(path, renamings));
      this.before.put(renamed.id(), renamed);
      oldColumns.put(renamed.id(), rule.columns());
    }
    this.after = byId(after);
    this.newMajor = newMajor;
  }

  private static String renamed(String path, Map<String, String> renamings) {
    for (int end = path.length(); end > 0; end--) {
      String now = renamings.get(path.substring(0, end));
      if (now != null && (end == path.length() || ".[{".indexOf(path.charAt(end)) >= 0)) {
        return now + path.substring(end);
      }
    }
    return path;
  }

  /**
   * Compares rules.
   *
   * @param renamings the new paths of renamed columns by their old paths
   * @param newMajor whether the new rules start a major version, so that their changes do not
   *     advise to roll one out
   */
  static List<ContractDifference.Change> between(
      List<Rule> before, List<Rule> after, Map<String, String> renamings, boolean newMajor) {
    return new RuleChanges(before, after, renamings, newMajor).all();
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
      add(FindingCode.WARNING_RULE_CHANGED, Verdict.PATCH, old, now, "warns about other rows", "");
    } else if (!isPromise(old)) {
      stronger(FindingCode.RULE_TIGHTENED, old, now, "was a warning and is now enforced");
    } else if (isPromisedAfter(old)) {
      if (isPromise(now) && !wasPromisedBefore(now)) {
        stronger(FindingCode.RULE_TIGHTENED, old, now, "is tighter");
      } else {
        add(FindingCode.RULE_REWORDED, Verdict.PATCH, old, now, "is worded differently", "");
      }
    } else {
      add(
          FindingCode.RULE_WEAKENED,
          Verdict.MAJOR,
          old,
          now,
          isPromise(now)
              ? "no longer excludes all values that it excluded"
              : "now only warns about values that it excluded",
          SchemaComparison.orNewMajor(newMajor, KEEP_RULE));
    }
  }

  private void removed(Rule old) {
    if (!isPromise(old)) {
      add(FindingCode.WARNING_RULE_CHANGED, Verdict.PATCH, old, null, "no longer warns", "");
    } else if (isPromisedAfter(old)) {
      add(FindingCode.RULE_REWORDED, Verdict.PATCH, old, null, "is covered by another rule", "");
    } else {
      add(
          FindingCode.RULE_REMOVED,
          Verdict.MAJOR,
          old,
          null,
          "is removed, so values can appear that the contract excluded",
          SchemaComparison.orNewMajor(newMajor, KEEP_RULE));
    }
  }

  private void added(Rule now) {
    if (!isPromise(now)) {
      add(FindingCode.WARNING_RULE_CHANGED, Verdict.PATCH, null, now, "is a new warning", "");
    } else if (wasPromisedBefore(now)) {
      add(FindingCode.RULE_REWORDED, Verdict.PATCH, null, now, "was covered by another rule", "");
    } else {
      stronger(FindingCode.RULE_ADDED, null, now, "is new");
    }
  }

  private void stronger(FindingCode code, @Nullable Rule old, Rule now, String what) {
    add(code, Verdict.MINOR, old, now, what, CHECK_TABLE);
  }

  private static boolean isPromise(Rule rule) {
    return rule.severity() == Rule.Severity.ERROR && rule.kind() != Rule.Kind.TEXT;
  }

  /** True if a rule of the new contract promises at least as much. */
  private boolean isPromisedAfter(Rule old) {
    return after.values().stream()
        .anyMatch(rule -> isPromise(rule) && RuleImplication.implies(rule, old));
  }

  private boolean wasPromisedBefore(Rule now) {
    return before.values().stream()
        .anyMatch(rule -> isPromise(rule) && RuleImplication.implies(rule, now));
  }

  private void add(
      FindingCode code,
      Verdict verdict,
      @Nullable Rule old,
      @Nullable Rule now,
      String what,
      String fix) {
    String id = now == null ? String.valueOf(old == null ? null : old.id()) : now.id();
    List<String> named = now == null ? List.of() : now.columns();
    changes.add(
        ContractChange.of(
            code,
            id,
            oldColumns.getOrDefault(id, named),
            text(old),
            text(now),
            verdict,
            verdict != Verdict.MAJOR,
            sentence(id, text(old), text(now), what),
            fix));
  }

  private static String sentence(
      String id, @Nullable String before, @Nullable String after, String what) {
    String rule = "Rule " + id;
    return before == null || after == null
        ? rule
            + ", "
            + ChangedValue.shortened(before == null ? "" + after : before)
            + ", "
            + what
            + "."
        : rule + " " + what + ": " + ChangedValue.between(before, after) + ".";
  }

  private static @Nullable String text(@Nullable Rule rule) {
    if (rule == null) {
      return null;
    }
    return rule.severity() == Rule.Severity.WARN ? rule.inWords() + " warn" : rule.inWords();
  }
}
