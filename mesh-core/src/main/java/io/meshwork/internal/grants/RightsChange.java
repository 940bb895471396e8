package io.meshwork.internal.grants;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.access.AccessPlan;
import io.meshwork.access.AccessPlan.Shift;
import io.meshwork.error.ConflictException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.error.MeshAction;
import io.meshwork.internal.catalog.DomainEntry;
import io.meshwork.internal.catalog.ProductEntry;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.catalog.VersionEntry;
import io.meshwork.internal.explain.AccessCards;
import io.meshwork.internal.ledger.CommitDraft;
import io.meshwork.internal.ledger.DocumentJson;
import io.meshwork.internal.ledger.Ledger;
import io.meshwork.internal.ledger.VersionedDocument;
import io.meshwork.internal.open.OpenOperation;
import io.meshwork.internal.rights.PolicySnapshot;
import io.meshwork.internal.rights.ReadAccessDiff;
import io.meshwork.internal.rights.RightsDocuments;
import io.meshwork.internal.runtime.OneCommit;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.product.ProductName;
import io.meshwork.registry.Registry.Key;
import io.meshwork.registry.Registry.Transaction;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Plans and commits one change of rights: documents, the {@code policy} of the domain that writes
 * them, and the log entry, in one transaction. It is proposed anew for each attempt.
 *
 * @param <R> what exists after the change
 */
final class RightsChange<R> {
  /** Bytes that an entry of a log takes besides what a change says of itself, at most. */
  private static final int ENTRY_BYTES = 4 * 1024;

  private final ClientSession session;
  private final MeshAction action;
  private final ChangePlanner<R> how;
  private final List<OneCommit> once = new ArrayList<>();
  private final OpenOperation open;

  RightsChange(ClientSession session, MeshAction action, ChangePlanner<R> how) {
    this(session, action, how, List.of());
    open.begin();
  }

  /**
   * A change that does others.
   *
   * @param parts which are committed with it
   */
  RightsChange(
      ClientSession session,
      MeshAction action,
      ChangePlanner<R> how,
      Collection<RightsChange<?>> parts) {
    this.session = session;
    this.action = action;
    this.how = how;
    this.open = session.operation(action);
    this.once.add(OneCommit.withoutKey(action));
    parts.forEach(part -> this.once.addAll(part.once));
  }

  ClientSession session() {
    return session;
  }

  MeshAction action() {
    return action;
  }

  ChangePlanner<R> how() {
    return how;
  }

  /** It was planned or committed, alone or with others. */
  void settle() {
    open.settle();
  }

  AccessPlan<R> plan() {
    settle();
    session.checkOpen(action);
    Instant now = session.runtime().clock().instant();
    RightsDocuments documents = readOnce();
    return plan(how.propose(documents, now), documents, now);
  }

  /** The documents as they are now, each read once: what is compared must be of one moment. */
  private RightsDocuments readOnce() {
    return session.rights().with(Map.of());
  }

  private AccessPlan<R> plan(ChangeSet<R> proposal, RightsDocuments documents, Instant now) {
    List<Shift> gains = new ArrayList<>();
    List<Shift> losses = new ArrayList<>();
    Map<Key, Optional<ObjectNode>> written = new HashMap<>();
    proposal.writes().forEach(write -> written.put(write.key(), write.after()));
    List<PolicySnapshot> before = worlds(proposal.reach(), documents);
    RightsDocuments then = documents.with(written);
    List<PolicySnapshot> after = worlds(proposal.reach(), then);
    for (int i = 0; i < before.size(); i++) {
      ReadAccessDiff shifts = ReadAccessDiff.between(before.get(i), after.get(i), now);
      shifts.gains().forEach(each -> gains.add(RightsPlan.shift(each)));
      shifts.losses().forEach(each -> losses.add(RightsPlan.shift(each)));
    }
    return new RightsPlan<>(
        proposal.headline(),
        proposal.steps(),
        proposal.findings(),
        gains,
        losses,
        (who, product) -> AccessCards.explain(session, then, who, product),
        this::commit);
  }

  private List<PolicySnapshot> worlds(AffectedResources reach, RightsDocuments documents) {
    List<PolicySnapshot> worlds = new ArrayList<>();
    for (String domain : reach.domains()) {
      worlds.add(documents.ofDomain(session.catalog().requireDomain(domain, action), action));
    }
    for (ProductName product : reach.products()) {
      DomainEntry owner = session.catalog().requireDomain(product.domain(), action);
      ProductEntry entry = session.catalog().requireProduct(product, action);
      VersionEntry version =
          session.catalog().requireVersion(product, entry.currentMajor(), action);
      worlds.add(documents.ofProduct(owner, entry, version));
    }
    return worlds;
  }

