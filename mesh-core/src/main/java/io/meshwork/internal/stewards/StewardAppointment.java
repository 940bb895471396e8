package io.meshwork.internal.stewards;

import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.ledger.CommitDraft;
import io.meshwork.internal.ledger.DocumentCodec;
import io.meshwork.internal.ledger.Ledger;
import io.meshwork.internal.ledger.VersionedDocument;
import io.meshwork.internal.runtime.CommitGuard;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.operation.Operation;
import io.meshwork.product.Principal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Appoints or dismisses a steward. Not thread-safe. */
final class StewardAppointment
    implements Operation<List<Principal>>, Ledger.Change<List<Principal>> {
  private final ClientSession session;
  private final Principal steward;
  private final boolean appointed;
  private final CommitGuard once;

  /**
   * Creates the operation.
   *
   * @param appointed false to dismiss the steward
   */
  StewardAppointment(ClientSession session, Principal steward, boolean appointed) {
    this.session = session;
    this.steward = steward;
    this.appointed = appointed;
    this.once = CommitGuard.withoutKey(action());
  }

  @Override
  public List<Principal> commit() {
    return session.commit(once, this);
  }

  @Override
  public MeshAction action() {
    return MeshAction.of(appointed ? Verb.APPOINT : Verb.DISMISS, "the steward " + steward);
  }

  @Override
  public String partition() {
    return RegistryKeys.MESH;
  }

  @Override
  public CommitDraft<List<Principal>> draft(Ledger.Attempt attempt) {
    List<Principal> all = new ArrayList<>(Stewards.all(session));
    Optional<VersionedDocument> by = Optional.empty();
    if (all.isEmpty() && appointed) {
      Stewards.requireFounder(session, action());
    } else {
      by = Optional.of(Stewards.requireSteward(session, action()));
    }
    if (all.contains(steward) == appointed) {
      return CommitDraft.unchanged(List.copyOf(all));
    }
    CommitDraft<List<Principal>> draft =
        StewardLog.steward(appointed, steward, session.principal());
    by.filter(stored -> !stored.key().equals(RegistryKeys.steward(steward)))
        .ifPresent(draft::check);
    if (appointed) {
      all.add(steward);
      all.sort(Comparator.comparing(Principal::toString));
      draft.insert(
          RegistryKeys.steward(steward),
          DocumentCodec.document(new StewardDocument(session.principal(), attempt.now())));
    } else {
      requireAnother(all);
      all.remove(steward);
      session.ledger().read(RegistryKeys.steward(steward)).ifPresent(draft::delete);
    }
    return draft.result(List.copyOf(all));
  }

  /** Who appointed a steward, and when. */
  private record StewardDocument(Principal by, Instant at) {}

  private void requireAnother(List<Principal> all) {
    if (all.size() == 1) {
      throw Failure.of(action())
          .because("it is the only steward of the mesh")
          .fix("Appoint another one first.")
          .lastingConflict(ErrorCode.STATE_CONFLICT);
    }
  }
}
