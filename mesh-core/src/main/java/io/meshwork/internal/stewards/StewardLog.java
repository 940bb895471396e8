package io.meshwork.internal.stewards;

import io.meshwork.event.MeshEvent;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.event.EventDetails;
import io.meshwork.internal.ledger.CommitDraft;
import io.meshwork.product.Principal;
import java.util.List;

/** Starts the log entries about stewards and what they decide on. Stateless. */
public final class StewardLog {
  private StewardLog() {}

  /** A principal was appointed as a steward, or dismissed. */
  static CommitDraft<List<Principal>> steward(boolean appointed, Principal steward, Principal by) {
    return CommitDraft.<List<Principal>>of(
            appointed
                ? MeshEvent.Type.STEWARD_APPOINTED.text()
                : MeshEvent.Type.STEWARD_DISMISSED.text(),
            by,
            RegistryKeys.MESH)
        .details(new EventDetails.StewardChange(steward.toString()));
  }

  /** The owner of a product requested an approval. */
  public static <R> CommitDraft<R> requested(StewardRequestEntry request, Principal by) {
    return withRequest(MeshEvent.Type.APPROVAL_REQUESTED.text(), request, by);
  }

  static <R> CommitDraft<R> approved(StewardRequestEntry request, Principal by) {
    return withRequest(MeshEvent.Type.APPROVAL_GIVEN.text(), request, by);
  }

  private static <R> CommitDraft<R> withRequest(
      String event, StewardRequestEntry request, Principal by) {
    return CommitDraft.<R>of(event, by, request.product().toString())
        .details(
            new EventDetails.LoggedStewardRequest(
                request.id(), request.kind(), request.because(), request.consumers()));
  }
}
