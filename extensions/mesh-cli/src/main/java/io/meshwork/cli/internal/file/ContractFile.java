package io.meshwork.cli.internal.file;

import io.meshwork.cli.internal.shell.SafeText;
import io.meshwork.contract.Contract;
import io.meshwork.contract.Partition;
import io.meshwork.odcs.OdcsDocument;
import io.meshwork.odcs.OdcsReport;
import io.meshwork.odcs.OdcsReport.Element;
import io.meshwork.odcs.OdcsReport.Outcome;
import io.meshwork.odcs.OdpsDocument;
import java.io.File;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
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
  /**
   * Reads it, as {@code contract lint} does.
   *
   * @param name a path, or {@code -}
   * @param object the object of an ODCS document; null for its only one
   * @param in standard input
   * @param strict whether an ODCS document is refused for what would not be enforced, or would be
   *     assumed
   */
  public static ContractFile read(
      String name, @Nullable String object, InputStream in, boolean strict) {
    ContractSource source = ContractSource.read(name, in, strict);
    if (source.refusal() != null) {
      throw source.refusal();
    }
    OdcsDocument document = object == null ? source.document() : source.object(object);
    return document == null
        ? new ContractFile(Objects.requireNonNull(source.contract()), List.of(), List.of())
        : new ContractFile(
            document.contract(), document.partitions(), notes(source.name(), document.report()));
  }

  /** Returns it with another policy for bad rows, or another share of them, if one is stated. */
  public ContractFile with(ViolationOptions violations) {
    Contract changed = violations.policy().map(contract::onViolation).orElse(contract);
    return new ContractFile(
        violations.share().map(changed::maxQuarantineShare).orElse(changed), partitions, notes);
  }

  /**
   * Returns it with the record name of the product that it amends: the file has the name of a
   * table, or of another file. Retains the ODPS document of the product.
   */
  public ContractFile amending(Contract current) {
    ContractFile next = succeeding(current);
    String name = current.schema().getFullName();
    return contract.schema().getFullName().equals(name)
        ? next
        : new ContractFile(next.contract.recordName(name), partitions, notes);
  }

  /** Returns it with the ODPS document of the product that it is for, unless it has one. */
  public ContractFile succeeding(Contract current) {
    return OdpsDocument.of(contract).isPresent()
        ? this
        : OdpsDocument.of(current)
            .map(odps -> new ContractFile(odps.describe(contract), partitions, notes))
            .orElse(this);
  }

  /** Returns it with the ODPS document of its product. */
  public ContractFile describedBy(OdpsDocument document, String file) {
    List<String> all = new ArrayList<>(notes);
    all.addAll(notes(file, document.report(contract)));
    return new ContractFile(document.describe(contract), partitions, all);
  }

  private static List<String> notes(String name, OdcsReport report) {
    String file = SafeText.of(name.substring(name.lastIndexOf(File.separatorChar) + 1));
    List<String> notes = new ArrayList<>();
    long unenforced = 0;
    for (Element each : report.elements()) {
      String outcome =
          switch (each.outcome()) {
            case NOT_EXECUTED -> "not enforced";
            case MAPPED -> each.path().endsWith("calType") ? "assumed" : "";
            case PRESERVED -> "preserved, not used";
            case REFUSED -> "refused";
          };
      boolean hasNote = !outcome.isEmpty() && !each.note().isEmpty();
      if (hasNote) {
        notes.add(
            SafeText.of(
                file
                    + ", line "
                    + each.line()
                    + ": "
                    + outcome
                    + ": "
                    + each.path()
                    + ": "
                    + each.note()));
      }
      unenforced += each.outcome() == Outcome.NOT_EXECUTED ? 1 : 0;
    }
    if (unenforced > 0) {
      notes.add(
          "The mesh does not enforce "
              + unenforced
              + (unenforced == 1 ? " check" : " checks")
              + " of "
              + file
              + "; --strict refuses such a file.");
    }
    return List.copyOf(notes);
  }
}
