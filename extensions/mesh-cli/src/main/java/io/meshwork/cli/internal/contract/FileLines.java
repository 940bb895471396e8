package io.meshwork.cli.internal.contract;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The lines on which a contract file names its columns and rules.
 *
 * @param lines the lines of the file
 */
record FileLines(List<String> lines) {
  static FileLines of(String text) {
    return new FileLines(text.lines().toList());
  }

  /**
   * Returns the line on which a column or a rule has its name; 1 if none has.
   *
   * @param path such as {@code lines[].quantity}: each name is looked for after the one before it
   */
  int line(String path) {
    int index = 0;
    for (String name : path.split("[.\\[\\]{}]+", -1)) {
      int next = name.isEmpty() ? index : next(name, index);
      if (next < 0) {
        return index + 1;
      }
      index = next;
    }
    return index + 1;
  }

  private int next(String name, int from) {
    Pattern named =
        Pattern.compile(
            "(?:^|[\\s{,\"'-])(?:name|id)[\"']?\\s*:\\s*[\"']?"
                + Pattern.quote(name)
                + "[\"']?\\s*(?:[,}#]|$)");
    for (int i = from; i < lines.size(); i++) {
      Matcher matcher = named.matcher(lines.get(i));
      if (matcher.find()) {
        return i;
      }
    }
    return -1;
  }
}
