package io.meshwork.internal.change;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.contract.Contract;
import io.meshwork.contract.QualityReport;
import io.meshwork.contract.Rule;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.error.MeshAction;
import io.meshwork.internal.catalog.VersionEntry;
import io.meshwork.internal.ledger.DocumentJson;
import io.meshwork.internal.ledger.PackedPart;
import io.meshwork.internal.runtime.HiddenCharacters;
import io.meshwork.product.Classification;
import io.meshwork.product.ContractVersion;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/** What a contract has to be to be put in force, whatever there was before. Stateless. */
final class ContractChecks {
  /** Most rules of a contract. */
  private static final int MAX_RULES = 2_000;

  private ContractChecks() {}

  /** Descriptions are printed beside others' words, and must not change how these look. */
  static void checkTexts(Contract promised, MeshAction action) {
    requirePlain("its description", promised.description(), action);
    promised
        .columnDescriptions()
        .forEach((column, text) -> requirePlain("the description of " + column, text, action));
    promised
        .rules()
        .forEach(
            rule -> requirePlain("the description of " + rule.id(), rule.description(), action));
  }

  private static void requirePlain(String what, String text, MeshAction action) {
    int hidden = HiddenCharacters.first(text);
    if (hidden >= 0) {
      throw new InvalidRequestException(
          ErrorCode.INVALID_ARGUMENT,
          "Cannot "
              + action
              + ": "
              + what
              + " "
              + HiddenCharacters.fault(text, hidden)
              + ". Nothing was changed. Remove it.");
    }
  }

  /**
   * Refuses a contract that cannot be kept, or that no publish could be kept of: a contract and a
   * receipt are one document of the registry each.
   */
  static void checkSize(Contract promised, MeshAction action) {
    int rules = promised.rules().size();
    if (rules > MAX_RULES) {
      throw tooLarge(action, "it has " + rules + " rules, and the limit is " + MAX_RULES);
    }
    ObjectNode document = DocumentJson.create();
    VersionEntry.writeContract(document, ContractVersion.FIRST, promised, List.of());
    checkDocument(
        document, "its contract of " + promised.schema().getFields().size() + " columns", action);
    if (rules > 0) {
      ObjectNode receipt = DocumentJson.create();
      receipt.set(
          "quality", DocumentJson.parseObject("a report", largestReport(promised).toJson()));
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
              + " takes "
              + bytes
              + " bytes as a compressed document, and the limit is "
              + PackedPart.MAX_BYTES);
    }
  }

  /** The report of a publish in which every rule fails, with numbers that do not compress. */
  private static QualityReport largestReport(Contract promised) {
    List<QualityReport.RuleResult> results = new ArrayList<>();
    for (Rule rule : promised.enforced()) {
      long number = ((results.size() + 1) * 0x9E3779B97F4A7C15L) >>> 1;
      results.add(
          new QualityReport.RuleResult(
              rule.id(),
              rule.toString(),
              rule.severity(),
              QualityReport.Outcome.NOT_EVALUATED,
              number,
              number ^ (number >>> 7),
              Math.sqrt(number),
              OptionalDouble.of(Math.cbrt(number)),
              "",
              List.of()));
    }
    return new QualityReport(
        0, 0, 0, 0, OptionalDouble.empty(), OptionalDouble.empty(), results, List.of());
  }

  private static InvalidRequestException tooLarge(MeshAction action, String why) {
    return new InvalidRequestException(
        ErrorCode.LIMIT_EXCEEDED,
        "Cannot "
            + action
            + ": "
            + why
            + ". Nothing was changed. Promise fewer columns or rules, or shorten descriptions.");
  }

  /** Why a product of this contract may not be open to the mesh; empty if it may. */
  static Optional<String> tooSensitiveToBeOpen(Contract promised) {
    List<String> above = new ArrayList<>();
    for (org.apache.avro.Schema.Field field : promised.schema().getFields()) {
      if (promised.classificationOf(field.name()).compareTo(Classification.INTERNAL) > 0) {
        above.add(field.name());
      }
    }
    return promised.classification().compareTo(Classification.INTERNAL) > 0 || !above.isEmpty()
        ? Optional.of(
            "it is classified "
                + promised.classification()
                + (above.isEmpty() ? "" : ", and columns above INTERNAL are " + above))
        : Optional.empty();
  }
}
