package io.meshwork.sharing;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.error.Finding;
import io.meshwork.internal.catalog.DomainEntry;
import io.meshwork.internal.catalog.Keys;
import io.meshwork.internal.ledger.Stored;
import io.meshwork.internal.rights.RightsDocuments;
import io.meshwork.internal.rights.StoredAuthorization;
import io.meshwork.internal.rights.StoredGrant;
import io.meshwork.internal.runtime.Arguments;
import io.meshwork.internal.session.Session;
import io.meshwork.operation.Plan.Step;
import io.meshwork.sharing.AuthorizationCard.Place;
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

/**
 * Withdraws an authorization, with those that others gave under it: nothing more is granted by
 * them. What was granted by them stays, and the plan lists it, unless {@link #andGrants} is said.
 * What is not there is not missed: the id of one that was withdrawn before changes nothing. What
 * has not the shape of an id is refused. Gives what was withdrawn. One thread; committed once.
 */
public final class WithdrawAuthorization implements AccessOperation<List<AuthorizationCard>> {
  private final Session session;
  private final String id;
  private final RightsChange<List<AuthorizationCard>> change;
  private @Nullable Place place;
  private @Nullable String because;
  private boolean grants;

  private WithdrawAuthorization(Session session, String id) {
    this.session = session;
    this.id = id;
    this.change = new RightsChange<>(session, doing(), this::proposal);
  }

  /** Called by {@code MeshClient.withdrawAuthorization}. */
  public static WithdrawAuthorization of(Session session, @Nullable String id) {
    return new WithdrawAuthorization(session, StoredIds.require("id", id, "authorizations()"));
  }

  /**
   * One that the caller gave for another domain, by {@link Authorize#delegating}, on this product
   * or domain. Default: one of the caller's own domain.
   */
  public WithdrawAuthorization on(CharSequence productOrDomain) {
    place = Place.of(Arguments.given("productOrDomain", productOrDomain));
    return this;
  }

  /** Also takes back what was granted by it. */
  public WithdrawAuthorization andGrants() {
    grants = true;
    return this;
  }

  /** Why, for the log. Default: not said. */
  public WithdrawAuthorization because(String reason) {
    because = Arguments.text("because", reason);
    return this;
  }

  @Override
  public RightsChange<List<AuthorizationCard>> change() {
    return change;
  }

  private Proposal<List<AuthorizationCard>> proposal(RightsDocuments documents, Instant now) {
    String domain =
        place == null ? session.admission().ownDomain(doing()).domain() : place.domain();
    DomainEntry owner = session.catalog().requireDomain(domain, doing());
    Proposal.Policy policy = new Proposal.Policy(domain, documents.policy(domain));
    List<Stored> checks = new ArrayList<>(List.of(owner.stored()));
    Map<Stored, StoredAuthorization> gone = chosen(documents, owner, checks, now);
    Set<String> ids = new TreeSet<>(gone.values().stream().map(StoredAuthorization::id).toList());
    List<Proposal.Write> writes = new ArrayList<>();
    List<Step> steps = new ArrayList<>();
    List<AuthorizationCard> cards = new ArrayList<>();
    ObjectNode details = JsonNodeFactory.instance.objectNode();
    ArrayNode logged = details.putArray("authorizations");
    gone.forEach(
        (stored, given) -> {
          AuthorizationCard card = AuthorizationCard.of(given);
          writes.add(removal(stored));
          cards.add(card);
          AuthorizationCard.log(logged, given);
          steps.add(new Step("withdraw", card.on(), card.toString(), "authorize it again"));
        });
    Map<Stored, StoredGrant> made = new LinkedHashMap<>(Grants.on(session, documents, domain));
    made.values().removeIf(grant -> grant.authorization().filter(ids::contains).isEmpty());
    if (grants && !made.isEmpty()) {
      ArrayNode revoked = details.putArray("grants");
      made.forEach(
          (stored, grant) -> {
            writes.add(removal(stored));
            GrantCard.log(revoked, grant);
            steps.add(
                new Step(
                    "revoke", grant.on().toString(), GrantCard.of(grant).toString(), "grant it"));
          });
    }
    if (because != null) {
      details.put("reason", because);
    }
    return new Proposal<>(
        "Withdraw authorization " + id,
        new Proposal.Entry(
            gone.isEmpty()
                ? Keys.partition(domain)
                : gone.keySet().iterator().next().key().partition(),
            "authorization.withdrawn",
            place == null ? domain : place.name(),
            details),
        policy,
        writes,
        checks,
        steps,
        notes(gone, made),
        grants ? Reach.of(domain) : Reach.none(),
        List.copyOf(cards));
  }

  private static Proposal.Write removal(Stored stored) {
    return new Proposal.Write(stored.key(), Optional.of(stored), Optional.empty());
  }

  /** The one that is named first, and then those under it. */
  private Map<Stored, StoredAuthorization> chosen(
      RightsDocuments documents, DomainEntry owner, List<Stored> checks, Instant now) {
    Map<Stored, StoredAuthorization> all =
        AuthorizationCard.writtenBy(session, documents, owner.domain().name());
    boolean owns = owner.domain().accounts().contains(session.principal().account());
    Map<String, Stored> delegated = new TreeMap<>();
    all.forEach(
        (stored, each) -> {
          if (each.delegating() && each.names(session.principal()) && each.inForce(now)) {
            delegated.put(each.id(), stored);
          }
        });
    Map<Stored, StoredAuthorization> chosen = new LinkedHashMap<>();
    all.forEach(
        (stored, given) -> {
          if (given.id().equals(id)) {
            Optional<Stored> by = given.under().map(delegated::get);
            if (!owns && by.isEmpty()) {
              throw session.denied(
                  owner.domain().name(),
                  doing(),
                  Authority.notGiven(session.principal(), owner, given, doing()));
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
      Map<Stored, StoredAuthorization> gone, Map<Stored, StoredGrant> made) {
    List<Finding> notes = new ArrayList<>();
    if (gone.isEmpty()) {
      notes.add(
          note(
              "NOT_THERE",
              id,
              "is no authorization there: nothing to withdraw",
              "Look at" + " authorizations()."));
    } else if (!grants) {
      for (StoredGrant grant : made.values()) {
        notes.add(
            note(
                "CARRIED_OUT",
                grant.id(),
                "was granted by it and stays: " + GrantCard.of(grant),
                "Say andGrants() to take it back too."));
      }
    }
    return notes;
  }

  private static Finding note(String code, String where, String what, String mend) {
    return new Finding(code, Finding.Severity.NOTE, where, what, 0, List.of(), mend);
  }

  private String doing() {
    return "withdraw authorization " + id;
  }
}
