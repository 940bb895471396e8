package io.meshwork.cli.internal.contract;

import io.meshwork.cli.ExitCode;
import picocli.CommandLine.Command;

/** Fails if consumers of a contract file cannot read another. */
@Command(
    name = "breaking",
    description = {
      "Says whether consumers of one contract file can read another.",
      "Names weaker promises, too, which break no reading."
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
}
