package io.meshwork.internal.change;

import io.meshwork.card.ProductCard;
import io.meshwork.change.AmendContract;
import io.meshwork.change.ContractPlan;
import io.meshwork.contract.Contract;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.runtime.ArgumentChecks;
import io.meshwork.internal.runtime.CallerException;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.internal.session.ReviewedOperation;
import io.meshwork.product.ProductName;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Amends a contract. Not thread-safe. */
final class ContractAmendment extends ReviewedOperation<ContractPlan, ProductCard>
    implements AmendContract {
  private final ProductName product;
  private @Nullable UnaryOperator<Contract> change;
  private @Nullable Integer major;
  private @Nullable String reason;
  private final Set<String> declassified = new TreeSet<>();
  private boolean wholeProduct;
  private boolean fourEyesDropped;
  private boolean purposesWidened;

  ContractAmendment(ClientSession session, ProductName product) {
    super(session, MeshAction.of(Verb.AMEND, "the contract of " + product));
    this.product = product;
  }

  @Override
  public AmendContract contract(Contract newContract) {
    Contract next = ArgumentChecks.required("contract", newContract);
    change = current -> next;
    begin();
    return this;
  }

  @Override
  public AmendContract change(UnaryOperator<Contract> how) {
    UnaryOperator<Contract> function = ArgumentChecks.required("change", how);
    change = current -> ArgumentChecks.required("change's contract", apply(function, current));
    begin();
    return this;
  }

  @Override
  public AmendContract declassify(String... columns) {
    List<String> names = ArgumentChecks.all("declassify", columns);
    wholeProduct |= names.isEmpty();
    declassified.addAll(names);
    return this;
  }

  @Override
  public AmendContract waiveFourEyes() {
    fourEyesDropped = true;
    return this;
  }

  @Override
  public AmendContract widenPurposes() {
    purposesWidened = true;
    return this;
  }

  private Contract apply(UnaryOperator<Contract> function, Contract current) {
    try {
      return function.apply(current);
    } catch (RuntimeException e) {
      throw CallerException.failed(action(), "the function passed to change(..)", e);
    }
  }

  @Override
  public AmendContract majorVersion(int number) {
    major = ArgumentChecks.majorVersion(number);
    return this;
  }

  @Override
  public AmendContract because(String text) {
    reason = ArgumentChecks.text("because", text);
    return this;
  }

  @Override
  protected ContractPlan evaluate() {
    return operation().evaluate();
  }

  @Override
  protected Supplier<ProductCard> prepare(@Nullable String reviewed) {
    AmendmentOperation operation = operation();
    return () -> operation.commit(reviewed);
  }

  private AmendmentOperation operation() {
    if (change == null) {
      throw Failure.of(action())
          .because("it has no new contract")
          .fix("Call contract(..), or change(..) to start from the current one.")
          .invalidRequest(ErrorCode.INVALID_ARGUMENT);
    }
    return new AmendmentOperation(
        session,
        product,
        major,
        change,
        reason,
        new ProtectionReduction.AcceptedReductions(
            false, wholeProduct, Set.copyOf(declassified), fourEyesDropped, purposesWidened),
        action(),
        this::commitAsPlanned);
  }
}
