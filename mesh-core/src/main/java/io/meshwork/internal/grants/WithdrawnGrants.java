package io.meshwork.internal.grants;

import io.meshwork.event.MeshEvent;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.event.EventDetails;
import io.meshwork.internal.explain.AccessSummaries;
import io.meshwork.internal.grants.ChangeSet.AffectedResources;
import io.meshwork.internal.ledger.VersionedDocument;
import io.meshwork.internal.rights.GrantTarget;
import io.meshwork.internal.rights.RightsDocuments;
import io.meshwork.internal.rights.StoredAuthorization;
import io.meshwork.internal.rights.StoredGrant;
import io.meshwork.internal.routing.PartitionCatalogs;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.product.ProductName;
import io.meshwork.registry.Registry.Key;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * The grants under withdrawn authorizations. Grants in the partition of an executor give no access
 * without their authorization. So the remaining ones move to the partition of the withdrawing
 * account: to the owner's, or under the authorization of an executor that delegated. As many as fit
 * into one transaction change together with the withdrawal; the others are changed before it.
 */
final class WithdrawnGrants {
  /** The largest number of grants of one transaction. */
  private static final int MAX_GRANTS = 40;

  /** Actions of a transaction for what is withdrawn; the rest is for the change that does it. */
  private static final int MAX_ACTIONS = 78;

  private final ClientSession session;
  private final RightsDocuments documents;
  private final String writer;
  private final Map<VersionedDocument, StoredAuthorization> withdrawn;
  private final boolean revokes;
  private final List<GrantChange> all = new ArrayList<>();
  private final int firstSize;

  /**
   * Creates the changes.
   *
   * @param writer the domain that withdraws, or the partition of an executor
   * @param withdrawn the withdrawn authorizations, by document
   * @param grants the grants under them, by document
   * @param revokes true to revoke them
   */
  WithdrawnGrants(
      ClientSession session,
      RightsDocuments documents,
      String writer,
      Map<VersionedDocument, StoredAuthorization> withdrawn,
      Map<VersionedDocument, StoredGrant> grants,
      boolean revokes) {
    this.session = session;
    this.documents = documents;
    this.writer = writer;
    this.withdrawn = withdrawn;
    this.revokes = revokes;
    grants.forEach(
        (stored, grant) -> {
          List<ChangeSet.Write> writes = revokes ? removal(stored) : move(stored, grant);
          if (!writes.isEmpty()) {
            all.add(new GrantChange(grant, writes));
          }
        });
    this.firstSize = firstSize();
  }

  /** What happens to one grant. */
  private record GrantChange(StoredGrant grant, List<ChangeSet.Write> writes) {}

  /** Returns true if the withdrawing account may write a document. */
  static boolean isWritable(VersionedDocument stored, String writer) {
    return !PartitionCatalogs.isExecutor(writer) || stored.key().partition().equals(writer);
  }

  private List<ChangeSet.Write> removal(VersionedDocument stored) {
    return isWritable(stored, writer)
        ? List.of(new ChangeSet.Write(stored.key(), Optional.of(stored), Optional.empty()))
        : List.of();
  }

  private List<ChangeSet.Write> move(VersionedDocument stored, StoredGrant grant) {
    if (!PartitionCatalogs.isExecutor(stored.key().partition())) {
      return List.of();
    }
    Key key =
        PartitionCatalogs.isExecutor(writer)
            ? RegistryKeys.executedGrant(writer, grant.product(), grant.id())
            : grant.ownerKey();
    StoredGrant retained =
        parent(grant)
            .map(parent -> grant.keptUnder(parent, session.principal().toString()))
            .orElse(grant);
    List<ChangeSet.Write> writes = new ArrayList<>();
    writes.add(new ChangeSet.Write(key, documents.read(key), Optional.of(retained.json())));
    if (!key.equals(stored.key())) {
      writes.addAll(removal(stored));
    }
    return writes;
  }

  /** Returns the authorization under which an executor retains a grant; empty for the owner. */
  private Optional<StoredAuthorization> parent(StoredGrant grant) {
    if (!PartitionCatalogs.isExecutor(writer)) {
      return Optional.empty();
    }
    Optional<String> under =
        withdrawn.values().stream()
            .filter(each -> grant.authorization().filter(each.id()::equals).isPresent())
            .findFirst()
            .flatMap(StoredAuthorization::under);
    Map<VersionedDocument, StoredAuthorization> authorizations =
        grant.product().isPresent()
            ? documents.authorizations(grant.product().get())
            : documents.authorizations(grant.on().domain());
    return authorizations.values().stream()
        .filter(each -> under.filter(each.id()::equals).isPresent())
        .findFirst();
  }

