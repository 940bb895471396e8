package io.meshwork.cli;

import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Arguments as the JVM decoded them. Without a UTF-8 locale, characters are lost, and a filter or a
 * value would be another one than the user typed.
 */
final class DecodedArguments {
  private static final char LOST = '\uFFFD';

  private DecodedArguments() {}

  /** Returns why the arguments cannot be used; empty if no character was lost. */
  static Optional<String> fault(String... arguments) {
    return IntStream.range(0, arguments.length)
        .filter(position -> arguments[position].indexOf(LOST) >= 0)
        .mapToObj(
            position ->
                "Argument "
                    + (position + 1)
                    + " has a character that cannot be decoded as "
                    + System.getProperty("sun.jnu.encoding", "text")
                    + ". Nothing was changed. Set a UTF-8 locale, such as LC_ALL=C.UTF-8, and run"
                    + " it again.")
        .findFirst();
  }
}
