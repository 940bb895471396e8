package io.meshwork.internal.session;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.catalog.UsageEntry;
import io.meshwork.internal.catalog.VersionEntry;
import io.meshwork.internal.ledger.CommitDraft;
import io.meshwork.internal.ledger.Ledger;
import io.meshwork.internal.ledger.VersionedDocument;
import io.meshwork.registry.Registry.Key;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The change that records the use of a major by one consumer. Writes nothing if the same use was
 * recorded on the same day, and the consumer did not declare its move since. Where a rollout
 * replaces the major, it requires that the major did not change since the read was allowed, so that
 * no use is recorded after the major is retired. Used by one thread.
 */
final class UsageChange implements Ledger.Change<UsageEntry> {
  private final ClientSession session;
  private final ClientSession.AdmittedRead read;
  private final String name;
  private final Supplier<Optional<VersionedDocument>> subscription;
  private final MeshAction action;
  private boolean repeated;

  /**
   * Creates the change.
   *
   * @param name the subscription's name; {@link UsageEntry#WITHOUT_SUBSCRIPTION} if none reads
   * @param subscription the document of the live subscription; empty if none reads
   */
  UsageChange(
      ClientSession session,
      ClientSession.AdmittedRead read,
      String name,
      Supplier<Optional<VersionedDocument>> subscription) {
    this.session = session;
    this.read = read;
    this.name = name;
    this.subscription = subscription;
    this.action = MeshAction.of(Verb.RECORD, "the use of " + read.product());
  }

  @Override
  public MeshAction action() {
    return action;
  }

  @Override
  public String partition() {
    return session.catalog().consumerPartition(read.consumer(), read.product().domain());
  }

  @Override
  public CommitDraft<UsageEntry> draft(Ledger.Attempt attempt) {
    VersionEntry version = repeated ? read.readmission().get() : read.version();
    repeated = true;
    Key key = RegistryKeys.usage(partition(), read.product(), name, version.major());
    Optional<VersionedDocument> before = session.ledger().read(key);
    Instant now = session.runtime().clock().instant();
    String by = session.principal().toString();
    UsageEntry recorded =
        before
            .map(UsageEntry::of)
            .orElseGet(() -> UsageEntry.first(read.product(), version.major(), name, by, now));
    // The record may belong to a later subscription with the same name.
    Optional<VersionedDocument> live = subscription.get();
    if (recorded.covers(by, version.version(), read.columns(), now)
        && !MoveDeclaration.isSince(session, read, version, name, recorded)) {
      return CommitDraft.unchanged(recorded);
    }
    UsageEntry after = recorded.used(by, version.version(), read.columns(), now);
    ObjectNode json = after.toDocument(before);
    CommitDraft<UsageEntry> draft = CommitDraft.unlogged();
    before.ifPresentOrElse(stored -> draft.replace(stored, json), () -> draft.insert(key, json));
    // An ended subscription gets no new record.
    live.ifPresent(draft::check);
    if (version.isInRollout()) {
      draft.check(version.majorStored());
    }
    return draft.result(after);
  }
}
