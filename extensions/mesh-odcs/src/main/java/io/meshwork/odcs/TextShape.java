package io.meshwork.odcs;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the texts of a column have in common as runs of one kind of character, such as three capital
 * letters, a hyphen, then digits. Not thread-safe.
 */
final class TextShape {
  private static final int MOST_RUNS = 12;
  private static final char UPPER = 'A';
  private static final char LOWER = 'a';
  private static final char DIGIT = '0';

  /** So many of one kind of character: the kinds above, or the character itself. */
  private record Run(char kind, int least, int most) {
    String regex() {
      String each =
          switch (kind) {
            case UPPER -> "[A-Z]";
            case LOWER -> "[a-z]";
            case DIGIT -> "[0-9]";
            default -> kind == '.' || kind == '+' ? "\\" + kind : String.valueOf(kind);
          };
      if (least != most) {
        return each + "+";
      }
      return least == 1 ? each : each + "{" + least + "}";
    }
  }

  private @Nullable List<Run> runs;
  private boolean none;

  void add(String text) {
    if (none) {
      return;
    }
    List<Run> own = runs(text);
    List<Run> before = runs;
    if (own == null) {
      none = true;
    } else if (before == null) {
      runs = own;
    } else if (before.size() != own.size()) {
      none = true;
    } else {
      merge(before, own);
    }
  }

  /** The expression that all texts match; null if they share none that says something. */
  @Nullable String regex() {
    if (none || runs == null) {
      return null;
    }
    boolean digits = runs.stream().anyMatch(run -> run.kind() == DIGIT);
    boolean fixed = runs.stream().allMatch(run -> run.least() == run.most());
    boolean capitals = runs.stream().allMatch(run -> run.kind() == UPPER);
    if (!digits && !(fixed && capitals)) {
      return null;
    }
    StringBuilder regex = new StringBuilder();
    runs.forEach(run -> regex.append(run.regex()));
    return regex.toString();
  }

  private void merge(List<Run> before, List<Run> own) {
    for (int i = 0; i < before.size(); i++) {
      Run a = before.get(i);
      Run b = own.get(i);
      if (a.kind() != b.kind()) {
        none = true;
        return;
      }
      if (a.least() > b.least() || a.most() < b.most()) {
        before.set(
            i, new Run(a.kind(), Math.min(a.least(), b.least()), Math.max(a.most(), b.most())));
      }
    }
  }

  private static @Nullable List<Run> runs(String text) {
    if (text.isEmpty()) {
      return null;
    }
    List<Run> runs = new ArrayList<>();
    int from = 0;
    for (int i = 1; i <= text.length(); i++) {
      char kind = kind(text.charAt(from));
      if (kind == 0 || runs.size() == MOST_RUNS) {
        return null;
      }
      if (i == text.length() || kind(text.charAt(i)) != kind) {
        runs.add(new Run(kind, i - from, i - from));
        from = i;
      }
    }
    return runs;
  }

  /** 0 for a character that makes no pattern, such as a space or a letter beyond ASCII. */
  private static char kind(char c) {
    if (c >= 'A' && c <= 'Z') {
      return UPPER;
    }
    if (c >= 'a' && c <= 'z') {
      return LOWER;
    }
    if (c >= '0' && c <= '9') {
      return DIGIT;
    }
    return "-_./:#@+".indexOf(c) >= 0 ? c : 0;
  }
}
