package io.meshwork.cli.internal.contract;

import picocli.CommandLine.Command;

/** Shows all changes from one contract file to another. */
@Command(
    name = "diff",
    description = {
      "Shows all changes from one contract file to another.",
      "Says whether consumers of the old one can read the new one, and the version that follows."
    })
final class DiffVerb extends ComparingVerb {
  @Override
  boolean onlyBreaking() {
    return false;
  }

  @Override
  int exitCode(boolean breaking) {
    return 0;
  }
}
