package io.meshwork.cli.internal.file;

import io.meshwork.cli.internal.shell.CommandShell;
import io.meshwork.contract.Contract;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options of a contract in a file. */
public final class ContractOptions {
  @Option(
      names = "--contract",
      required = true,
      paramLabel = "FILE",
      description =
          "The complete contract: ODCS (.yaml or .json), .json, .avsc, .avro, or .parquet; - is standard input")
  private String file;

  @Option(
      names = "--object",
      paramLabel = "NAME",
      description = "The object of an ODCS document that has several")
  private @Nullable String object;

  @Mixin private StrictOption strict;

  /** Reads the contract, and prints what it demands and the mesh does not enforce. */
  public ContractFile read(CommandShell shell) {
    ContractFile contract = ContractFile.read(file, object, shell.in(), strict.isSet());
    contract.notes().forEach(shell::complain);
    return contract;
  }

  /** Reads the contract as the next one of a product, whose record keeps its name. */
  public ContractFile readFor(Contract current, CommandShell shell) {
    ContractFile read = read(shell);
    ContractFile contract = read.amending(current);
    if (contract != read) {
      shell.complain(
          "The record keeps its name "
              + contract.contract().schema().getName()
              + "; the file calls it "
              + read.contract().schema().getName()
              + ".");
    }
    return contract;
  }
}
