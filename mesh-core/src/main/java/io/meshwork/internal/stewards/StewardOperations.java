package io.meshwork.internal.stewards;

import io.meshwork.error.Finding;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.runtime.ArgumentChecks;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.internal.session.ResolvedProduct;
import io.meshwork.operation.Operation;
import io.meshwork.product.Principal;
import io.meshwork.product.ProductName;
import io.meshwork.rollout.StewardRequest;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Creates the operations of stewards, and operations that suspend reads. Stateless. */
public final class StewardOperations {
  private StewardOperations() {}

  /** Adds findings about approvals of requests to the stewards that do not count. */
  public static void examine(ClientSession session, ProductName product, List<Finding> findings) {
    ApprovalExamination.examine(session, product, findings);
  }

  /** Suspends reads of a product. */
  public static Operation.WithReason<StewardRequest> suspendReads(
      ClientSession session, @Nullable CharSequence name, Optional<Integer> majorVersion) {
    MeshAction action = MeshAction.of(Verb.SUSPEND, "reads of");
    ProductName product = ResolvedProduct.forProducer(session, name, action);
    return new ReadSuspension(session, product, majorVersion, action.on(product));
  }

  /** Makes a suspended product readable again. */
  public static Operation<List<Integer>> resumeReads(
      ClientSession session, @Nullable CharSequence name) {
    MeshAction action = MeshAction.of(Verb.RESUME, "reads of");
    ProductName product = ResolvedProduct.forProducer(session, name, action);
    return new ReadResumption(session, product, action.on(product));
  }

  public static Operation<List<Principal>> appoint(ClientSession session, Principal steward) {
    return new StewardAppointment(session, ArgumentChecks.required("steward", steward), true);
  }

  public static Operation<List<Principal>> dismiss(ClientSession session, Principal steward) {
    return new StewardAppointment(session, ArgumentChecks.required("steward", steward), false);
  }

  /** All stewards, by name. */
  public static List<Principal> stewards(ClientSession session) {
    session.checkOpen(MeshAction.of(Verb.LIST, "the stewards of the mesh"));
    return Stewards.all(session);
  }

  /** The requests about a product that wait for a steward, oldest first. */
  public static List<StewardRequest> pending(ClientSession session, @Nullable CharSequence name) {
    MeshAction listing = MeshAction.of(Verb.LIST, "the requests to stewards about");
    ProductName product = ResolvedProduct.forConsumer(session, name, listing).product();
    MeshAction action = listing.on(product);
    session.checkOpen(action);
    session.catalog().requireProduct(product, action);
    return StoredRequest.pending(session, product).stream()
        .map(each -> each.visibleTo(session))
        .toList();
  }

  public static Operation<StewardRequest> approve(ClientSession session, StewardRequest request) {
    return new StewardApproval(session, ArgumentChecks.required("request", request));
  }
}
