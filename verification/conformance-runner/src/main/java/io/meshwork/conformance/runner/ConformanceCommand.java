package io.meshwork.conformance.runner;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A command that runs the cases of a file, or of every {@code .json} file of a folder: {@code SUITE
 * FILE|FOLDER [OPTION…]}; {@code parquet-read} reads every {@code .parquet} file of a folder.
 * Writes one line {@code FAIL ID: reason} for each failed case to standard output, and {@code N
 * passed, N failed} at the end. The exit code is 0 if all cases passed, 1 if some failed, and 2 if
 * the suite is unknown or a file cannot be read; then no case is run.
 */
public final class ConformanceCommand {
  private static final int ALL_PASSED = 0;
  private static final int SOME_FAILED = 1;
  private static final int CANNOT_RUN = 2;
  private static final String USAGE =
      """
      Usage: conformance SUITE FILE|FOLDER [OPTION...]
        contract-types FILE|FOLDER [--keep FOLDER]   types and refusals of contracts; --keep leaves
                                                     the data file of each case as ID.parquet
        compat FILE|FOLDER                           verdicts of pairs of schemas
        sequences FILE|FOLDER                        modes that hold over histories of schemas
        quality FILE|FOLDER                          how rules end over rows that are published
        access FILE|FOLDER                           decisions, listings and rules of access
        parquet-read FOLDER                          columns of Parquet files, or why they cannot be
                                                     read; one line of JSON a file
        odcs FOLDER [--export FOLDER]                ODCS documents are read and written again;
                                                     --export keeps what is written\
      """;

  private final PrintStream out;
  private int passed;
  private int failed;

  private ConformanceCommand(PrintStream out) {
    this.out = out;
  }

  /** Runs the cases and exits with the code. */
  public static void main(String[] arguments) {
    PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    System.exit(run(arguments, out, System.err));
  }

  static int run(String[] arguments, PrintStream out, PrintStream err) {
    try {
      if (arguments.length < 2) {
        throw new CannotRunException("SUITE and FILE or FOLDER are needed.\n" + USAGE);
      }
      return switch (arguments[0]) {
        case "contract-types" ->
            new ConformanceCommand(out)
                .contractTypes(files(path(arguments[1])), option(arguments, "--keep"));
        case "compat" ->
            new ConformanceCommand(out)
                .evaluate(arguments, "vectors", SchemaPairsSuite.FIELDS, SchemaPairsSuite::fault);
        case "sequences" ->
            new ConformanceCommand(out)
                .evaluate(arguments, "sequences", HistoriesSuite.FIELDS, HistoriesSuite::fault);
        case "quality" -> new ConformanceCommand(out).quality(arguments);
        case "access" -> new ConformanceCommand(out).access(arguments);
        case "parquet-read" -> new ConformanceCommand(out).parquetRead(arguments);
        case "odcs" -> new ConformanceCommand(out).odcs(arguments);
        default ->
            throw new CannotRunException("There is no suite '" + arguments[0] + "'.\n" + USAGE);
      };
    } catch (CannotRunException e) {
      err.println(e.getMessage());
      return CANNOT_RUN;
    }
  }

  private int contractTypes(List<Path> files, @Nullable Path keep) {
    Map<Path, List<TypeCase>> cases = new LinkedHashMap<>();
    for (Path file : files) {
      cases.put(file, TypeCaseFile.read(file));
    }
    try (ContractTypes suite = ContractTypes.open(keep)) {
      for (Map.Entry<Path, List<TypeCase>> file : cases.entrySet()) {
        String name = file.getKey().getFileName().toString().replaceFirst("\\.json$", "");
        for (TypeCase one : file.getValue()) {
          report(one.id(), suite.fault(one, name));
        }
      }
    }
    return end();
  }

  /** Runs the cases of a list, which is the root of the file or a member of this name. */
  private int evaluate(
      String[] arguments,
      String list,
      Set<String> fields,
      Function<CaseFile.Case, @Nullable String> fault) {
    return evaluate(cases(arguments, file -> CaseFile.read(file, list, fields)), fault);
  }

