package io.meshwork.cli;

import io.meshwork.contract.Contract;
import io.meshwork.contract.Partition;
import io.meshwork.odcs.OdcsDocument;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * A contract in a file: an ODCS document, the JSON of a contract, or a data file whose schema it
 * takes.
 *
 * @param contract the contract
 * @param partitions what the document says of the table; else empty
 */
record ContractFile(Contract contract, List<Partition> partitions) {
  static ContractFile read(Path file) {
    String name = file.toString().toLowerCase(Locale.ROOT);
    if (name.endsWith(".yaml") || name.endsWith(".yml")) {
      OdcsDocument document = OdcsDocument.read(file);
      return new ContractFile(document.contract(), document.partitions());
    } else if (name.endsWith(".parquet")) {
      return new ContractFile(Contract.fromParquet(file), List.of());
    } else if (name.endsWith(".avro") || name.endsWith(".avsc")) {
      return new ContractFile(Contract.fromAvro(file), List.of());
    } else if (name.endsWith(".json")) {
      return new ContractFile(Contract.fromJson(text(file)), List.of());
    }
    throw new UsageException(
        "A contract is a file .yaml (ODCS), .json, .avsc, or .parquet; " + file + " is none.");
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UsageException("Cannot read " + file + ". Does the file exist?");
    }
  }
}
