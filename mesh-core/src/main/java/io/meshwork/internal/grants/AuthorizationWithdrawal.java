package io.meshwork.internal.grants;

import io.meshwork.access.AccessClient;
import io.meshwork.access.AccessClient.AuthorizationSummary;
import io.meshwork.error.Finding;
import io.meshwork.error.FindingCode;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.event.MeshEvent;
import io.meshwork.internal.catalog.DomainEntry;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.event.EventDetails;
import io.meshwork.internal.explain.AccessSummaries;
import io.meshwork.internal.grants.ChangeSet.AffectedResources;
import io.meshwork.internal.ledger.VersionedDocument;
import io.meshwork.internal.rights.RightsDocuments;
import io.meshwork.internal.rights.StoredAuthorization;
import io.meshwork.internal.rights.StoredGrant;
import io.meshwork.internal.runtime.ArgumentChecks;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.operation.Plan.Step;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Withdraws an authorization and all that were delegated under it. */
final class AuthorizationWithdrawal extends RightsOperation<List<AuthorizationSummary>>
    implements AccessClient.Revoke<List<AuthorizationSummary>> {
  private final String id;
  private @Nullable ProductOrDomain resource;
  private @Nullable String because;
  private boolean revokesGrants;

  private AuthorizationWithdrawal(ClientSession session, String id) {
    super(session, MeshAction.of(Verb.WITHDRAW, "authorization " + id));
    this.id = id;
  }

  static AuthorizationWithdrawal of(ClientSession session, @Nullable String id) {
    return new AuthorizationWithdrawal(
        session, StoredIds.require("id", id, "access().authorizations()"));
  }

  @Override
  public AccessClient.Revoke<List<AuthorizationSummary>> on(CharSequence productOrDomain) {
    resource = ProductOrDomain.of(ArgumentChecks.required("productOrDomain", productOrDomain));
    return this;
  }

  @Override
  public AccessClient.Revoke<List<AuthorizationSummary>> cascade() {
    revokesGrants = true;
    return this;
  }

  @Override
  public AccessClient.Revoke<List<AuthorizationSummary>> because(String reason) {
    because = ArgumentChecks.text("because", reason);
    return this;
  }

  @Override
  protected ChangeSet<List<AuthorizationSummary>> propose(RightsDocuments documents, Instant now) {
    String domain =
        resource == null
            ? session().authorizer().requireOwnDomain(action()).domain()
            : resource.domain();
    DomainEntry owner = session().catalog().requireDomain(domain, action());
    String account = session().principal().account();
    String writer =
        owner.domain().accounts().contains(account)
            ? domain
            : RegistryKeys.executorPartition(domain, account);
    ChangeSet.Policy policy = new ChangeSet.Policy(writer, documents.policy(writer));
    List<VersionedDocument> checks = new ArrayList<>(List.of(owner.stored()));
    Map<VersionedDocument, StoredAuthorization> withdrawn =
        selected(documents, owner, writer, checks, now);
    Set<String> ids =
        new TreeSet<>(withdrawn.values().stream().map(StoredAuthorization::id).toList());
    Map<VersionedDocument, StoredGrant> grants =
        new LinkedHashMap<>(GrantFinder.on(session(), documents, domain));
    grants.values().removeIf(grant -> grant.authorization().filter(ids::contains).isEmpty());
    WithdrawnGrants changes =
        new WithdrawnGrants(session(), documents, writer, withdrawn, grants, revokesGrants);
    List<ChangeSet.Write> writes = new ArrayList<>(changes.unchangedPolicies(checks));
    List<Step> steps = new ArrayList<>();
    withdrawn.forEach(
        (stored, authorization) -> {
          writes.add(removal(stored));
          AuthorizationSummary summary = AccessSummaries.authorization(authorization);
          steps.add(new Step("withdraw", summary.on(), summary.toString(), "authorize it again"));
        });
    writes.addAll(changes.decisions());
    writes.addAll(changes.rest());
    if (revokesGrants) {
      grants.values().forEach(grant -> steps.add(revocation(grant)));
    }
    List<AuthorizationSummary> result =
        withdrawn.values().stream().map(AccessSummaries::authorization).toList();
    return new ChangeSet<>(
        entry(domain, writer, withdrawn, grants),
        policy,
        withdrawn.isEmpty() ? List.of() : writes,
        checks,
        steps,
        notes(withdrawn, grants),
        revokesGrants ? AffectedResources.of(domain) : AffectedResources.none(),
        changes.first(subject(domain), policy, List.of(owner.stored()), result),
        result);
  }

  private String subject(String domain) {
    return resource == null ? domain : resource.name();
  }

  private static Step revocation(StoredGrant grant) {
    return new Step(
        "revoke", grant.on().toString(), AccessSummaries.grant(grant).toString(), "grant it");
  }

  private ChangeSet.Entry entry(
      String domain,
      String writer,
      Map<VersionedDocument, StoredAuthorization> withdrawn,
      Map<VersionedDocument, StoredGrant> grants) {
    EventDetails.ChangedAuthorizations details =
        new EventDetails.ChangedAuthorizations(
            withdrawn.values().stream().map(AccessSummaries::logged).toList(),
            revokesGrants
                ? grants.values().stream().map(AccessSummaries::logged).toList()
                : List.of(),
            Optional.ofNullable(because));
    String partition =
        withdrawn.isEmpty()
            ? RegistryKeys.partition(writer)
            : withdrawn.keySet().iterator().next().key().partition();
    return new ChangeSet.Entry(
        partition, MeshEvent.Type.AUTHORIZATION_WITHDRAWN.text(), subject(domain), details);
  }

  private static ChangeSet.Write removal(VersionedDocument stored) {
    return new ChangeSet.Write(stored.key(), Optional.of(stored), Optional.empty());
  }

  /** Returns the authorization, and then all under it. */
  private Map<VersionedDocument, StoredAuthorization> selected(
      RightsDocuments documents,
      DomainEntry owner,
      String writer,
      List<VersionedDocument> checks,
      Instant now) {
    Map<VersionedDocument, StoredAuthorization> all =
        AuthorizationFinder.writtenBy(session(), documents, owner.domain().name());
    boolean isOwner = owner.domain().accounts().contains(session().principal().account());
    Map<String, VersionedDocument> delegating = new TreeMap<>();
    all.forEach(
        (stored, each) -> {
          if (each.delegating() && each.isExecutor(session().principal()) && each.isInForce(now)) {
            delegating.put(each.id(), stored);
          }
        });
    Map<VersionedDocument, StoredAuthorization> selected = new LinkedHashMap<>();
    all.forEach(
        (stored, authorization) -> {
          if (authorization.id().equals(id)) {
            Optional<VersionedDocument> parent = authorization.under().map(delegating::get);
            if (!isOwner && parent.isEmpty()) {
              throw session()
                  .denied(
                      owner.domain().name(),
                      action(),
                      GrantorAuthority.withdrawalDenied(
                          session().principal(), owner, authorization, action()));
            } else if (!isOwner) {
              checks.add(parent.get());
            }
            if (isOwner || WithdrawnGrants.isWritable(stored, writer)) {
              selected.put(stored, authorization);
            }
          }
        });
    all.forEach(
        (stored, authorization) -> {
          if (!selected.isEmpty() && authorization.under().filter(id::equals).isPresent()) {
            selected.put(stored, authorization);
          }
        });
    if (isOwner && selected.isEmpty()) {
      for (VersionedDocument stored :
          documents.uncovered(owner.domain().name(), DecisionEntry::isApproval)) {
        if (stored.key().sort().equals(RegistryKeys.AUTHORIZATIONS + id)) {
          readable(stored).ifPresent(authorization -> selected.put(stored, authorization));
        }
      }
    }
    return selected;
  }

  /** Returns an authorization without effect; empty if the document has another content. */
  private static Optional<StoredAuthorization> readable(VersionedDocument stored) {
    return stored.readAs(
        each -> {
          StoredAuthorization authorization = StoredAuthorization.of(each);
          AccessSummaries.authorization(authorization);
          return authorization;
        });
  }

  private List<Finding> notes(
      Map<VersionedDocument, StoredAuthorization> withdrawn,
      Map<VersionedDocument, StoredGrant> grants) {
    List<Finding> notes = new ArrayList<>();
    if (withdrawn.isEmpty()) {
      notes.add(
          note(
              FindingCode.NOTHING_TO_REMOVE,
              id,
              "does not exist: nothing to withdraw",
              "access().authorizations() lists them."));
    } else if (!revokesGrants) {
      for (StoredGrant grant : grants.values()) {
        notes.add(
            note(
                FindingCode.EXECUTOR_GRANT_STAYS,
                grant.id(),
                "was created under it and stays: " + AccessSummaries.grant(grant),
                "Call cascade() to revoke it too."));
      }
    }
    return notes;
  }

  private static Finding note(FindingCode code, String where, String what, String fix) {
    return new Finding(code, Finding.Severity.NOTE, where, what, 0, List.of(), fix);
  }
}
