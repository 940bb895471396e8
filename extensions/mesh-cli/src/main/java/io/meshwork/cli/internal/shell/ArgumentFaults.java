package io.meshwork.cli.internal.shell;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/** What is wrong with the arguments of any verb, before it runs. Stateless. */
public final class ArgumentFaults {
  private static final char LOST = '\uFFFD';

  /** The address of a mesh, whose settings follow its one question mark. */
  private static final Pattern ADDRESS =
      Pattern.compile("(--mesh=)?aws:[^/?]+(/[^/?]+){2}\\?[^?]+");

  private ArgumentFaults() {}

  /** Returns why parsed arguments cannot be used; empty if they can. */
  public static Optional<String> of(ParseResult result, boolean isChange, String... arguments) {
    return ofLostCharacters(arguments)
        .or(() -> isChange ? ofReplacedCharacters(encoding(), arguments) : Optional.empty())
        .or(() -> ofRepeatedKeys(result));
  }

  /**
   * Returns why the arguments of a change cannot be used; empty if they can. Windows replaces
   * characters that its code page lacks by question marks before a program sees them (JDK-8368853),
   * so a filter would select other rows. Addresses of meshes have no such characters.
   *
   * @param encoding how this JVM gets arguments
   */
  static Optional<String> ofReplacedCharacters(String encoding, String... arguments) {
    if (encoding.equalsIgnoreCase("UTF-8")) {
      return Optional.empty();
    }
    return IntStream.range(0, arguments.length)
        .filter(position -> arguments[position].indexOf('?') >= 0)
        .filter(position -> !ADDRESS.matcher(arguments[position]).matches())
        .mapToObj(
            position ->
                "Argument "
                    + (position + 1)
                    + " has a question mark, which may stand for another character: arguments are"
                    + " decoded as "
                    + encoding
                    + ". Nothing was changed. Write a filter to a file in UTF-8, and name it as"
                    + " @FILE, or @- for standard input. Otherwise, set a UTF-8 locale, or leave"
                    + " out the question mark.")
        .findFirst();
  }

  private static String encoding() {
    return System.getProperty("sun.jnu.encoding", "UTF-8");
  }

  /**
   * Returns why arguments cannot be used as the JVM decoded them; empty if no character was lost.
   * Without a UTF-8 locale, a filter or a value would differ from what the user typed.
   */
  public static Optional<String> ofLostCharacters(String... arguments) {
    return IntStream.range(0, arguments.length)
        .filter(position -> arguments[position].indexOf(LOST) >= 0)
        .mapToObj(
            position ->
                "Argument "
                    + (position + 1)
                    + " has a character that cannot be decoded as "
                    + encoding()
                    + ". Nothing was changed. Set a UTF-8 locale, such as LC_ALL=C.UTF-8, and run"
                    + " it again.")
        .findFirst();
  }

  /** A key with two values: only the last of them would count. */
  private static Optional<String> ofRepeatedKeys(ParseResult result) {
    for (ArgSpec argument : result.matchedArgs()) {
      if (argument.getValue() instanceof Map<?, ?> values
          && values.size() < argument.originalStringValues().size()) {
        return Optional.of(repeated(name(argument), argument.originalStringValues()));
      }
    }
    return result.hasSubcommand() ? ofRepeatedKeys(result.subcommand()) : Optional.empty();
  }

  private static String name(ArgSpec argument) {
    return argument instanceof OptionSpec option ? option.longestName() : argument.paramLabel();
  }

  /**
   * Returns the sentence on pairs of keys and values of which two have one key.
   *
   * @param argument what has the pairs
   */
  public static String repeated(String argument, List<String> pairs) {
    Set<String> keys = new HashSet<>();
    String key =
        pairs.stream()
            .map(pair -> pair.split("=", 2)[0])
            .filter(each -> !keys.add(each))
            .findFirst()
            .map(each -> "'" + each + "'")
            .orElse("the same key");
    return argument + " has two values for " + key + ". Nothing was changed. Give each key once.";
  }
}
