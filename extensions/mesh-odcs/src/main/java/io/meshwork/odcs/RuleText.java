package io.meshwork.odcs;

import io.meshwork.contract.Rule;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** Splits the text of a rule, such as {@code inSet(flag, 'Y', 'N')}, at its commas. */
final class RuleText {
  static final Pattern NUMBER = Pattern.compile("-?[0-9]{1,100}(\\.[0-9]{1,100})?");

  private RuleText() {}

  /** Returns the arguments after the columns, as written; an open end is empty. */
  static List<String> arguments(Rule rule) {
    String text = rule.toString();
    List<String> parts = new ArrayList<>();
    StringBuilder part = new StringBuilder();
    boolean quoted = false;
    for (int i = text.indexOf('(') + 1; i < text.length(); i++) {
      char c = text.charAt(i);
      quoted ^= c == '\'';
      if (!quoted && (c == ',' || c == ')')) {
        parts.add(part.toString().strip());
        part.setLength(0);
        if (c == ')') {
          break;
        }
      } else {
        part.append(c);
      }
    }
    return parts.subList(Math.min(rule.columns().size(), parts.size()), parts.size());
  }
}
