package io.meshwork.odcs;

import io.meshwork.contract.Contract;
import io.meshwork.contract.Rule;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.odcs.OdcsReport.Element;
import io.meshwork.odcs.OdcsReport.Outcome;
import io.meshwork.odcs.internal.document.InexpressibleException;
import io.meshwork.odcs.internal.document.RuleIds;
import io.meshwork.odcs.internal.dqdl.DqdlColumns;
import io.meshwork.odcs.internal.dqdl.DqdlParser.PlacedRule;
import io.meshwork.odcs.internal.dqdl.DqdlRule;
import io.meshwork.odcs.internal.dqdl.DqdlRuleImport;
import io.meshwork.odcs.internal.dqdl.DqdlRuleImport.RejectedRuleException;
import io.meshwork.product.ProductName;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Collects the rules of a ruleset that fit a contract, each once. Not thread-safe. */
final class DqdlRuleList {
  private final Contract contract;
  private final DqdlColumns columns;
  private final Map<String, ProductName> sources;
  private final Set<Rule> existing;
  private final RuleIds ids;
  private final List<Rule> rules = new ArrayList<>();

  /**
   * What a rule of DQDL means, or why it means nothing.
   *
   * @param outcome what becomes of it
   * @param rules its rules; empty if it means nothing
   * @param notes what the report says
   */
  private record RuleMeaning(Outcome outcome, List<Rule> rules, List<String> notes) {
    static RuleMeaning none(Outcome outcome, String note) {
      return new RuleMeaning(outcome, List.of(), List.of(note));
    }
  }

  DqdlRuleList(Contract contract, Map<String, ProductName> sources) {
    this.contract = contract;
    this.columns = new DqdlColumns(contract);
    this.sources = sources;
    this.existing = new HashSet<>(contract.rules());
    this.ids = new RuleIds(contract.rules());
  }

  /** Returns the rules that were added, in order. */
  List<Rule> rules() {
    return rules;
  }

  /** Adds rules, and returns what became of each. */
  List<Element> add(List<PlacedRule> placed) {
    RuleMeaning[] meanings =
        placed.stream().map(each -> meaning(each.rule())).toArray(RuleMeaning[]::new);
    removeInvalid(meanings, 0, meanings.length);
    List<Element> elements = new ArrayList<>();
    for (int i = 0; i < meanings.length; i++) {
      RuleMeaning meaning = meanings[i];
      List<String> notes = new ArrayList<>();
      for (Rule rule : meaning.rules()) {
        if (existing.add(rule)) {
          Rule numbered = ids.numbered(rule);
          rules.add(numbered);
          notes.add("the rule " + numbered.id());
        }
      }
      notes.addAll(meaning.notes());
      int line = placed.get(i).place().line();
      elements.add(
          new Element("Rules[" + i + "]", line, meaning.outcome(), String.join("; ", notes)));
    }
    return elements;
  }

  private RuleMeaning meaning(DqdlRule rule) {
    DqdlRuleImport reader = new DqdlRuleImport(columns, sources);
    try {
      List<Rule> meant = List.copyOf(new LinkedHashSet<>(reader.rules(rule)));
      return new RuleMeaning(Outcome.MAPPED, meant, List.copyOf(reader.notes()));
    } catch (InexpressibleException e) {
      return RuleMeaning.none(Outcome.NOT_EXECUTED, String.valueOf(e.getMessage()));
    } catch (InvalidRequestException e) {
      return RuleMeaning.none(Outcome.NOT_EXECUTED, e.reason());
    } catch (RejectedRuleException e) {
      return RuleMeaning.none(Outcome.REFUSED, String.valueOf(e.getMessage()));
    }
  }

  /**
   * Checks rules together, because each check reads the whole schema, and halves groups that fail.
   */
  private void removeInvalid(RuleMeaning[] meanings, int from, int to) {
    try {
      contract.require(unnamed(Arrays.asList(meanings).subList(from, to)));
    } catch (InvalidRequestException e) {
      if (to - from == 1) {
        meanings[from] = RuleMeaning.none(Outcome.NOT_EXECUTED, e.reason());
      } else {
        int middle = (from + to) / 2;
        removeInvalid(meanings, from, middle);
        removeInvalid(meanings, middle, to);
      }
    }
  }

  /** The same rule can be meant twice, but a contract has an ID once. */
  private static Rule[] unnamed(Collection<RuleMeaning> meanings) {
    List<Rule> rules = new ArrayList<>();
    for (RuleMeaning meaning : meanings) {
      for (Rule rule : meaning.rules()) {
        rules.add(rule.id("dqdl..." + rules.size()));
      }
    }
    return rules.toArray(Rule[]::new);
  }
}
