package io.meshwork.cli.internal.file;

import io.meshwork.cli.internal.shell.CommandShell;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** The options of a contract in a file. */
public final class ContractOptions {
  @Option(
      names = "--contract",
      required = true,
      paramLabel = "FILE",
      description = "The complete contract: ODCS (.yaml), .json, .avsc, or .parquet")
  private Path file;

  @Option(
      names = "--strict",
      description =
          "Refuses ODCS with a check that is not enforced, or a type that may lose values")
  private boolean strict;

  /** Reads the contract, and prints what it demands and the mesh does not enforce. */
  public ContractFile read(CommandShell shell) {
    ContractFile contract = ContractFile.read(file, strict);
    contract.notes().forEach(shell::complain);
    return contract;
  }
}
