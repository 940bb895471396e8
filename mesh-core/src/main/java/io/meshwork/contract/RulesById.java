package io.meshwork.contract;

import io.meshwork.internal.naming.NameGrammar;
import io.meshwork.internal.runtime.NearestName;
import java.util.ArrayList;
import java.util.List;

/** Rules found in a list by their ids. Stateless. */
final class RulesById {
  private RulesById() {}

  static List<Rule> replaced(List<Rule> rules, Rule rule) {
    List<Rule> all = new ArrayList<>(rules);
    all.set(place(rules, rule.id()), rule);
    return all;
  }

  static List<Rule> without(List<Rule> rules, String id) {
    List<Rule> all = new ArrayList<>(rules);
    all.remove(place(rules, id));
    return all;
  }

  private static int place(List<Rule> rules, String id) {
    List<String> ids = rules.stream().map(Rule::id).toList();
    int place = ids.indexOf(id);
    if (place >= 0) {
      return place;
    }
    String fix;
    if (id.equals(Contract.PRIMARY_KEY)) {
      fix = "The primary key is no rule of the list; primaryKey(..) says another one.";
    } else if (ids.isEmpty()) {
      fix = "It has no rules; add one with require(..).";
    } else {
      fix =
          NearestName.to(id, ids).map(nearest -> "Did you mean '" + nearest + "'? ").orElse("")
              + "There are "
              + String.join(", ", ids)
              + ".";
    }
    throw Contract.invalid("there is no rule with the id '" + NameGrammar.quoted(id) + "'", fix);
  }
}
