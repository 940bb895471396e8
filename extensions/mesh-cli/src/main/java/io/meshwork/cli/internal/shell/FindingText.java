package io.meshwork.cli.internal.shell;

import io.meshwork.error.Finding;

/** A finding as one line, in the words of a terminal. */
public final class FindingText {
  private FindingText() {}

  public static String of(Finding finding) {
    String where = finding.where() + ":";
    String what = finding.what();
    if (what.startsWith(where + " ")) {
      what = what.substring(where.length() + 1);
    }
    String end = finding.fix().isEmpty() || what.endsWith(".") ? "" : ".";
    return TerminalText.of(
        String.join(" ", finding.code().name(), where, what + end, finding.fix())
            .replace('\n', ' ')
            .strip());
  }
}
