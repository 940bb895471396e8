package io.meshwork.odcs.internal.document;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;

/**
 * The escapes {@code \L} and {@code \P} of quoted strings, which YAML has and SnakeYAML Engine
 * rejects: the line and the paragraph separator of Unicode. Stateless.
 */
final class YamlEscapes {
  private static final String REJECTED = "found unknown escape character ";

  private YamlEscapes() {}

  /**
   * Returns the document with the characters in place of these escapes, from a fault to the end of
   * its text; null if the fault is another.
   */
  static @Nullable String replaced(String document, MarkedYamlEngineException fault) {
    String problem = String.valueOf(fault.getProblem());
    Optional<Mark> mark = fault.getProblemMark();
    if (mark.isEmpty()
        || !(problem.startsWith(REJECTED + "L") || problem.startsWith(REJECTED + "P"))) {
      return null;
    }
    int at = document.offsetByCodePoints(0, mark.get().getIndex()) - 1;
    StringBuilder replaced = new StringBuilder(document.substring(0, at));
    int next = at;
    while (next < document.length() && document.charAt(next) != '"') {
      char c = document.charAt(next++);
      char escaped = c == '\\' && next < document.length() ? document.charAt(next++) : 0;
      if (escaped == 'L' || escaped == 'P') {
        replaced.append(escaped == 'L' ? (char) 0x2028 : (char) 0x2029);
      } else {
        replaced.append(c);
        if (escaped != 0) {
          replaced.append(escaped);
        }
      }
    }
    return replaced.append(document.substring(next)).toString();
  }
}
