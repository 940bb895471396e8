package io.meshwork.change;

import io.meshwork.contract.Contract;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.product.Classification;
import io.meshwork.registry.Transaction;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What a contract has to be to be put in force, whatever there was before. Stateless. */
final class ContractChecks {
  private static final int MAX_CONTRACT_BYTES = Transaction.MAX_DOCUMENT_BYTES - (16 << 10);

  private ContractChecks() {}

  /** The contract is one document of the registry, beside its version and layout. */
  static void checkSize(Contract promised, String doing) {
    int bytes = promised.toJson().getBytes(StandardCharsets.UTF_8).length;
    if (bytes > MAX_CONTRACT_BYTES) {
      throw new InvalidRequestException(
          ErrorCode.LIMIT_EXCEEDED,
          "Cannot "
              + doing
              + ": its contract of "
              + promised.schema().getFields().size()
              + " columns takes "
              + bytes
              + " bytes as a document, and the limit is "
              + MAX_CONTRACT_BYTES
              + ". Nothing was changed. Promise fewer columns, or shorten descriptions.");
    }
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
