package io.meshwork.odcs.internal.profile;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The common pattern of the strings of a column: runs of one kind of character, such as three
 * capital letters, a hyphen, and digits. Not thread-safe.
 */
public final class TextPattern {
  private static final int MAX_RUNS = 12;
  private static final char UPPER = 'A';
  private static final char LOWER = 'a';
  private static final char DIGIT = '0';

  /** A run of a kind of character: one of the kinds above, or the character itself. */
  private record Run(char kind, int min, int max) {
    String regex() {
      String character =
          switch (kind) {
            case UPPER -> "[A-Z]";
            case LOWER -> "[a-z]";
            case DIGIT -> "[0-9]";
            default -> kind == '.' || kind == '+' ? "\\" + kind : String.valueOf(kind);
          };
      if (min != max) {
        return character + "+";
      }
      return min == 1 ? character : character + "{" + min + "}";
    }
  }

  private @Nullable List<Run> runs;
  private boolean different;

  void add(String text) {
    if (different) {
      return;
    }
    List<Run> current = runs(text);
    if (current == null) {
      different = true;
    } else {
      addRuns(current);
    }
  }

  private void addRuns(List<Run> current) {
    List<Run> before = runs;
    if (before == null) {
      runs = current;
    } else if (before.size() != current.size()) {
      different = true;
    } else {
      merge(before, current);
    }
  }

  void addAll(TextPattern other) {
    different |= other.different;
    if (!different && other.runs != null) {
      addRuns(other.runs);
    }
  }

  /** Returns a regular expression that all strings match; null if none is specific. */
  public @Nullable String regex() {
    if (different || runs == null) {
      return null;
    }
    boolean digits = runs.stream().anyMatch(run -> run.kind() == DIGIT);
    boolean fixed = runs.stream().allMatch(run -> run.min() == run.max());
    boolean capitals = runs.stream().allMatch(run -> run.kind() == UPPER);
    if (!digits && !(fixed && capitals)) {
      return null;
    }
    StringBuilder regex = new StringBuilder();
    runs.forEach(run -> regex.append(run.regex()));
    return regex.toString();
  }

  private void merge(List<Run> before, List<Run> current) {
    for (int i = 0; i < before.size(); i++) {
      Run a = before.get(i);
      Run b = current.get(i);
      if (a.kind() != b.kind()) {
        different = true;
        return;
      }
      if (a.min() > b.min() || a.max() < b.max()) {
        before.set(i, new Run(a.kind(), Math.min(a.min(), b.min()), Math.max(a.max(), b.max())));
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
      if (kind == 0 || runs.size() == MAX_RUNS) {
        return null;
      }
      if (i == text.length() || kind(text.charAt(i)) != kind) {
        runs.add(new Run(kind, i - from, i - from));
        from = i;
      }
    }
    return runs;
  }

  /** 0 for a character outside patterns, such as a space or a non-ASCII letter. */
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
