package io.meshwork.cli.program;

import io.meshwork.cli.ExitCode;
import io.meshwork.cli.MeshCommand;
import io.meshwork.cli.internal.file.FilterText;
import io.meshwork.cli.internal.shell.ArgumentFaults;
import io.meshwork.cli.internal.shell.CommandShell;
import io.meshwork.cli.internal.shell.FindingText;
import io.meshwork.cli.internal.shell.NearestVerb;
import io.meshwork.cli.internal.shell.OlderVerbs;
import io.meshwork.cli.internal.shell.OptionTexts;
import io.meshwork.cli.internal.shell.TerminalText;
import io.meshwork.cli.internal.shell.UsageException;
import io.meshwork.cli.internal.verb.MeshVerb;
import io.meshwork.error.Finding;
import io.meshwork.error.MeshException;
import java.io.File;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/** The program {@code mesh}. Its jar runs the older form {@code FOLDER VERB} too. */
final class MeshProgram {
  /** The most findings in the lines below a message. */
  private static final int MAX_FINDINGS = 50;

  private MeshProgram() {}

  /** Runs a command and exits with its code. */
  public static void main(String[] arguments) {
    // Scripts and documents have the digits of ASCII, also those that libraries format.
    Locale.setDefault(Locale.Category.FORMAT, Locale.ROOT);
    boolean verbose = Arrays.stream(arguments).anyMatch(List.of("-v", "--verbose")::contains);
    System.setProperty("org.slf4j.simpleLogger.defaultLogLevel", verbose ? "warn" : "off");
    if (verbose) {
      System.setProperty("org.slf4j.simpleLogger.log.io.meshwork", "debug");
    }
    CommandShell shell = CommandShell.ofProcess();
    int code =
        isOlderForm(arguments)
            ? MeshCommand.run(arguments, shell.out(), shell.err())
            : run(shell, arguments);
    System.exit(code);
  }

  /**
   * True for {@code FOLDER VERB}, where FOLDER is not a verb of the command or an option. A word
   * that is almost a verb is a folder only if that exists, or is about to be created.
   */
  static boolean isOlderForm(String[] arguments) {
    if (arguments.length < 2
        || !OlderVerbs.contains(arguments[1])
        || arguments[0].startsWith("-")) {
      return false;
    }
    Set<String> verbs =
        new CommandLine(new MeshVerbs(CommandShell.ofProcess())).getSubcommands().keySet();
    return !verbs.contains(arguments[0])
        && (arguments[1].equals("define")
            || NearestVerb.of(arguments[0], verbs).isEmpty()
            || new File(arguments[0]).exists());
  }

  /**
   * Runs a command in this process.
   *
   * @return the exit code: 0, or one of {@link ExitCode}
   */
  static int run(CommandShell shell, String... arguments) {
    CommandLine line = MeshVerbs.program(shell, arguments);
    MeshOptions root = line.getCommand();
    line.setOut(new PrintWriter(shell.out(), true, StandardCharsets.UTF_8));
    line.setErr(new PrintWriter(shell.err(), true, StandardCharsets.UTF_8));
    line.setColorScheme(
        CommandLine.Help.defaultColorScheme(
            shell.terminal() ? CommandLine.Help.Ansi.ON : CommandLine.Help.Ansi.OFF));
    VerbHelp.showIn(line);
    line.setCaseInsensitiveEnumValuesAllowed(true);
    line.setAbbreviatedOptionsAllowed(false);
    line.setParameterExceptionHandler((error, args) -> misused(shell, error));
    line.setExecutionExceptionHandler((error, at, result) -> failed(shell, root, result, error));
    line.registerConverter(FilterText.class, text -> filter(text, shell));
    line.registerConverter(LocalDate.class, MeshProgram::date);
    line.registerConverter(Duration.class, MeshProgram::duration);
    line.setExpandAtFiles(false);
    line.setExecutionStrategy(
        result -> {
          try {
            return checked(result, arguments);
          } catch (OutOfMemoryError | LinkageError e) {
            return failed(shell, root, result, UsageException.of(e));
          }
        });
    String[] words = helpLast(arguments);
    int code =
        NearestVerb.fault(line, MeshProgram::isQuestion, words)
            .map(error -> misused(shell, error))
            .orElseGet(() -> line.execute(words));
    line.getOut().flush();
    return shell.flushed(code, ExitCode.UNEXPECTED);
  }

