package io.meshwork.internal.grants;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.access.AccessClient;
import io.meshwork.access.AuthorizationCard;
import io.meshwork.error.Finding;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.catalog.DomainEntry;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.explain.AccessCards;
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

/** Withdraws an authorization and those under it. */
final class AuthorizationWithdrawal
    implements AccessClient.WithdrawAuthorization, RightsOperation<List<AuthorizationCard>> {
  private final ClientSession session;
  private final String id;
  private final RightsChange<List<AuthorizationCard>> change;
  private @Nullable GrantPlace place;
  private @Nullable String because;
  private boolean grants;

  private AuthorizationWithdrawal(ClientSession session, String id) {
    this.session = session;
    this.id = id;
    this.change = new RightsChange<>(session, action(), this::proposal);
  }

  static AuthorizationWithdrawal of(ClientSession session, @Nullable String id) {
    return new AuthorizationWithdrawal(
        session, StoredIds.require("id", id, "access().authorizations()"));
  }

  @Override
  public AccessClient.WithdrawAuthorization on(CharSequence productOrDomain) {
    place = GrantPlace.of(ArgumentChecks.required("productOrDomain", productOrDomain));
    return this;
  }

  @Override
  public AccessClient.WithdrawAuthorization andGrants() {
    grants = true;
    return this;
  }

  @Override
  public AccessClient.WithdrawAuthorization because(String reason) {
    because = ArgumentChecks.text("because", reason);
    return this;
  }

  @Override
  public RightsChange<List<AuthorizationCard>> change() {
    return change;
  }

  private ChangeSet<List<AuthorizationCard>> proposal(RightsDocuments documents, Instant now) {
    String domain =
        place == null ? session.authorizer().requireOwnDomain(action()).domain() : place.domain();
    DomainEntry owner = session.catalog().requireDomain(domain, action());
    ChangeSet.Policy policy = new ChangeSet.Policy(domain, documents.policy(domain));
    List<VersionedDocument> checks = new ArrayList<>(List.of(owner.stored()));
    Map<VersionedDocument, StoredAuthorization> gone = chosen(documents, owner, checks, now);
    Set<String> ids = new TreeSet<>(gone.values().stream().map(StoredAuthorization::id).toList());
    List<ChangeSet.Write> writes = new ArrayList<>();
    List<Step> steps = new ArrayList<>();
    List<AuthorizationCard> cards = new ArrayList<>();
    ObjectNode details = JsonNodeFactory.instance.objectNode();
    ArrayNode logged = details.putArray("authorizations");
    gone.forEach(
        (stored, given) -> {
          AuthorizationCard card = AccessCards.authorization(given);
          writes.add(removal(stored));
          cards.add(card);
          AccessCards.log(logged, given);
          steps.add(new Step("withdraw", card.on(), card.toString(), "authorize it again"));
        });
    Map<VersionedDocument, StoredGrant> made =
        new LinkedHashMap<>(GrantFinder.on(session, documents, domain));
    made.values().removeIf(grant -> grant.authorization().filter(ids::contains).isEmpty());
    if (grants && !made.isEmpty()) {
      ArrayNode revoked = details.putArray("grants");
      made.forEach(
          (stored, grant) -> {
            writes.add(removal(stored));
            AccessCards.log(revoked, grant);
            steps.add(
                new Step(
                    "revoke",
                    grant.on().toString(),
                    AccessCards.grant(grant).toString(),
                    "grant it"));
          });
    }
    if (because != null) {
      details.put("reason", because);
    }
    return new ChangeSet<>(
        "Withdraw authorization " + id,
        new ChangeSet.Entry(
            gone.isEmpty()
                ? RegistryKeys.partition(domain)
                : gone.keySet().iterator().next().key().partition(),
            "authorization.withdrawn",
            place == null ? domain : place.name(),
            details),
        policy,
        writes,
        checks,
        steps,
        notes(gone, made),
        grants ? AffectedResources.of(domain) : AffectedResources.none(),
        List.copyOf(cards));
  }

  private static ChangeSet.Write removal(VersionedDocument stored) {
    return new ChangeSet.Write(stored.key(), Optional.of(stored), Optional.empty());
  }

  /** The one that is named first, and then those under it. */
  private Map<VersionedDocument, StoredAuthorization> chosen(
      RightsDocuments documents, DomainEntry owner, List<VersionedDocument> checks, Instant now) {
    Map<VersionedDocument, StoredAuthorization> all =
        AuthorizationFinder.writtenBy(session, documents, owner.domain().name());
    boolean owns = owner.domain().accounts().contains(session.principal().account());
    Map<String, VersionedDocument> delegated = new TreeMap<>();
    all.forEach(
        (stored, each) -> {
          if (each.delegating() && each.names(session.principal()) && each.inForce(now)) {
            delegated.put(each.id(), stored);
          }
        });
    Map<VersionedDocument, StoredAuthorization> chosen = new LinkedHashMap<>();
    all.forEach(
        (stored, given) -> {
          if (given.id().equals(id)) {
            Optional<VersionedDocument> by = given.under().map(delegated::get);
            if (!owns && by.isEmpty()) {
              throw session.denied(
                  owner.domain().name(),
                  action(),
                  GrantorAuthority.notGiven(session.principal(), owner, given, action()));
            } else if (!owns) {
              checks.add(by.get());
            }
            chosen.put(stored, given);
          }
        });
    all.forEach(
        (stored, given) -> {
          if (!chosen.isEmpty() && given.under().filter(id::equals).isPresent()) {
            chosen.put(stored, given);
          }
        });
    return chosen;
  }

  private List<Finding> notes(
      Map<VersionedDocument, StoredAuthorization> gone, Map<VersionedDocument, StoredGrant> made) {
    List<Finding> notes = new ArrayList<>();
    if (gone.isEmpty()) {
      notes.add(
          note(
              "NOT_THERE",
              id,
              "is no authorization there: nothing to withdraw",
              "access().authorizations() lists them."));
    } else if (!grants) {
      for (StoredGrant grant : made.values()) {
        notes.add(
            note(
                "CARRIED_OUT",
                grant.id(),
                "was granted by it and stays: " + AccessCards.grant(grant),
                "Say andGrants() to take it back too."));
      }
    }
    return notes;
  }

  private static Finding note(String code, String where, String what, String fix) {
    return new Finding(code, Finding.Severity.NOTE, where, what, 0, List.of(), fix);
  }

  private MeshAction action() {
    return MeshAction.of(Verb.WITHDRAW, "authorization " + id);
  }
}