  /** Returns the number of grants to change before the withdrawal; 0 if all fit into it. */
  private int firstSize() {
    Set<String> partitions = new HashSet<>(Set.of(RegistryKeys.partition(writer)));
    Set<String> accounts = new HashSet<>();
    withdrawn.values().forEach(each -> accounts.addAll(each.executorAccounts()));
    // The policies of these accounts are checked, and each authorization is removed.
    int actions = accounts.size();
    for (VersionedDocument stored : withdrawn.keySet()) {
      actions += actions(stored.key(), partitions);
    }
    for (ChangeSet.Write write : decisions()) {
      actions += actions(write.key(), partitions);
    }
    int grants = 0;
    for (GrantChange change : all) {
      for (ChangeSet.Write write : change.writes()) {
        actions += actions(write.key(), partitions);
      }
      grants++;
      if (grants > MAX_GRANTS || actions > MAX_ACTIONS) {
        return Math.max(1, grants - 1);
      }
    }
    return 0;
  }

  /** Returns the actions for a write: the first one in a partition adds its log head and entry. */
  private static int actions(Key written, Set<String> partitions) {
    return partitions.add(written.partition()) ? 3 : 1;
  }

  /** Returns the changes of grants to commit before the withdrawal; empty if there are none. */
  <R> Optional<ChangeSet<R>> first(
      String subject, ChangeSet.Policy policy, List<VersionedDocument> checks, R result) {
    if (firstSize == 0) {
      return Optional.empty();
    }
    List<EventDetails.LoggedGrant> logged = new ArrayList<>();
    List<ChangeSet.Write> writes = new ArrayList<>();
    for (GrantChange change : all.subList(0, firstSize)) {
      logged.add(AccessSummaries.logged(change.grant()));
      writes.addAll(change.writes());
    }
    List<VersionedDocument> allChecks = new ArrayList<>(checks);
    allChecks.addAll(withdrawn.keySet());
    return Optional.of(
        new ChangeSet<>(
            new ChangeSet.Entry(
                RegistryKeys.partition(writer),
                revokes ? MeshEvent.Type.GRANT_REVOKED.text() : MeshEvent.Type.GRANT_AMENDED.text(),
                subject,
                new EventDetails.GrantChange(logged, Optional.empty())),
            policy,
            writes,
            allChecks,
            List.of(),
            List.of(),
            AffectedResources.none(),
            result));
  }

  /** Returns the changes of grants to commit with the withdrawal. */
  List<ChangeSet.Write> rest() {
    return all.subList(firstSize, all.size()).stream()
        .flatMap(change -> change.writes().stream())
        .toList();
  }

  /**
   * Returns the writes that retain the decisions of the executors on requests, which count only
   * with their authorization.
   */
  List<ChangeSet.Write> decisions() {
    List<ChangeSet.Write> writes = new ArrayList<>();
    for (StoredAuthorization authorization : withdrawn.values()) {
      if (authorization.request().isPresent()
          && authorization.scope().on() instanceof GrantTarget.OfProduct target) {
        for (String account : authorization.executorAccounts()) {
          writes.addAll(decision(target.product(), authorization.request().get(), account));
        }
      }
    }
    return writes;
  }

  private List<ChangeSet.Write> decision(ProductName product, String request, String account) {
    Optional<VersionedDocument> executed =
        documents.read(
            RegistryKeys.executedDecision(
                RegistryKeys.executorPartition(product.domain(), account), request));
    if (executed.filter(DecisionEntry::isApproval).isEmpty()) {
      return List.of();
    }
    List<ChangeSet.Write> writes = new ArrayList<>(removal(executed.get()));
    Key ownerKey = RegistryKeys.finalDecision(product, request);
    if (documents.read(ownerKey).isEmpty()) {
      writes.add(
          new ChangeSet.Write(ownerKey, Optional.empty(), Optional.of(executed.get().json())));
    }
    return writes;
  }

  /**
   * Adds checks that the executors create no grant before the withdrawal, which would then neither
   * stay nor be revoked.
   *
   * @param checks receives the policies of executors
   * @return checks that the others have none
   */
  List<ChangeSet.Write> unchangedPolicies(List<VersionedDocument> checks) {
    Set<String> accounts = new TreeSet<>();
    withdrawn.values().forEach(each -> accounts.addAll(each.executorAccounts()));
    List<ChangeSet.Write> absent = new ArrayList<>();
    for (String account : accounts) {
      for (StoredAuthorization each : withdrawn.values()) {
        String partition = RegistryKeys.executorPartition(each.scope().on().domain(), account);
        Key key = RegistryKeys.policy(partition);
        if (each.names(account) && !partition.equals(writer)) {
          documents
              .read(key)
              .ifPresentOrElse(
                  checks::add,
                  () -> absent.add(new ChangeSet.Write(key, Optional.empty(), Optional.empty())));
          break;
        }
      }
    }
    return absent;
  }
}
