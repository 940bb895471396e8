package io.meshwork.cli.internal.shell;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * The texts of Java sources, with <code>x1</code> in place of each expression that is added to
 * them.
 */
final class SourceMessages {
  private final String source;
  private final List<String> found = new ArrayList<>();

  private SourceMessages(String source) {
    this.source = source;
  }

  /** A text, and the file that has it. */
  record Message(Path file, String text) {}

  /** Returns the texts of more than one word, and the calls, in the sources of a module. */
  static List<Message> of(Path module) throws IOException {
    List<Message> all = new ArrayList<>();
    try (Stream<Path> files = Files.walk(module.resolve("src/main/java"))) {
      for (Path file : files.filter(each -> each.toString().endsWith(".java")).sorted().toList()) {
        SourceMessages messages = new SourceMessages(Files.readString(file));
        messages.scan();
        messages.found.stream()
            .filter(text -> text.contains(" ") || text.contains("(.."))
            .forEach(text -> all.add(new Message(file, text)));
      }
    }
    return all;
  }

  private void scan() {
    int at = 0;
    while (at < source.length()) {
      if (source.startsWith("//", at)) {
        at = source.indexOf('\n', at);
      } else if (source.startsWith("/*", at)) {
        at = source.indexOf("*/", at) + 2;
      } else if (source.charAt(at) == '\'') {
        at = literalEnd(at);
      } else {
        at = source.charAt(at) == '"' ? message(at) : at + 1;
      }
    }
  }

  /** Reads a text with all that is added to it, and returns where it ends. */
  private int message(int start) {
    StringBuilder text = new StringBuilder();
    int end = literal(start, text);
    int next = afterSpace(end);
    while (source.startsWith("+", next) && !source.startsWith("+=", next)) {
      int operand = afterSpace(next + 1);
      if (source.charAt(operand) == '"') {
        end = literal(operand, text);
      } else {
        end = operandEnd(operand);
        text.append("x1");
      }
      next = afterSpace(end);
    }
    found.add(text.toString());
    return end;
  }

  private int literal(int start, StringBuilder text) {
    boolean block = source.startsWith("\"\"\"", start);
    int end = block ? source.indexOf("\"\"\"", start + 3) + 3 : literalEnd(start);
    String quoted = source.substring(start + (block ? 3 : 1), end - (block ? 3 : 1));
    text.append(quoted.replaceAll("\\\\u\\w{4}", "x").translateEscapes());
    return end;
  }

  private int literalEnd(int start) {
    int at = start + 1;
    while (source.charAt(at) != source.charAt(start)) {
      at += source.charAt(at) == '\\' ? 2 : 1;
    }
    return at + 1;
  }

  private int operandEnd(int start) {
    int depth = 0;
    int at = start;
    while (at < source.length()) {
      char letter = source.charAt(at);
      if (letter == '"') {
        at = message(at);
        continue;
      } else if (letter == '\'') {
        at = literalEnd(at);
        continue;
      } else if ("([{".indexOf(letter) >= 0) {
        depth++;
      } else if (")]}".indexOf(letter) >= 0 && --depth < 0) {
        return at;
      } else if (depth == 0 && "+,;:?".indexOf(letter) >= 0) {
        return at;
      }
      at++;
    }
    return at;
  }

  private int afterSpace(int start) {
    int at = start;
    while (at < source.length() && Character.isWhitespace(source.charAt(at))) {
      at++;
    }
    return at;
  }
}