  /**
   * Does it.
   *
   * @param fingerprint of the plan that was looked at; null if none was
   */
  R commit(@Nullable String fingerprint) {
    settle();
    session.checkOpen(action);
    List<OneCommit> begun = new ArrayList<>();
    try {
      for (OneCommit each : once) {
        each.begin();
        begun.add(each);
      }
      RightsDocuments documents = readOnce();
      ChangeSet<R> first = how.propose(documents, session.runtime().clock().instant());
      return session
          .ledger()
          .commit(new Attempts(first, documents, fingerprint), session.deadline());
    } finally {
      begun.forEach(OneCommit::end);
    }
  }

  /** The first proposal says which log is written, and is what the first attempt does. */
  private final class Attempts implements Ledger.Change<R> {
    private final String partition;
    private final @Nullable String fingerprint;
    private @Nullable ChangeSet<R> first;
    private RightsDocuments documents;

    Attempts(ChangeSet<R> first, RightsDocuments documents, @Nullable String fingerprint) {
      this.partition = first.entry().partition();
      this.fingerprint = fingerprint;
      this.first = first;
      this.documents = documents;
    }

    @Override
    public MeshAction action() {
      return action;
    }

    @Override
    public String partition() {
      return partition;
    }

    @Override
    public CommitDraft<R> draft(Ledger.Attempt attempt) {
      ChangeSet<R> proposal = first;
      if (proposal == null) {
        documents = readOnce();
        proposal = how.propose(documents, attempt.clock());
      }
      first = null;
      if (fingerprint != null
          && !plan(proposal, documents, attempt.clock()).fingerprint().equals(fingerprint)) {
        throw stale();
      }
      return drafted(proposal);
    }
  }

  private ConflictException stale() {
    return new ConflictException(
        ErrorCode.CONFLICT,
        "Cannot "
            + action
            + " as planned: this is not the fingerprint of what it would mean now. Grants, tags or"
            + " products changed meanwhile, or there was never such a plan. Nothing was changed."
            + " Look at the plan again.",
        false);
  }

  private CommitDraft<R> drafted(ChangeSet<R> proposal) {
    if (proposal.writes().isEmpty()) {
      return CommitDraft.unchanged(proposal.result());
    }
    checkSizes(proposal);
    ChangeSet.Entry entry = proposal.entry();
    CommitDraft<R> draft = CommitDraft.of(entry.event(), session.principal(), entry.subject());
    proposal.checks().forEach(draft::check);
    for (ChangeSet.Write write : proposal.writes()) {
      if (write.before().isEmpty() && write.after().isEmpty()) {
        draft.checkAbsent(write.key());
      } else if (write.after().isEmpty()) {
        write.before().ifPresent(draft::delete);
      } else if (write.before().isPresent()) {
        draft.replace(write.before().get(), write.after().get());
      } else {
        draft.insert(write.key(), write.after().get());
      }
    }
    Optional<VersionedDocument> policy = proposal.policy().stored();
    if (policy.isPresent()) {
      ObjectNode next = policy.get().json().deepCopy();
      draft.replace(policy.get(), next.put("revision", next.path("revision").asLong() + 1));
    } else {
      draft.insert(
          RegistryKeys.policy(proposal.policy().domain()),
          DocumentJson.create().put("revision", 1));
    }
    entry.details().properties().forEach(each -> draft.detail(each.getKey(), each.getValue()));
    return draft.result(proposal.result());
  }

  private void checkSizes(ChangeSet<R> proposal) {
    Set<String> partitions = new LinkedHashSet<>();
    partitions.add(RegistryKeys.partition(proposal.policy().domain()));
    for (ChangeSet.Write write : proposal.writes()) {
      partitions.add(write.key().partition());
      write
          .after()
          .ifPresent(
              json -> {
                int bytes = bytes(json);
                if (bytes > Transaction.MAX_DOCUMENT_BYTES) {
                  throw tooMuch(
                      "the document '"
                          + write.key()
                          + "' would have "
                          + bytes
                          + " bytes and the limit is "
                          + Transaction.MAX_DOCUMENT_BYTES);
                }
              });
    }
    int logged = bytes(proposal.entry().details());
    if (logged > Transaction.MAX_DOCUMENT_BYTES - ENTRY_BYTES) {
      throw tooMuch(
          "the entry of the log would have more than "
              + logged
              + " bytes and the limit is "
              + Transaction.MAX_DOCUMENT_BYTES);
    }
    // Each partition that is written has a head and an entry of its log, and the attempt its row.
    int actions = proposal.writes().size() + proposal.checks().size() + 2 * partitions.size() + 2;
    if (actions > Transaction.MAX_ACTIONS) {
      throw tooMuch(
          "it takes "
              + actions
              + " actions in one transaction and the limit is "
              + Transaction.MAX_ACTIONS);
    }
  }

  private static int bytes(ObjectNode json) {
    return DocumentJson.write(json).getBytes(StandardCharsets.UTF_8).length;
  }

  private InvalidRequestException tooMuch(String why) {
    return new InvalidRequestException(
        ErrorCode.LIMIT_EXCEEDED,
        "Cannot " + action + ": " + why + ". Nothing was changed. Do it in parts.");
  }
}
