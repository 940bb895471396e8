package io.meshwork.cli.internal.file;

import picocli.CommandLine.Option;

/** The option {@code --strict} of all verbs that read contract files. */
public final class StrictOption {
  @Option(
      names = "--strict",
      description =
          "Refuses ODCS with a check that is not enforced, or a type that may lose values")
  private boolean strict;

  public boolean isSet() {
    return strict;
  }
}
