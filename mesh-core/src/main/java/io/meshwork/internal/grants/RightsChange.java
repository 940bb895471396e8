package io.meshwork.internal.grants;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.access.AccessPlan;
import io.meshwork.access.AccessPlan.AccessChange;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.error.MeshAction;
import io.meshwork.internal.catalog.DomainEntry;
import io.meshwork.internal.catalog.ProductEntry;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.catalog.VersionEntry;
import io.meshwork.internal.explain.AccessSummaries;
import io.meshwork.internal.grants.ChangeSet.AffectedResources;
import io.meshwork.internal.index.IndexUpdates;
import io.meshwork.internal.lakeformation.Grantee;
import io.meshwork.internal.ledger.CommitDraft;
import io.meshwork.internal.ledger.DocumentJson;
import io.meshwork.internal.ledger.Ledger;
import io.meshwork.internal.ledger.VersionedDocument;
import io.meshwork.internal.open.OpenOperation;
import io.meshwork.internal.rights.PolicySnapshot;
import io.meshwork.internal.rights.ReadAccessDiff;
import io.meshwork.internal.rights.ReadAccessDiff.ComparedRights;
import io.meshwork.internal.rights.RightsDocuments;
import io.meshwork.internal.rights.TableRights;
import io.meshwork.internal.runtime.CommitGuard;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.product.ProductName;
import io.meshwork.registry.Registry.Key;
import io.meshwork.registry.Registry.Transaction;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Plans and commits one change of rights: documents, the {@code policy} of the domain that writes
 * them, and the log entry, in one transaction. Each attempt proposes the change again.
 *
 * @param <R> what exists after the change
 */
final class RightsChange<R> {
  /** The maximum size of a log entry without its details. */
  private static final int ENTRY_BYTES = 4 * 1024;

  private final ClientSession session;
  private final MeshAction action;
  private final Planner<R> planner;
  private final List<CommitGuard> commits = new ArrayList<>();
  private final OpenOperation open;

  /**
   * Proposes a change.
   *
   * @param <R> what exists after the change
   */
  @FunctionalInterface
  interface Planner<R> {
    /** Returns the writes; see {@link RightsOperation#propose}. */
    ChangeSet<R> propose(RightsDocuments documents, Instant now);
  }

  RightsChange(ClientSession session, MeshAction action, Planner<R> planner) {
    this(session, action, planner, List.of());
    open.begin();
  }

  /**
   * Creates a change that consists of others.
   *
   * @param parts the changes that are committed with it
   */
  RightsChange(
      ClientSession session,
      MeshAction action,
      Planner<R> planner,
      Collection<RightsChange<?>> parts) {
    this.session = session;
    this.action = action;
    this.planner = planner;
    this.open = session.operation(action);
    this.commits.add(CommitGuard.withoutKey(action));
    parts.forEach(part -> this.commits.addAll(part.commits));
  }

  ClientSession session() {
    return session;
  }

  MeshAction action() {
    return action;
  }

  Planner<R> planner() {
    return planner;
  }

  /** Records that the change was planned or committed, alone or with others. */
  void settle() {
    open.settle();
  }

  AccessPlan<R> plan() {
    settle();
    session.checkOpen(action);
    Instant now = session.runtime().clock().instant();
    RightsDocuments documents = currentDocuments();
    return plan(planner.propose(documents, now), documents, now);
  }

  /** Returns the current documents. Each is read once, so that comparisons see the same state. */
  private RightsDocuments currentDocuments() {
    return session.rights().with(Map.of());
  }

  private RightsPlan<R> plan(ChangeSet<R> proposal, RightsDocuments documents, Instant now) {
    List<AccessChange> gains = new ArrayList<>();
    List<AccessChange> losses = new ArrayList<>();
    Map<Key, Optional<ObjectNode>> written = new HashMap<>();
    proposal.first().stream()
        .flatMap(first -> first.writes().stream())
        .forEach(write -> written.put(write.key(), write.after()));
    proposal.writes().forEach(write -> written.put(write.key(), write.after()));
    Optional<Set<Grantee>> grantees = grantees(proposal);
    List<PolicySnapshot> before = snapshots(proposal.affected(), grantees, documents);
    RightsDocuments documentsAfter = documents.with(written);
    List<PolicySnapshot> after = snapshots(proposal.affected(), grantees, documentsAfter);
    for (int i = 0; i < Math.min(before.size(), after.size()); i++) {
      ReadAccessDiff diff =
          ReadAccessDiff.between(
              new ComparedRights(before.get(i), documents::isOpenToMesh),
              new ComparedRights(after.get(i), documentsAfter::isOpenToMesh),
              session.catalog().requireDomain(before.get(i).domain(), action).domain().accounts(),
              now);
      for (TableRights table : before.get(i).tables()) {
        if (written.containsKey(RegistryKeys.product(table.product()))) {
          diff.open(
              table.product(),
              openOnlyIn(documentsAfter, documents, table),
              openOnlyIn(documents, documentsAfter, table));
        }
      }
      gains.addAll(diff.gains());
      losses.addAll(diff.losses());
    }
    return new RightsPlan<>(
        action.toString(),
        proposal.steps(),
        proposal.findings(),
        ReadAccessDiff.merged(gains),
        ReadAccessDiff.merged(losses),
        (principal, product) ->
            AccessSummaries.explain(session, documentsAfter, principal, product),
        this::commit);
  }

