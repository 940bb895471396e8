package io.meshwork.internal.dqdl;

import io.meshwork.contract.Contract;
import io.meshwork.contract.Rule;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * The rules of a contract in DQDL, for the table of a major version. Immutable.
 *
 * @param rules the rules that were written, in the order of the contract
 * @param omitted the rules that DQDL cannot express, in the order of the contract
 */
public record DqdlRuleset(List<WrittenRule> rules, List<OmittedRule> omitted) {
  public DqdlRuleset {
    rules = List.copyOf(rules);
    omitted = List.copyOf(omitted);
  }

  /**
   * A rule in DQDL. Immutable.
   *
   * @param rule the rule of the contract
   * @param text one rule of DQDL, which may be composite
   */
  public record WrittenRule(Rule rule, String text) {}

  /**
   * A rule that DQDL cannot express with the same verdict. Immutable.
   *
   * @param rule the rule of the contract
   * @param reason why, such as {@code has a filter}
   */
  public record OmittedRule(Rule rule, String reason) {}

  /**
   * Writes the rules of a contract, and the rule of its primary key.
   *
   * @param columnNames returns the name of a top-level column in the table that is checked
   */
  public static DqdlRuleset of(Contract contract, UnaryOperator<String> columnNames) {
    DqdlWriter writer = new DqdlWriter(contract, columnNames);
    List<WrittenRule> rules = new ArrayList<>();
    List<OmittedRule> omitted = new ArrayList<>();
    for (Rule rule : contract.enforcedRules()) {
      try {
        rules.add(new WrittenRule(rule, writer.write(rule)));
      } catch (NotExpressibleException e) {
        omitted.add(new OmittedRule(rule, e.reason()));
      }
    }
    return new DqdlRuleset(rules, omitted);
  }

  /** Returns the document: {@code Rules = [ ... ]}, one rule in a line. */
  public String text() {
    List<String> lines = rules.stream().map(rule -> "    " + rule.text()).toList();
    return "Rules = [\n" + String.join(",\n", lines) + "\n]";
  }
}
