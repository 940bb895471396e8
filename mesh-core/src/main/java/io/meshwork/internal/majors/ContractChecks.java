package io.meshwork.internal.majors;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.contract.Contract;
import io.meshwork.contract.QualityReport;
import io.meshwork.contract.Rule;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.error.MeshAction;
import io.meshwork.internal.catalog.VersionEntry;
import io.meshwork.internal.ledger.DocumentJson;
import io.meshwork.internal.ledger.PackedPart;
import io.meshwork.internal.runtime.ArgumentChecks;
import io.meshwork.product.Classification;
import io.meshwork.product.ContractVersion;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/** Checks a contract independently of its predecessor. Stateless. */
public final class ContractChecks {
  /** Maximum number of rules of a contract. */
  private static final int MAX_RULES = 2_000;

  private ContractChecks() {}

  /**
   * Rejects hidden characters in descriptions, which could change the output that contains them.
   */
  public static void checkTexts(Contract contract, MeshAction action) {
    requirePlain("its description", contract.description(), action);
    contract
        .columnDescriptions()
        .forEach((column, text) -> requirePlain("the description of " + column, text, action));
    contract
        .rules()
        .forEach(
            rule -> requirePlain("the description of " + rule.id(), rule.description(), action));
    requirePlain("the usage", contract.usage(), action);
    requirePlain("the limitations", contract.limitations(), action);
    requirePlain("the repository", contract.repository(), action);
  }

  private static void requirePlain(String what, String text, MeshAction action) {
    Optional<String> fault = ArgumentChecks.hiddenCharacter(text);
    if (fault.isPresent()) {
      throw Failure.of(action)
          .because(what + " " + fault.get())
          .fix("Remove it.")
          .invalidRequest(ErrorCode.INVALID_ARGUMENT);
    }
  }

  /**
   * Rejects a contract that does not fit in a registry document, or whose receipts would not: each
   * is stored as one document.
   */
  public static void checkSize(Contract contract, MeshAction action) {
    int rules = contract.rules().size();
    if (rules > MAX_RULES) {
      throw tooLarge(action, "it has " + rules + " rules, and the limit is " + MAX_RULES);
    }
    ObjectNode document = DocumentJson.create();
    VersionEntry.writeContract(document, ContractVersion.FIRST, contract, List.of());
    checkDocument(
        document, "its contract of " + contract.schema().getFields().size() + " columns", action);
    if (rules > 0) {
      ObjectNode receipt = DocumentJson.create();
      receipt.set(
          "quality", DocumentJson.parseObject("a report", largestReport(contract).toJson()));
      PackedPart.pack(receipt, "quality");
      checkDocument(receipt, "a receipt of its " + rules + " rules", action);
    }
  }

  private static void checkDocument(ObjectNode document, String what, MeshAction action) {
    int bytes = PackedPart.bytes(document);
    if (bytes > PackedPart.MAX_BYTES) {
      throw tooLarge(
          action,
          what
              + " has "
              + bytes
              + " bytes as a compressed document, and the limit is "
              + PackedPart.MAX_BYTES);
    }
  }

  /** The report of a publish in which every rule fails, with numbers that do not compress. */
  private static QualityReport largestReport(Contract contract) {
    List<QualityReport.RuleResult> results = new ArrayList<>();
    for (Rule rule : contract.enforcedRules()) {
      long number = ((results.size() + 1) * 0x9E3779B97F4A7C15L) >>> 1;
      results.add(
          new QualityReport.RuleResult(
              rule.id(),
              rule.inWords(),
              rule.severity(),
              QualityReport.Outcome.NOT_EVALUATED,
              number,
              number ^ (number >>> 7),
              OptionalDouble.of(Math.cbrt(number)),
              "",
              List.of()));
    }
    return new QualityReport(0, 0, 0, 0, results, List.of());
  }

  private static InvalidRequestException tooLarge(MeshAction action, String reason) {
    return Failure.of(action)
        .because(reason)
        .fix("Declare fewer columns or rules, or shorten descriptions.")
        .invalidRequest(ErrorCode.LIMIT_EXCEEDED);
  }

  /** Why a product with this contract may not be open to the mesh; empty if it may. */
  public static Optional<String> tooSensitiveToBeOpen(Contract contract) {
    List<String> above = columnsAboveInternal(contract);
    return contract.classification().compareTo(Classification.INTERNAL) > 0 || !above.isEmpty()
        ? Optional.of(
            "it is classified "
                + contract.classification()
                + (above.isEmpty() ? "" : ", and columns above INTERNAL are " + above))
        : Optional.empty();
  }

  /** Returns the top-level columns whose classification is above INTERNAL. */
  public static List<String> columnsAboveInternal(Contract contract) {
    List<String> above = new ArrayList<>();
    for (org.apache.avro.Schema.Field field : contract.schema().getFields()) {
      if (contract.classificationOf(field.name()).compareTo(Classification.INTERNAL) > 0) {
        above.add(field.name());
      }
    }
    return above;
  }
}
