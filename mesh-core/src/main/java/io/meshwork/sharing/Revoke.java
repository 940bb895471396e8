package io.meshwork.sharing;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.access.Grantee;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Finding;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.internal.catalog.DomainEntry;
import io.meshwork.internal.catalog.Keys;
import io.meshwork.internal.ledger.Stored;
import io.meshwork.internal.rights.RightsDocuments;
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
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Takes grants back that the caller's domain made, or that its account handed on; it holds from the
 * next open. What another account handed on of it gives nothing more from then on and stays listed
 * there. What is not there is not missed: the id of a grant that was revoked before changes
 * nothing. What has not the shape of an id is refused. Gives those that were there; what somebody
 * keeps by another path is none of the plan's losses. One thread; committed once.
 */
public final class Revoke implements AccessOperation<List<GrantCard>> {
  private final Session session;
  private final Set<String> ids;
  private final RightsChange<List<GrantCard>> change;
  private boolean dependants;
  private @Nullable Place place;
  private @Nullable String because;

  private Revoke(Session session, Set<String> ids) {
    this.session = session;
    this.ids = ids;
    this.change = new RightsChange<>(session, doing(), this::proposal);
  }

  /** Called by {@code MeshClient.revoke}. */
  public static Revoke of(Session session, String... ids) {
    Set<String> some = new TreeSet<>(Arguments.all("ids", ids));
    some.forEach(id -> StoredIds.require("ids", id, "grants()"));
    if (some.isEmpty()) {
      throw Arguments.refused("ids", "is empty", "Name grants, as grants() lists them.");
    }
    return new Revoke(session, some);
  }

  /** Also what the grantees handed on by it within the caller's own account. */
  public Revoke andDependants() {
    dependants = true;
    return this;
  }

  /**
   * What the caller carried out for another domain, on this product, or by tags of this domain.
   * Default: what the caller's own domain made.
   */
  public Revoke on(CharSequence productOrDomain) {
    place = Place.of(Arguments.given("productOrDomain", productOrDomain));
    return this;
  }

  /** Why, for the log. Default: not said. */
  public Revoke because(String reason) {
    because = Arguments.text("because", reason);
    return this;
  }

  @Override
  public RightsChange<List<GrantCard>> change() {
    return change;
  }

  private Proposal<List<GrantCard>> proposal(RightsDocuments documents, Instant now) {
    if (place != null) {
      DomainEntry owner = session.catalog().requireDomain(place.domain(), doing());
      place.product().ifPresent(product -> session.catalog().requireProduct(product, doing()));
      if (!owner.domain().accounts().contains(session.principal().account())) {
        return forOwner(owner, place, documents, now);
      }
    }
    String own = session.admission().ownDomain(doing()).domain();
    String where = where(documents, own);
    Proposal.Policy policy = new Proposal.Policy(where, documents.policy(where));
    Map<Stored, StoredGrant> all = Grants.writtenIn(session, documents, own, where);
    // What the caller hands on as a guest lies in another catalog than its domain.
    List<Stored> checks =
        where.equals(Keys.partition(own))
            ? List.of(session.catalog().requireDomain(own, doing()).stored())
            : List.of();
    return proposal(policy, new Subject(where, own), all, chosen(all), checks);
  }

  /** What others carried out for the owner, those who may carry it out take back. */
  private Proposal<List<GrantCard>> forOwner(
      DomainEntry owner, Place of, RightsDocuments documents, Instant now) {
    Proposal.Policy policy = new Proposal.Policy(of.domain(), documents.policy(of.domain()));
    Authority authority = Authority.of(session, documents, owner, of.product(), Optional.empty());
    Map<Stored, StoredGrant> all = Grants.in(documents, of.partition());
    Map<Stored, StoredGrant> gone = chosen(all);
    List<Stored> checks = new ArrayList<>(List.of(owner.stored()));
    gone.values().forEach(grant -> checks.addAll(authority.toRevoke(grant, now, doing())));
    return proposal(policy, new Subject(of.partition(), of.name()), all, gone, checks);
  }

  /** What the log tells of, and whose log. */
  private record Subject(String partition, String name) {}

