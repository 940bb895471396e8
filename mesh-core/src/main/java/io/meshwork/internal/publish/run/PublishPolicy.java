package io.meshwork.internal.publish.run;

import io.meshwork.contract.Contract;
import io.meshwork.contract.OnViolation;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.MeshAction;
import io.meshwork.internal.condition.RowCondition.Custom;
import io.meshwork.internal.contract.RuleConditions;
import io.meshwork.internal.naming.NameGrammar;
import io.meshwork.internal.quality.RuleContext;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Determines the policy of one publish, and checks the code of its custom rules. */
final class PublishPolicy {
  private PublishPolicy() {}

  /** The contract's policy, or the stricter one that the caller requests. */
  static OnViolation effective(
      Contract contract, @Nullable OnViolation requested, MeshAction action) {
    if (requested == null || requested == contract.onViolation()) {
      return contract.onViolation();
    }
    if (requested == OnViolation.REJECT) {
      return requested;
    }
    throw Failure.of(action.on("with onViolation(" + requested + ")"))
        .because(
            "the contract's policy is "
                + contract.onViolation()
                + ", and a publish may only be stricter")
        .fix("Remove onViolation(..).")
        .invalidRequest(ErrorCode.INVALID_ARGUMENT);
  }

  /** Rejects code for a custom rule that none of the contracts declares in any version. */
  static void checkCode(
      List<Contract> contracts, Set<RuleContext.CodeName> code, MeshAction action) {
    Set<String> declared = new TreeSet<>();
    contracts.stream()
        .flatMap(contract -> contract.rules().stream())
        .map(RuleConditions::of)
        .filter(Custom.class::isInstance)
        .forEach(condition -> declared.add(((Custom) condition).name()));
    for (RuleContext.CodeName codeName : code) {
      if (!declared.contains(codeName.name())) {
        throw Failure.of(action)
            .because(
                "customRule(..) adds the code '"
                    + NameGrammar.quoted(codeName.name())
                    + "', and the contract has no custom rule of that name; "
                    + (declared.isEmpty() ? "it has no custom rule" : "it has " + declared))
            .state("Nothing was published.")
            .fix("Correct the name, or remove the call.")
            .invalidRequest(ErrorCode.INVALID_ARGUMENT);
      }
    }
  }
}
