package io.meshwork.cli.internal.product;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The verbs of domains. */
@Command(
    name = "domain",
    description = "Registers, lists, shows, and admits domains.",
    subcommands = {
      DomainAddVerb.class,
      DomainListVerb.class,
      DomainShowVerb.class,
      DomainAdmitVerb.class
    })
public final class DomainVerbs {
  @SuppressWarnings("UnusedVariable") // picocli prints the help
  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Prints this help")
  private boolean help;
}
