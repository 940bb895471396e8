package io.meshwork.internal.rollout.start;

import io.meshwork.contract.Contract;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.runtime.ArgumentChecks;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.operation.Plan;
import io.meshwork.product.ProductName;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Starts a rollout of another contract. Not thread-safe.
 *
 * @param <P> its plan
 * @param <R> what starts
 */
abstract class ContractStart<P extends Plan<R>, R> extends StartOperation<StartTerms, P, R> {
  private @Nullable Contract contract;

  ContractStart(ClientSession session, ProductName product) {
    super(session, Verb.ROLL_OUT, product);
  }

  /** What the caller specified. */
  abstract StartTerms terms(Contract next, String because);

  final void setContract(Contract newContract) {
    contract = ArgumentChecks.required("contract", newContract);
    begin();
  }

  @Override
  final StartTerms terms() {
    String reason = reason();
    List<String> missing = new ArrayList<>();
    if (contract == null) {
      missing.add("contract(..)");
    }
    if (reason == null) {
      missing.add("because(..)");
    }
    if (contract == null || reason == null) {
      throw Failure.of(action())
          .because(ArgumentChecks.missing(missing))
          .fix("Set the new contract, and the reason that consumers are shown.")
          .invalidRequest(ErrorCode.INVALID_ARGUMENT);
    }
    return terms(contract, reason);
  }
}