  private static List<CaseFile.Case> cases(
      String[] arguments, Function<Path, List<CaseFile.Case>> read) {
    requireNoOption(arguments);
    List<CaseFile.Case> cases = new ArrayList<>();
    for (Path file : files(path(arguments[1]))) {
      cases.addAll(read.apply(file));
    }
    return cases;
  }

  private int evaluate(List<CaseFile.Case> cases, Function<CaseFile.Case, @Nullable String> fault) {
    cases.forEach(one -> report(one.id(), fault.apply(one)));
    return end();
  }

  private int quality(String[] arguments) {
    List<CaseFile.Case> cases =
        cases(arguments, file -> CaseFile.readWithDoubles(file, "vectors", RulesSuite.FIELDS));
    try (RulesSuite suite = RulesSuite.open()) {
      return evaluate(cases, suite::fault);
    }
  }

  private int access(String[] arguments) {
    requireNoOption(arguments);
    List<AccessCases.Case> cases = new ArrayList<>();
    for (Path file : files(path(arguments[1]))) {
      cases.addAll(AccessCases.read(file));
    }
    cases.forEach(one -> report(one.id(), AccessSuite.fault(one)));
    return end();
  }

  private int parquetRead(String[] arguments) {
    requireNoOption(arguments);
    Path folder = path(arguments[1]);
    if (!Files.isDirectory(folder)) {
      throw new CannotRunException(folder + " is not a folder.");
    }
    ParquetReadSuite suite = new ParquetReadSuite(folder, out);
    suite.files().forEach(file -> report(file, suite.fault(file)));
    return end();
  }

  private int odcs(String[] arguments) {
    Path folder = path(arguments[1]);
    if (!Files.isDirectory(folder)) {
      throw new CannotRunException(folder + " is not a folder.");
    }
    OdcsSuite suite = new OdcsSuite(folder, option(arguments, "--export"));
    suite.files().forEach(file -> report(file, suite.fault(file)));
    return end();
  }

  private int end() {
    out.println(passed + " passed, " + failed + " failed");
    return failed == 0 ? ALL_PASSED : SOME_FAILED;
  }

  private void report(String id, @Nullable String fault) {
    if (fault == null) {
      passed++;
    } else {
      failed++;
      out.println("FAIL " + oneLine(id) + ": " + oneLine(fault));
    }
  }

  private static void requireNoOption(String[] arguments) {
    if (arguments.length > 2) {
      throw unknownOption(arguments[2]);
    }
  }

  private static CannotRunException unknownOption(String option) {
    return new CannotRunException("Unknown option '" + option + "'.\n" + USAGE);
  }

  private static String oneLine(String text) {
    return text.strip().replaceAll("\\s*[\\p{Cntrl}\\u2028\\u2029]+\\s*", " ");
  }

  /** The folder of the only option that a suite takes; null without it. */
  private static @Nullable Path option(String[] arguments, String name) {
    @Nullable Path folder = null;
    for (int i = 2; i < arguments.length; i += 2) {
      if (!arguments[i].equals(name)) {
        throw unknownOption(arguments[i]);
      }
      if (i + 1 == arguments.length || folder != null) {
        throw new CannotRunException("Option " + name + " takes one folder, once.\n" + USAGE);
      }
      folder = path(arguments[i + 1]);
    }
    return folder;
  }

  private static List<Path> files(Path place) {
    if (!Files.exists(place)) {
      throw new CannotRunException(place + " does not exist.");
    }
    if (!Files.isDirectory(place)) {
      return List.of(place);
    }
    List<Path> files = new ArrayList<>();
    try (Stream<Path> entries = Files.list(place)) {
      entries.filter(entry -> entry.toString().endsWith(".json")).sorted().forEach(files::add);
    } catch (IOException e) {
      throw new CannotRunException("Cannot list the folder " + place + ": " + e + ".");
    }
    if (files.isEmpty()) {
      throw new CannotRunException("The folder " + place + " holds no .json file.");
    }
    return files;
  }

  private static Path path(String text) {
    try {
      return Path.of(text);
    } catch (InvalidPathException e) {
      throw new CannotRunException("'" + text + "' is not a path.");
    }
  }
}
