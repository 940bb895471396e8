package io.meshwork.change;

import io.meshwork.card.ProductCard;
import io.meshwork.contract.Contract;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.internal.runtime.Arguments;
import io.meshwork.internal.runtime.OneCommit;
import io.meshwork.internal.session.Session;
import io.meshwork.internal.session.Target;
import io.meshwork.operation.PlannedOperation;
import io.meshwork.product.ProductName;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Changes a contract compatibly: it gets the next version of its major, which the mesh chooses, and
 * the table takes the change in place. A breaking change is refused: define a product of another
 * name. Look at it first with {@link #plan()}. One thread; committed once.
 */
public final class AmendContract implements PlannedOperation<ContractPlan, ProductCard> {
  private final Session session;
  private final ProductName product;
  private final OneCommit once;
  private @Nullable UnaryOperator<Contract> change;
  private @Nullable Integer major;
  private @Nullable String reason;

  private AmendContract(Session session, ProductName product) {
    this.session = session;
    this.product = product;
    this.once = OneCommit.withoutKey(doing());
  }

  /** Called by {@code MeshClient.amendContract}. */
  public static AmendContract of(Session session, @Nullable CharSequence product) {
    return new AmendContract(session, Target.produced(session, product, "amend the contract of"));
  }

  /** Called by {@code MeshClient.amendContract} with the whole new contract. */
  public static AmendContract of(
      Session session, @Nullable CharSequence product, Contract promised) {
    return of(session, product).contract(promised);
  }

  /** The whole new contract. This or {@link #change} is required; the last one said stands. */
  public AmendContract contract(Contract promised) {
    Contract given = Arguments.given("contract", promised);
    change = inForce -> given;
    return this;
  }

  /**
   * Starts from the contract in force, for instance {@code c -> c.require(notNull("email"))}. May
   * be called several times, whenever the contract in force is another by then.
   */
  public AmendContract change(UnaryOperator<Contract> how) {
    UnaryOperator<Contract> given = Arguments.given("change", how);
    change = inForce -> Arguments.given("change's contract", given.apply(inForce));
    return this;
  }

  /** Which live major. Default: the current one. */
  public AmendContract version(int number) {
    major = number;
    return this;
  }

  /** Why, for the log. Default: not said. */
  public AmendContract because(String text) {
    reason = Arguments.text("because", text);
    return this;
  }

  /**
   * What the change would mean, whom it would break, and what would be done. Changes nothing, and
   * throws nothing because of what it finds.
   *
   * @throws InvalidRequestException if no contract was said
   * @throws io.meshwork.error.AccessDeniedException if the caller does not act for the domain
   * @throws io.meshwork.error.NotFoundException if there is no such product or major
   * @throws io.meshwork.error.BackendException if registry or files cannot be read
   */
  @Override
  public ContractPlan plan() {
    session.checkOpen(doing());
    return new ContractPlan(amending().judged(), this::commitAsPlanned);
  }

  /**
   * Puts the contract in force, in one registry transaction with the table's new columns. Nothing
   * happens if it is the one in force.
   *
   * @return the product as it is then
   * @throws InvalidRequestException CHANGE_INCOMPATIBLE if it may not follow, with each finding
   * @throws io.meshwork.error.ConflictException if somebody else amends at the same time
   * @throws io.meshwork.error.AccessDeniedException if the caller does not act for the domain
   * @throws io.meshwork.error.NotFoundException if there is no such product or major
   */
  @Override
  public ProductCard commit() {
    return run(null);
  }

  @Override
  public ProductCard commitAsPlanned(String fingerprint) {
    return run(Arguments.text("fingerprint", fingerprint));
  }

  private ProductCard run(@Nullable String fingerprint) {
    session.checkOpen(doing());
    Amending amending = amending();
    once.begin();
    try {
      return amending.commit(fingerprint);
    } finally {
      once.end();
    }
  }

  private Amending amending() {
    if (change == null) {
      throw new InvalidRequestException(
          ErrorCode.INVALID_ARGUMENT,
          "Cannot "
              + doing()
              + ": no contract was said. Say contract(..), or change(..) to start from the one in"
              + " force.");
    }
    return new Amending(session, product, major, change, reason, doing());
  }

  private String doing() {
    return "amend the contract of " + product;
  }
}
