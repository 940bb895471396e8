package io.meshwork.cli.internal.file;

import io.meshwork.cli.internal.shell.SafeText;
import io.meshwork.cli.internal.shell.UsageException;
import io.meshwork.contract.Contract;
import io.meshwork.contract.OnViolation;
import io.meshwork.contract.Partition;
import io.meshwork.odcs.OdcsDocument;
import io.meshwork.odcs.OdcsReport.Outcome;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A contract in a file: an ODCS document, the JSON of a contract, or a data file whose schema it
 * takes.
 *
 * @param contract the contract
 * @param partitions what the document says of the table; else empty
 * @param notes what the document demands and the mesh does not check, and what was assumed
 */
public record ContractFile(Contract contract, List<Partition> partitions, List<String> notes) {
  public static ContractFile read(Path file) {
    String name = file.toString().toLowerCase(Locale.ROOT);
    if (name.endsWith(".yaml") || name.endsWith(".yml")) {
      return of(file, OdcsDocument.read(file));
    } else if (name.endsWith(".parquet")) {
      return new ContractFile(Contract.fromParquet(file), List.of(), List.of());
    } else if (name.endsWith(".avro") || name.endsWith(".avsc")) {
      return new ContractFile(Contract.fromAvro(file), List.of(), List.of());
    } else if (name.endsWith(".json")) {
      return new ContractFile(Contract.fromJson(InputFile.text(file)), List.of(), List.of());
    }
    if (Files.exists(file) && !Files.isRegularFile(file) && !Files.isDirectory(file)) {
      return ofPipe(file);
    }
    throw new UsageException(
        "A contract is a file .yaml (ODCS), .json, .avsc, or .parquet; " + file + " is none.");
  }

  /** Returns it with another policy for bad rows; unchanged if there is none. */
  public ContractFile onViolation(@Nullable OnViolation policy) {
    return policy == null
        ? this
        : new ContractFile(contract.onViolation(policy), partitions, notes);
  }

  /** A pipe may have no ending. Its text is an ODCS document, or the JSON of a contract. */
  private static ContractFile ofPipe(Path pipe) {
    String text = InputFile.text(pipe);
    return text.stripLeading().startsWith("{")
        ? new ContractFile(Contract.fromJson(text), List.of(), List.of())
        : of(pipe, OdcsDocument.parse(text));
  }

  private static ContractFile of(Path file, OdcsDocument document) {
    return new ContractFile(document.contract(), document.partitions(), notes(file, document));
  }

  private static List<String> notes(Path file, OdcsDocument document) {
    return document.report().elements().stream()
        .filter(
            each ->
                each.outcome() == Outcome.NOT_EXECUTED
                    || (each.outcome() == Outcome.MAPPED && each.path().endsWith("physicalType")))
        .map(each -> file.getFileName() + ": " + SafeText.of(each.toString()))
        .toList();
  }
}
