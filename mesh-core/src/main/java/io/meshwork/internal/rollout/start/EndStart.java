package io.meshwork.internal.rollout.start;

import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.rollout.RolloutEntry;
import io.meshwork.internal.rollout.retirement.ProductEndView;
import io.meshwork.internal.runtime.ArgumentChecks;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.product.MajorVersion;
import io.meshwork.product.ProductName;
import io.meshwork.rollout.EndProduct;
import io.meshwork.rollout.EndProduct.EndPlan;
import io.meshwork.rollout.ProductEnd;
import java.time.LocalDate;
import java.util.Optional;

/** Starts the end of a product. Not thread-safe. */
final class EndStart extends StartOperation<EndContext, EndPlan, ProductEnd> implements EndProduct {
  private Optional<MajorVersion> successor = Optional.empty();

  EndStart(ClientSession session, ProductName product) {
    super(session, Verb.END, product);
  }

  @Override
  public EndProduct successor(CharSequence other, int major) {
    ProductName next = ProductName.of(other);
    if (next.equals(product)) {
      throw ArgumentChecks.refused(
          "product",
          "is the product that ends",
          "Name another product; for a new contract of this one, call startRollout(\""
              + product
              + "\").");
    }
    successor = Optional.of(new MajorVersion(next, major));
    return this;
  }

  @Override
  public EndProduct because(String text) {
    setReason(text);
    return this;
  }

  @Override
  public EndProduct retireAfter(LocalDate date) {
    setRetireAfter(date);
    return this;
  }

  @Override
  EndContext terms() {
    return new EndContext(
        session,
        product,
        successor,
        ArgumentChecks.requireReason(
            reason(), action(), "Set the reason that consumers are shown."),
        chosenRetireAfter(),
        action(),
        this::commitAsPlanned);
  }

  @Override
  EvaluatedEnd evaluate(EndContext context, boolean withDownstream) {
    return context.evaluate();
  }

  @Override
  EndPlan plan(EndContext context) {
    return context.evaluate();
  }

  @Override
  ProductEnd result(RolloutEntry started) {
    return new ProductEndView(session, started);
  }
}
