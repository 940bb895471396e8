package io.meshwork.cli.internal.shell;

import io.meshwork.error.Finding;

/** A finding as one line, in the words of a terminal. */
public final class FindingText {
  private FindingText() {}

  public static String of(Finding finding) {
    String what = finding.what();
    String end = finding.fix().isEmpty() || what.endsWith(".") ? "" : ".";
    return TerminalText.of(
        String.join(" ", finding.code().name(), finding.where() + ":", what + end, finding.fix())
            .replace('\n', ' ')
            .strip());
  }
}