  /** Returns the columns that every domain reads with the first documents, not with the others. */
  private List<String> openOnlyIn(RightsDocuments one, RightsDocuments other, TableRights table) {
    return one.requireProduct(table.product(), action).openToMesh()
            && !other.requireProduct(table.product(), action).openToMesh()
        ? VersionEntry.openColumns(table.contract())
        : List.of();
  }

  /** Returns to whom the written grants are; empty if anything else is written too. */
  private static Optional<Set<Grantee>> grantees(ChangeSet<?> proposal) {
    Set<Grantee> grantees = new HashSet<>();
    for (ChangeSet.Write write : proposal.writes()) {
      if (proposal.first().isPresent() || !RegistryKeys.isGrant(write.key())) {
        return Optional.empty();
      }
      Stream.concat(write.before().map(VersionedDocument::json).stream(), write.after().stream())
          .forEach(json -> grantees.add(Grantee.of(json.path("to").asText())));
    }
    return Optional.of(grantees);
  }

  private List<PolicySnapshot> snapshots(
      AffectedResources affected, Optional<Set<Grantee>> grantees, RightsDocuments documents) {
    List<PolicySnapshot> snapshots = new ArrayList<>();
    for (String domain : affected.domains()) {
      DomainEntry owner = session.catalog().requireDomain(domain, action);
      snapshots.addAll(
          grantees
              .map(some -> documents.versionsOfDomain(owner, some, action))
              .orElseGet(() -> documents.versionsOfDomain(owner, action)));
    }
    for (ProductName product : affected.products()) {
      DomainEntry owner = session.catalog().requireDomain(product.domain(), action);
      ProductEntry entry = session.catalog().requireProduct(product, action);
      snapshots.addAll(
          grantees
              .map(some -> documents.versionsOfProduct(owner, entry, some, action))
              .orElseGet(() -> documents.versionsOfProduct(owner, entry, action)));
    }
    return snapshots.stream().map(this::visible).toList();
  }

  /** Omits major versions that the caller does not see yet. Everyone sees the first one. */
  private PolicySnapshot visible(PolicySnapshot snapshot) {
    return snapshot.withTables(
        table ->
            table.fields().major() == 1
                || session.catalog().isVisible(table.product(), table.fields().major()));
  }

  /**
   * Commits the change.
   *
   * @param fingerprint the fingerprint of the reviewed plan; null to commit without one
   */
  R commit(@Nullable String fingerprint) {
    settle();
    session.checkOpen(action);
    List<CommitGuard> begun = new ArrayList<>();
    try {
      for (CommitGuard each : commits) {
        each.begin();
        begun.add(each);
      }
      RightsDocuments documents = currentDocuments();
      ChangeSet<R> proposal = planner.propose(documents, session.runtime().clock().instant());
      if (proposal.first().isEmpty()) {
        return commit(new Attempts(planner, proposal, documents, fingerprint));
      }
      requireAsPlanned(proposal, documents, session.runtime().clock().instant(), fingerprint);
      Planner<R> part =
          (read, now) -> {
            ChangeSet<R> whole = planner.propose(read, now);
            return whole.first().orElseGet(whole::unchanged);
          };
      while (proposal.first().isPresent()) {
        commit(new Attempts(part, proposal.first().get(), documents, null));
        documents = currentDocuments();
        proposal = planner.propose(documents, session.runtime().clock().instant());
      }
      return commit(new Attempts(planner, proposal, documents, null));
    } finally {
      begun.forEach(CommitGuard::end);
    }
  }

  private R commit(Attempts attempts) {
    return session.commit(attempts);
  }

  /** The attempts. The first one commits the first proposal, which also selects the log. */
  private final class Attempts implements Ledger.Change<R> {
    private final Planner<R> planner;
    private final String partition;
    private final @Nullable String fingerprint;
    private @Nullable ChangeSet<R> first;
    private RightsDocuments documents;

