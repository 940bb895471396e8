package io.meshwork.cli;

import io.meshwork.cli.internal.shell.ArgumentFaults;
import io.meshwork.cli.internal.shell.NearestVerb;
import io.meshwork.cli.internal.shell.OlderVerbs;
import io.meshwork.cli.internal.shell.UsageException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A parsed command line: mesh, verb, arguments in order, and options with a value. */
final class CommandOptions {
  private static final Map<String, Set<String>> VALUE_OPTIONS =
      Map.of(
          "publish", Set.of("--key", "--as", "--reading-from"),
          "files", Set.of("--major", "--reading-from"),
          "verify", Set.of("--reading-from"),
          "doctor", Set.of("--reading-from"),
          "maintain", Set.of("--expect", "--reading-from"),
          "repair", Set.of("--apply", "--reading-from"),
          "mirror", Set.of("--apply"),
          "move", Set.of("--accounts", "--places", "--catalogs"));

  /** Options without a value. */
  private static final Map<String, Set<String>> FLAGS =
      Map.of(
          "doctor", Set.of("--checksums"),
          "mirror", Set.of("--plan", "--verify", "--repair", "--adopt"),
          "move", Set.of("--plan", "--abandon"));

  private final MeshAddress mesh;
  private final String verb;
  private final List<String> arguments;
  private final Map<String, String> values;

  private CommandOptions(
      MeshAddress mesh, String verb, List<String> arguments, Map<String, String> values) {
    this.mesh = mesh;
    this.verb = verb;
    this.arguments = arguments;
    this.values = values;
  }

  static CommandOptions parse(String[] commandLine) {
    if (commandLine.length < 2) {
      throw new UsageException("MESH and VERB are required.");
    }
    String verb = commandLine[1];
    if (!OlderVerbs.contains(verb)) {
      throw unknownVerb(verb);
    }
    List<String> arguments = new ArrayList<>();
    Map<String, String> values = new LinkedHashMap<>();
    for (int i = 2; i < commandLine.length; i++) {
      if (!commandLine[i].startsWith("--")) {
        arguments.add(commandLine[i]);
      } else if (FLAGS.getOrDefault(verb, Set.of()).contains(commandLine[i])) {
        values.put(commandLine[i], "");
      } else if (!VALUE_OPTIONS.getOrDefault(verb, Set.of()).contains(commandLine[i])) {
        throw new UsageException("'" + verb + "' has no option " + commandLine[i] + ".");
      } else if (i + 1 == commandLine.length) {
        throw new UsageException("Option " + commandLine[i] + " requires a value.");
      } else if (values.put(commandLine[i], commandLine[++i]) != null) {
        throw new UsageException("Option " + commandLine[i - 1] + " occurs twice.");
      }
    }
    return new CommandOptions(MeshAddress.parse(commandLine[0]), verb, arguments, values);
  }

  /** Returns the error for a verb that does not exist, with the most similar one. */
  static UsageException unknownVerb(String verb) {
    return new UsageException(NearestVerb.unknown(verb, OlderVerbs.ALL));
  }

  MeshAddress mesh() {
    return mesh;
  }

  String verb() {
    return verb;
  }

  String argument(int position, String name) {
    if (position >= arguments.size()) {
      throw new UsageException("'" + verb + "' requires " + name + ".");
    }
    return arguments.get(position);
  }

  /** True if an option without a value was set. */
  boolean has(String flag) {
    return values.containsKey(flag);
  }

  Path file(int position, String name) {
    return path(argument(position, name));
  }

  /** Rejects arguments after this number. */
  void requireEnd(int count) {
    if (arguments.size() > count) {
      throw new UsageException("'" + verb + "' has no argument '" + arguments.get(count) + "'.");
    }
  }

  /** Rejects more than one of these options. */
  void requireAtMostOne(String... exclusive) {
    List<String> set = Stream.of(exclusive).filter(values::containsKey).toList();
    if (set.size() > 1) {
      throw new UsageException("Options " + String.join(" and ", set) + " exclude each other.");
    }
  }

  @Nullable String value(String option) {
    return values.get(option);
  }

  /** Returns the pairs of {@code OLD=NEW,OLD=NEW}, in order; empty without the option. */
  Map<String, String> pairs(String option) {
    Map<String, String> pairs = new LinkedHashMap<>();
    String text = values.get(option);
    if (text != null) {
      for (String pair : text.split(",", -1)) {
        int equals = pair.indexOf('=');
        if (equals <= 0 || equals == pair.length() - 1) {
          throw new UsageException("Option " + option + " takes OLD=NEW, separated by commas.");
        }
        if (pairs.put(pair.substring(0, equals), pair.substring(equals + 1)) != null) {
          throw new UsageException(
              ArgumentFaults.repeated("Option " + option, List.of(text.split(",", -1))));
        }
      }
    }
    return pairs;
  }

  long bytes(String option, String text) {
    try {
      long bytes = Long.parseLong(text);
      if (bytes >= 1) {
        return bytes;
      }
    } catch (NumberFormatException e) {
      // Reported below, as for a number that is too small.
    }
    throw new UsageException("Option " + option + " takes a number of bytes, at least 1.");
  }

  int number(String option, String text) {
    try {
      return Integer.parseInt(text);
    } catch (NumberFormatException e) {
      throw new UsageException("Option " + option + " takes a number.");
    }
  }

  private static Path path(String text) {
    try {
      return Path.of(text);
    } catch (InvalidPathException e) {
      throw UsageException.ofPath("A file or folder in the options", e);
    }
  }
}
