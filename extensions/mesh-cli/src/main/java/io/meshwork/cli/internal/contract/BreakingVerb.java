package io.meshwork.cli.internal.contract;

import io.meshwork.cli.ExitCode;
import io.meshwork.cli.internal.shell.VerbAnswer;
import picocli.CommandLine.Command;

/** Fails if a contract file breaks the consumers of another. */
@Command(
    name = "breaking",
    description = {
      "Says whether consumers of one contract file can read another.",
      "Also says which promises are weaker, which breaks no reading."
    },
    exitCodeList = {"10:Consumers of OLD cannot read NEW."})
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