  private static LocalDate date(String text) {
    try {
      return LocalDate.parse(text);
    } catch (DateTimeParseException e) {
      throw new CommandLine.TypeConversionException(
          "'" + text + "' is not a date, such as 2027-03-31");
    }
  }

  private static Duration duration(String text) {
    try {
      return OptionTexts.duration(text);
    } catch (UsageException e) {
      throw new CommandLine.TypeConversionException(String.valueOf(e.getMessage()));
    }
  }

  private static FilterText filter(String text, CommandShell shell) {
    try {
      return FilterText.of(text, shell.in());
    } catch (UsageException e) {
      throw new CommandLine.TypeConversionException(String.valueOf(e.getMessage()));
    }
  }

  /** The library's verb {@code help} takes one word: {@code help domain add} is more. */
  private static String[] helpLast(String... arguments) {
    if (arguments.length < 2 || !arguments[0].equals("help") || arguments[1].startsWith("-")) {
      return arguments;
    }
    String[] asked = Arrays.copyOfRange(arguments, 1, arguments.length + 1);
    asked[arguments.length - 1] = "--help";
    return asked;
  }

  private static int checked(ParseResult result, String... arguments) {
    ArgumentFaults.of(result, isChange(result), arguments)
        .ifPresent(
            fault -> {
              throw new ParameterException(last(result).commandSpec().commandLine(), fault);
            });
    return new CommandLine.RunLast().execute(result);
  }

  private static int misused(CommandShell shell, ParameterException error) {
    CommandLine at = error.getCommandLine();
    String message = NearestVerb.message(error);
    shell.complain(message);
    shell.complain("See: " + at.getCommandSpec().qualifiedName() + " --help");
    if (at.getCommand() instanceof MeshVerb verb && verb.isChange()) {
      verb.answers().printResult(FailureDocument.of(ExitCode.WRONG_REQUEST, message));
    }
    return ExitCode.WRONG_REQUEST;
  }

  private static int failed(
      CommandShell shell, MeshOptions root, ParseResult result, Exception error) {
    int code = FailureDocument.exitCode(error);
    if (error instanceof MeshException || error instanceof UsageException) {
      shell.complain(TerminalText.of(String.valueOf(error.getMessage())));
      if (error instanceof MeshException failure) {
        otherFindings(failure).forEach(shell::complain);
        if (last(result).commandSpec().userObject() instanceof MeshVerb verb) {
          verb.adviceOn(failure).forEach(shell::complain);
        }
      }
    } else {
      ExitCode.unexpected(nameOf(result), FailureDocument.asRuntime(error), shell.err());
    }
    if (root.verbose()) {
      StringWriter trace = new StringWriter();
      error.printStackTrace(new PrintWriter(trace));
      shell.complain(trace.toString().replace("\t", "    "));
    }
    if (last(result).commandSpec().userObject() instanceof MeshVerb verb && verb.isChange()) {
      verb.answers().printResult(FailureDocument.of(code, error));
    }
    return code;
  }

  /** Returns a line for each finding that the message does not contain, up to a limit. */
  private static List<String> otherFindings(MeshException error) {
    String message = String.valueOf(error.getMessage());
    boolean isOnly = error.findings().size() == 1;
    List<Finding> others =
        error.findings().stream().filter(finding -> !explains(message, finding, isOnly)).toList();
    List<String> lines =
        new ArrayList<>(others.stream().limit(MAX_FINDINGS).map(FindingText::of).toList());
    if (others.size() > MAX_FINDINGS) {
      lines.add("and " + (others.size() - MAX_FINDINGS) + " more");
    }
    return lines;
  }

  /**
   * True if a message contains a finding, in a sentence that may continue; or how to fix it, if it
   * is the only one.
   */
  private static boolean explains(String message, Finding finding, boolean isOnly) {
    String what = finding.what();
    String clause = what.endsWith(".") ? what.substring(0, what.length() - 1) : what;
    return message.contains(clause)
        || (isOnly && !finding.fix().isEmpty() && message.contains(finding.fix()));
  }

  private static boolean isChange(ParseResult result) {
    return last(result).commandSpec().userObject() instanceof MeshVerb verb && verb.isChange();
  }

  private static boolean isQuestion(CommandLine at) {
    return at.getCommand() instanceof MeshVerb verb && !verb.isChange();
  }

  private static String nameOf(ParseResult result) {
    return last(result).commandSpec().qualifiedName();
  }

  private static ParseResult last(ParseResult result) {
    return result.hasSubcommand() ? last(result.subcommand()) : result;
  }
}
