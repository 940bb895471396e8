package io.meshwork.cli.internal.contract;

import io.meshwork.cli.ExitCode;
import io.meshwork.cli.internal.shell.VerbAnswer;
import picocli.CommandLine.Command;

/** Fails if a contract file breaks the consumers of another. */
@Command(
    name = "breaking",
    description = {
      "Exits with 10 if the new contract file breaks consumers of the old one, or",
      "promises less, and shows why; else with 0."
    })
final class BreakingVerb extends ComparingVerb {
  @Override
  boolean onlyBreaking() {
    return true;
  }

  @Override
  int exitCode(boolean breaking) {
    return breaking ? ExitCode.CONTRACT_VIOLATED : 0;
  }

  @Override
  protected void afterwards(VerbAnswer answer) {
    if (answer.exitCode() != 0) {
      shell().complain("The new contract breaks consumers of the old one, or promises less.");
    }
  }
}
