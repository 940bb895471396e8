package io.meshwork.cli.internal.contract;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.cli.internal.shell.TerminalText;
import io.meshwork.cli.internal.shell.VerbAnswer;
import io.meshwork.error.Finding.Severity;
import io.meshwork.error.MeshException;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A fault or a change, at a place of a file.
 *
 * @param file the file as it was named
 * @param line the line, from 1; 1 also if it is not known
 * @param label what the text calls it, such as {@code error} or {@code major}
 * @param code what was found, such as {@code CONSUMER_BREAK}
 * @param where the path of the element, or the column; empty for the whole file
 * @param what the fault, in a sentence or a clause
 */
record FileFinding(
    String file,
    int line,
    Severity severity,
    String label,
    String code,
    String where,
    String what) {
  private static final Pattern PLACE =
      Pattern.compile("line (\\d+), column \\d+, (?:at the top|in the text|at ([^:]+)): (.*)");
  private static final Pattern CHARACTER = Pattern.compile("at character (\\d+)");

  /** Creates a finding whose label is its severity. */
  FileFinding(String file, int line, Severity severity, String code, String where, String what) {
    this(file, line, severity, severity.name().toLowerCase(Locale.ROOT), code, where, what);
  }

  /**
   * Returns the faults of a file that cannot be read as a contract.
   *
   * @param text the file; empty if it is not text
   */
  static List<FileFinding> of(String file, String text, MeshException failure) {
    return failure.findings().isEmpty()
        ? List.of(at(file, text, failure.code(), "", failure.reason(), failure.fix()))
        : failure.findings().stream()
            .map(each -> at(file, text, each.code().name(), each.where(), each.what(), each.fix()))
            .toList();
  }

  private static FileFinding at(
      String file, String text, String code, String where, String reason, String fix) {
    Matcher place = PLACE.matcher(reason);
    Matcher character = CHARACTER.matcher(reason);
    String hint = fix.isEmpty() ? "" : ". " + TerminalText.of(fix);
    if (place.matches()) {
      String path = place.group(2) == null ? where : place.group(2);
      int line = Integer.parseInt(place.group(1));
      return new FileFinding(file, line, Severity.ERROR, code, path, place.group(3) + hint);
    }
    int line =
        character.find()
            ? (int)
                    text.chars()
                        .limit(Long.parseLong(character.group(1)))
                        .filter(c -> c == '\n')
                        .count()
                + 1
            : FileLines.of(text).line(where);
    return new FileFinding(file, line, Severity.ERROR, code, where, reason + hint);
  }

  /** Returns one line, as compilers print it, so that editors find the place. */
  @Override
  public String toString() {
    return file
        + ":"
        + line
        + ": "
        + label
        + ": "
        + (where.isEmpty() ? "" : where + ": ")
        + what
        + " ("
        + code
        + ")";
  }

  ObjectNode document() {
    return VerbAnswer.newNode()
        .put("severity", severity.name())
        .put("code", code)
        .put("line", line)
        .put("where", where)
        .put("what", what);
  }

  static boolean isAnyError(List<FileFinding> findings) {
    return findings.stream().anyMatch(each -> each.severity == Severity.ERROR);
  }
}
