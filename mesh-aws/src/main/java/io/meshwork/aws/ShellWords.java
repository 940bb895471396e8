package io.meshwork.aws;

import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Commands for a shell of POSIX. Stateless. */
final class ShellWords {
  private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9@%+=:,./_-]+");

  private ShellWords() {}

  /** Returns a command whose words the shell passes on unchanged. */
  static String command(List<String> words) {
    return words.stream().map(ShellWords::quoted).collect(Collectors.joining(" "));
  }

  private static String quoted(String word) {
    return PLAIN.matcher(word).matches() ? word : "'" + word.replace("'", "'\\''") + "'";
  }
}
