package io.meshwork.internal.publish;

import io.meshwork.contract.Contract;
import io.meshwork.contract.OnViolation;
import io.meshwork.contract.Rule;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.error.MeshAction;
import io.meshwork.internal.naming.NameGrammar;
import io.meshwork.internal.quality.RuleContext;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Which policy one publish has, and whether the code that it brings is asked for. */
final class PublishPolicy {
  private PublishPolicy() {}

  /** The contract's policy, or the stricter one that the caller names. */
  static OnViolation effective(Contract contract, @Nullable OnViolation named, MeshAction action) {
    if (named == null || named == contract.onViolation()) {
      return contract.onViolation();
    }
    if (named == OnViolation.REJECT) {
      return named;
    }
    throw new InvalidRequestException(
        ErrorCode.INVALID_ARGUMENT,
        "Cannot "
            + action
            + " with onViolation("
            + named
            + "): the contract says "
            + contract.onViolation()
            + ", and a publish may only be stricter. Leave it out.");
  }

  /** Refuses code for a custom rule that the contract does not have; of any version is fine. */
  static void checkCode(Contract contract, Set<RuleContext.CodeName> code, MeshAction action) {
    Set<String> declared = new TreeSet<>();
    for (Rule rule : contract.rules()) {
      if (rule.kind() == Rule.Kind.CUSTOM) {
        declared.add(String.valueOf(rule.arguments().get(0)));
      }
    }
    for (RuleContext.CodeName brought : code) {
      if (!declared.contains(brought.name())) {
        throw new InvalidRequestException(
            ErrorCode.INVALID_ARGUMENT,
            "Cannot "
                + action
                + ": customRule(..) brings the code '"
                + NameGrammar.quoted(brought.name())
                + "', and the contract has no custom rule of that name; "
                + (declared.isEmpty() ? "it has no custom rule" : "it has " + declared)
                + ". Nothing was published. Correct the name, or leave it out.");
      }
    }
  }
}
