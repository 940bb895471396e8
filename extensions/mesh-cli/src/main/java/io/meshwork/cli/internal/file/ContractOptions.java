package io.meshwork.cli.internal.file;

import io.meshwork.cli.internal.shell.CommandShell;
import io.meshwork.cli.internal.shell.SafeText;
import io.meshwork.contract.Contract;
import io.meshwork.odcs.OdpsDocument;
import java.nio.file.Path;
import java.util.Optional;
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

  @Option(
      names = "--odps",
      paramLabel = "FILE",
      description =
          "An ODPS document of the product, stored with the contract. Default: the product's")
  private @Nullable Path odps;

  private @Nullable OdpsDocument document;

  @Mixin private StrictOption strict;

  /** Reads the contract, and prints what it demands and the mesh does not enforce. */
  public ContractFile read(CommandShell shell) {
    ContractFile contract = ContractFile.read(file, object, shell.in(), strict.isSet());
    if (odps != null) {
      contract = contract.describedBy(document(odps), SafeText.of(odps.getFileName().toString()));
    }
    contract.notes().forEach(shell::complain);
    return contract;
  }

  /** Says that the document of the product names another one. */
  public void compareName(String product, CommandShell shell) {
    if (odps != null) {
      document(odps)
          .product()
          .filter(named -> !named.toString().equals(product))
          .ifPresent(named -> shell.complain("The ODPS document belongs to " + named + "."));
    }
  }

  /** Returns the owner that the document of the product names; empty without one. */
  public Optional<String> owner() {
    return odps == null ? Optional.empty() : document(odps).owner();
  }

  private OdpsDocument document(Path path) {
    OdpsDocument cached = document;
    if (cached == null) {
      cached = strict.isSet() ? OdpsDocument.readStrictly(path) : OdpsDocument.read(path);
      document = cached;
    }
    return cached;
  }

  /** Reads the contract as the next one of a product, whose record retains its name. */
  public ContractFile readFor(Contract current, CommandShell shell) {
    ContractFile read = read(shell);
    ContractFile contract = read.amending(current);
    if (!contract.contract().schema().getName().equals(read.contract().schema().getName())) {
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