    Attempts(
        Planner<R> planner,
        ChangeSet<R> first,
        RightsDocuments documents,
        @Nullable String fingerprint) {
      this.planner = planner;
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
        documents = currentDocuments();
        proposal = planner.propose(documents, attempt.clock());
      }
      first = null;
      requireAsPlanned(proposal, documents, attempt.clock(), fingerprint);
      return commitDraft(proposal);
    }
  }

  /** Requires that a plan has a fingerprint, unless that is null. */
  private void requireAsPlanned(
      ChangeSet<R> proposal, RightsDocuments documents, Instant now, @Nullable String fingerprint) {
    if (fingerprint != null) {
      plan(proposal, documents, now).requireSame(fingerprint, action);
    }
  }

  private CommitDraft<R> commitDraft(ChangeSet<R> proposal) {
    if (proposal.writes().isEmpty()) {
      return CommitDraft.unchanged(proposal.result());
    } else if (proposal.first().isPresent()) {
      throw Failure.of(action)
          .because("others extended what it changes while parts of it were committed")
          .state("Those parts are committed and are complete changes.")
          .fix("Run it again.")
          .conflict(ErrorCode.CONFLICT);
    }
    checkSizes(proposal);
    ChangeSet.Entry entry = proposal.entry();
    CommitDraft<R> draft = CommitDraft.of(entry.event(), session.principal(), entry.subject());
    proposal.checks().forEach(draft::check);
    for (ChangeSet.Write write : proposal.writes()) {
      write.before().filter(before -> write.after().isPresent()).ifPresent(this::requireReadable);
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
    policy.ifPresent(this::requireReadable);
    ObjectNode next = RightsDocuments.nextRevision(policy);
    if (addsExecutors(proposal)) {
      next.put(RightsDocuments.EXECUTORS, true);
    }
    if (policy.isPresent()) {
      draft.replace(policy.get(), next);
    } else {
      draft.insert(RegistryKeys.policy(proposal.policy().domain()), next);
    }
    draft.details(entry.details());
    return draft.result(proposal.result());
  }

  /** Requires that a document to replace can be read: it may be of a newer format. */
  private void requireReadable(VersionedDocument stored) {
    if (stored.isUnreadable()) {
      session.ledger().read(stored.key()); // Throws why, unless others replaced it.
      throw Failure.of(action)
          .because("others replaced '" + stored.key() + "', which could not be read")
          .fix("Run it again.")
          .conflict(ErrorCode.CONFLICT);
    }
  }

  /** Returns true if the policy must tell its readers to look for executors from now on. */
  private static boolean addsExecutors(ChangeSet<?> proposal) {
    String partition = RegistryKeys.partition(proposal.policy().domain());
    return proposal.writes().stream()
        .filter(write -> write.key().partition().equals(partition))
        .anyMatch(write -> write.key().sort().startsWith(RegistryKeys.EXECUTORS));
  }

  private void checkSizes(ChangeSet<R> proposal) {
    Set<String> partitions = new LinkedHashSet<>();
    partitions.add(RegistryKeys.partition(proposal.policy().domain()));
    for (ChangeSet.Write write : proposal.writes()) {
      if (write.before().isPresent() || write.after().isPresent()) {
        partitions.add(write.key().partition());
      }
      write
          .after()
          .ifPresent(
              json -> {
                int bytes = bytes(json);
                if (bytes > Transaction.MAX_DOCUMENT_BYTES) {
                  throw tooLarge(
                      "document '"
                          + write.key()
                          + "' would have "
                          + bytes
                          + " bytes; the limit is "
                          + Transaction.MAX_DOCUMENT_BYTES);
                }
              });
    }
    int logBytes = bytes(proposal.entry().details());
    if (logBytes > Transaction.MAX_DOCUMENT_BYTES - ENTRY_BYTES) {
      throw tooLarge(
          "its log entry would have more than "
              + logBytes
              + " bytes; the limit is "
              + Transaction.MAX_DOCUMENT_BYTES);
    }
    int shapes =
        IndexUpdates.countShapes(
            session.ledger(), proposal.writes().stream().map(ChangeSet.Write::key).toList());
    // Each written partition adds its log head and a log entry; the attempt adds its own document.
    int actions =
        proposal.writes().size() + proposal.checks().size() + shapes + 2 * partitions.size() + 2;
    if (actions > Transaction.MAX_ACTIONS) {
      throw tooLarge(
          "it takes "
              + actions
              + " actions in one transaction; the limit is "
              + Transaction.MAX_ACTIONS);
    }
  }

  private static int bytes(ObjectNode json) {
    return DocumentJson.write(json).getBytes(StandardCharsets.UTF_8).length;
  }

  private InvalidRequestException tooLarge(String reason) {
    return Failure.of(action)
        .because(reason)
        .fix("Split it into several changes.")
        .invalidRequest(ErrorCode.LIMIT_EXCEEDED);
  }
}
