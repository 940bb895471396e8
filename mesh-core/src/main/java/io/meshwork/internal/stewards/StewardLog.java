package io.meshwork.internal.stewards;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.meshwork.event.MeshEvent;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.ledger.CommitDraft;
import io.meshwork.product.Principal;
import java.util.List;

/** Starts the log entries about stewards and what they decide on. Stateless. */
public final class StewardLog {
  private StewardLog() {}

  /** A principal was appointed as a steward, or dismissed. */
  static CommitDraft<List<Principal>> steward(boolean appointed, Principal steward, Principal by) {
    return CommitDraft.<List<Principal>>of(
            appointed ? MeshEvent.STEWARD_APPOINTED : MeshEvent.STEWARD_DISMISSED,
            by,
            RegistryKeys.MESH)
        .detail("steward", steward.toString());
  }

  /** The owner of a product requested an approval. */
  public static <R> CommitDraft<R> requested(StewardRequestEntry request, Principal by) {
    return withRequest(MeshEvent.APPROVAL_REQUESTED, request, by);
  }

  /** A steward approved a request. */
  static <R> CommitDraft<R> approved(StewardRequestEntry request, Principal by) {
    return withRequest(MeshEvent.APPROVAL_GIVEN, request, by);
  }

  private static <R> CommitDraft<R> withRequest(
      String event, StewardRequestEntry request, Principal by) {
    CommitDraft<R> draft = CommitDraft.of(event, by, request.product().toString());
    draft
        .detail("request", request.id())
        .detail("kind", request.kind().name())
        .detail("because", request.because());
    if (!request.consumers().isEmpty()) {
      ArrayNode consumers = JsonNodeFactory.instance.arrayNode();
      request.consumers().forEach(consumers::add);
      draft.detail("consumers", consumers);
    }
    return draft;
  }
}
