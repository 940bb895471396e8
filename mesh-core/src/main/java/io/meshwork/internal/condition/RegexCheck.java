package io.meshwork.internal.condition;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Rejects regular expressions that are invalid or whose automaton would be large. Nested counted
 * repetitions multiply, so the size is estimated before the expression is compiled.
 */
final class RegexCheck {
  private static final int MAX_LENGTH = 1_000;
  private static final long MAX_SIZE = 10_000;

  private RegexCheck() {}

  static void check(String ruleId, String regex) {
    if (regex == null || regex.length() > MAX_LENGTH) {
      throw RuleFault.of(
          ruleId,
          regex == null
              ? "its regular expression is null"
              : "its regular expression has more than " + MAX_LENGTH + " characters",
          "Use a shorter one.");
    }
    if (size(regex) > MAX_SIZE) {
      throw RuleFault.of(
          ruleId,
          "its regular expression would have more than " + MAX_SIZE + " states",
          "Use smaller counts in repetitions.");
    }
    try {
      Pattern.compile(regex);
    } catch (PatternSyntaxException e) {
      int index = e.getPattern() == null ? -1 : regex.indexOf(e.getPattern());
      throw RuleFault.of(
          ruleId,
          "its regular expression is not valid: "
              + e.getDescription()
              + (index < 0 ? "" : " at index " + index),
          "Use RE2 syntax, without back-references and look-around.");
    }
  }

  /** An upper estimate of the number of states: atoms times the counts around them. */
  private static long size(String regex) {
    Deque<Long> outer = new ArrayDeque<>();
    long group = 0;
    long atom = 0;
    for (int i = 0; i < regex.length(); i++) {
      char c = regex.charAt(i);
      if (c == '{') {
        int end = regex.indexOf('}', i);
        if (end > 0) {
          atom = Math.min(MAX_SIZE + 1, atom * repeats(regex.substring(i + 1, end)));
          i = end;
        }
        continue;
      }
      group = Math.min(MAX_SIZE + 1, group + atom);
      atom = 1;
      if (c == '(') {
        outer.push(group);
        group = 0;
        atom = 0;
      } else if (c == ')') {
        atom = group;
        group = outer.isEmpty() ? 0 : outer.pop();
      } else if (c == '\\') {
        i++;
      } else if (c == '[') {
        i = endOfClass(regex, i);
      }
    }
    return group + atom;
  }

  private static int endOfClass(String regex, int start) {
    int i = start + 1;
    while (i < regex.length() && (regex.charAt(i) != ']' || i == start + 1)) {
      i += regex.charAt(i) == '\\' ? 2 : 1;
    }
    return i;
  }

  private static long repeats(String counts) {
    long max = 1;
    long number = 0;
    for (int i = 0; i < counts.length(); i++) {
      char c = counts.charAt(i);
      number = c >= '0' && c <= '9' ? Math.min(MAX_SIZE, number * 10 + (c - '0')) : 0;
      max = Math.max(max, number);
    }
    return max;
  }
}