  private Proposal<List<GrantCard>> proposal(
      Proposal.Policy policy,
      Subject subject,
      Map<Stored, StoredGrant> all,
      Map<Stored, StoredGrant> gone,
      List<Stored> checks) {
    List<Proposal.Write> writes = new ArrayList<>();
    List<Step> steps = new ArrayList<>();
    List<GrantCard> cards = new ArrayList<>();
    Reach reach = Reach.none();
    ObjectNode details = JsonNodeFactory.instance.objectNode();
    ArrayNode logged = details.putArray("grants");
    gone.forEach(
        (stored, grant) -> {
          writes.add(new Proposal.Write(stored.key(), Optional.of(stored), Optional.empty()));
          cards.add(GrantCard.of(grant));
          GrantCard.log(logged, grant);
          steps.add(
              new Step(
                  "revoke",
                  grant.on().toString(),
                  Shown.permissions(grant.permissions()) + " from " + Shown.grantee(grant.to()),
                  "grant it again"));
        });
    for (StoredGrant grant : gone.values()) {
      reach = reach.and(grant.on().domain());
    }
    if (because != null) {
      details.put("reason", because);
    }
    Set<String> found = new TreeSet<>(cards.stream().map(GrantCard::id).toList());
    return new Proposal<>(
        "Revoke " + String.join(", ", ids),
        new Proposal.Entry(subject.partition(), "grant.revoked", subject.name(), details),
        policy,
        writes,
        checks,
        steps,
        notes(all, gone, found),
        reach,
        List.copyOf(cards));
  }

  /** Where these grants were written: one transaction takes back those of one catalog. */
  private String where(RightsDocuments documents, String own) {
    List<String> places = Grants.placesOf(session, documents, own, ids);
    if (places.size() > 1) {
      throw new InvalidRequestException(
          ErrorCode.INVALID_ARGUMENT,
          "Cannot "
              + doing()
              + ": these grants lie in several catalogs ("
              + String.join(", ", places)
              + "), and nothing is done in two at once. Nothing was changed. Revoke those of each"
              + " by themselves.");
    }
    return places.isEmpty() ? Keys.partition(own) : places.get(0);
  }

  private Map<Stored, StoredGrant> chosen(Map<Stored, StoredGrant> all) {
    Map<Stored, StoredGrant> chosen = new LinkedHashMap<>();
    all.forEach(
        (stored, grant) -> {
          if (ids.contains(grant.id())) {
            chosen.put(stored, grant);
          }
        });
    boolean more = dependants;
    while (more) {
      more = false;
      for (Map.Entry<Stored, StoredGrant> each : all.entrySet()) {
        if (!chosen.containsKey(each.getKey())
            && chosen.values().stream().anyMatch(one -> isBehind(one, each.getValue()))) {
          chosen.put(each.getKey(), each.getValue());
          more = true;
        }
      }
    }
    return chosen;
  }

  /** True if the other was handed on by the one to whom the first gave the grant option. */
  private static boolean isBehind(StoredGrant first, StoredGrant other) {
    return first.grantOption()
        && other.handedOnIn().isPresent()
        && first.to().kind() == Grantee.Kind.PRINCIPAL
        && first.on().domain().equals(other.on().domain())
        && Shown.grantee(first.to()).equals(other.executedBy());
  }

  private List<Finding> notes(
      Map<Stored, StoredGrant> all, Map<Stored, StoredGrant> gone, Set<String> found) {
    List<Finding> notes = new ArrayList<>();
    for (String id : ids) {
      if (!found.contains(id)) {
        notes.add(
            note(
                "NOT_THERE",
                id,
                "is no grant of "
                    + (place == null ? "this domain" : place.name())
                    + ": nothing to revoke"));
      }
    }
    all.forEach(
        (stored, grant) -> {
          if (!gone.containsKey(stored)
              && gone.values().stream().anyMatch(one -> isBehind(one, grant))) {
            notes.add(
                note(
                    "DEPENDANT",
                    grant.id(),
                    "was handed on by one of these and stays; andDependants() takes it too"));
          }
        });
    return notes;
  }

  private static Finding note(String code, String where, String what) {
    return new Finding(code, Finding.Severity.NOTE, where, what, 0, List.of(), "Look at grants().");
  }

  private String doing() {
    return "revoke " + String.join(", ", ids);
  }
}
