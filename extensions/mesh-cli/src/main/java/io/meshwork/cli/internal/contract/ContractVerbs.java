package io.meshwork.cli.internal.contract;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The verbs of contract files. */
@Command(
    name = "contract",
    description = "Checks and compares contract files, without a mesh.",
    subcommands = {LintVerb.class, DiffVerb.class, BreakingVerb.class})
public final class ContractVerbs {
  @SuppressWarnings("UnusedVariable") // picocli prints the help
  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Prints this help")
  private boolean help;
}
