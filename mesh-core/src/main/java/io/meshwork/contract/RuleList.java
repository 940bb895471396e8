package io.meshwork.contract;

import io.meshwork.internal.naming.NameGrammar;
import io.meshwork.internal.text.NearestName;
import java.util.ArrayList;
import java.util.List;

/** Replaces and removes the rules of a list by their IDs. */
final class RuleList {
  private RuleList() {}

  static List<Rule> replace(List<Rule> rules, Rule rule) {
    List<Rule> all = new ArrayList<>(rules);
    all.set(position(rules, rule.id()), rule);
    return all;
  }

  static List<Rule> remove(List<Rule> rules, String id) {
    List<Rule> all = new ArrayList<>(rules);
    all.remove(position(rules, id));
    return all;
  }

  private static int position(List<Rule> rules, String id) {
    List<String> ids = rules.stream().map(Rule::id).toList();
    int position = ids.indexOf(id);
    if (position >= 0) {
      return position;
    }
    String fix;
    if (id.equals(Contract.PRIMARY_KEY)) {
      fix = "The primary key is not a rule of the list; change it with primaryKey(..).";
    } else if (ids.isEmpty()) {
      fix = "The contract has no rules; add one with require(..).";
    } else {
      fix =
          NearestName.to(id, ids).map(nearest -> "Did you mean '" + nearest + "'? ").orElse("")
              + "The rules are "
              + String.join(", ", ids)
              + ".";
    }
    throw Contract.invalid("no rule has the id '" + NameGrammar.quoted(id) + "'", fix);
  }
}
