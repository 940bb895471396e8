package io.meshwork.internal.grants;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.access.AccessClient;
import io.meshwork.access.GrantCard;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Finding;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.catalog.DomainEntry;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.explain.AccessCards;
import io.meshwork.internal.lakeformation.Grantee;
import io.meshwork.internal.ledger.VersionedDocument;
import io.meshwork.internal.rights.AccessFormatter;
import io.meshwork.internal.rights.RightsDocuments;
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
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Revokes grants. */
final class GrantRevocation implements AccessClient.Revoke, RightsOperation<List<GrantCard>> {
  private final ClientSession session;
  private final Set<String> ids;
  private final RightsChange<List<GrantCard>> change;
  private boolean dependants;
  private @Nullable GrantPlace place;
  private @Nullable String because;

  private GrantRevocation(ClientSession session, Set<String> ids) {
    this.session = session;
    this.ids = ids;
    this.change = new RightsChange<>(session, action(), this::proposal);
  }

  static GrantRevocation of(ClientSession session, String... ids) {
    Set<String> some = new TreeSet<>(ArgumentChecks.all("ids", ids));
    some.forEach(id -> StoredIds.require("ids", id, "access().grants()"));
    if (some.isEmpty()) {
      throw ArgumentChecks.refused(
          "ids", "is empty", "Name grants, as access().grants() lists them.");
    }
    return new GrantRevocation(session, some);
  }

  @Override
  public AccessClient.Revoke cascade() {
    dependants = true;
    return this;
  }

  @Override
  public AccessClient.Revoke on(CharSequence productOrDomain) {
    place = GrantPlace.of(ArgumentChecks.required("productOrDomain", productOrDomain));
    return this;
  }

  @Override
  public AccessClient.Revoke because(String reason) {
    because = ArgumentChecks.text("because", reason);
    return this;
  }

  @Override
  public RightsChange<List<GrantCard>> change() {
    return change;
  }

  private ChangeSet<List<GrantCard>> proposal(RightsDocuments documents, Instant now) {
    if (place != null) {
      DomainEntry owner = session.catalog().requireDomain(place.domain(), action());
      place.product().ifPresent(product -> session.catalog().requireProduct(product, action()));
      if (!owner.domain().accounts().contains(session.principal().account())) {
        return forOwner(owner, place, documents, now);
      }
    }
    String own = session.authorizer().requireOwnDomain(action()).domain();
    String where = where(documents, own);
    ChangeSet.Policy policy = new ChangeSet.Policy(where, documents.policy(where));
    Map<VersionedDocument, StoredGrant> all = GrantFinder.writtenIn(session, documents, own, where);
    // What the caller hands on as a guest lies in another catalog than its domain.
    List<VersionedDocument> checks =
        where.equals(RegistryKeys.partition(own))
            ? List.of(session.catalog().requireDomain(own, action()).stored())
            : List.of();
    return proposal(policy, new Subject(where, own), all, chosen(all), checks);
  }

  /** What others carried out for the owner, those who may carry it out take back. */
  private ChangeSet<List<GrantCard>> forOwner(
      DomainEntry owner, GrantPlace of, RightsDocuments documents, Instant now) {
    ChangeSet.Policy policy = new ChangeSet.Policy(of.domain(), documents.policy(of.domain()));
    GrantorAuthority authority =
        GrantorAuthority.of(session, documents, owner, of.product(), Optional.empty());
    Map<VersionedDocument, StoredGrant> all = GrantFinder.in(documents, of.partition());
    Map<VersionedDocument, StoredGrant> gone = chosen(all);
    List<VersionedDocument> checks = new ArrayList<>(List.of(owner.stored()));
    gone.values().forEach(grant -> checks.addAll(authority.toRevoke(grant, now, action())));
    return proposal(policy, new Subject(of.partition(), of.name()), all, gone, checks);
  }

  /** What the log tells of, and whose log. */
  private record Subject(String partition, String name) {}

  private ChangeSet<List<GrantCard>> proposal(
      ChangeSet.Policy policy,
      Subject subject,
      Map<VersionedDocument, StoredGrant> all,
      Map<VersionedDocument, StoredGrant> gone,
      List<VersionedDocument> checks) {
    List<ChangeSet.Write> writes = new ArrayList<>();
    List<Step> steps = new ArrayList<>();
    List<GrantCard> cards = new ArrayList<>();
    AffectedResources reach = AffectedResources.none();
    ObjectNode details = JsonNodeFactory.instance.objectNode();
    ArrayNode logged = details.putArray("grants");
    gone.forEach(
        (stored, grant) -> {
          writes.add(new ChangeSet.Write(stored.key(), Optional.of(stored), Optional.empty()));
          cards.add(AccessCards.grant(grant));
          AccessCards.log(logged, grant);
          steps.add(
              new Step(
                  "revoke",
                  grant.on().toString(),
                  AccessFormatter.permissions(grant.permissions())
                      + " from "
                      + AccessFormatter.grantee(grant.to()),
                  "grant it again"));
        });
    for (StoredGrant grant : gone.values()) {
      reach = reach.and(grant.on().domain());
    }
    if (because != null) {
      details.put("reason", because);
    }
    Set<String> found = new TreeSet<>(cards.stream().map(GrantCard::id).toList());
    return new ChangeSet<>(
        "Revoke " + String.join(", ", ids),
        new ChangeSet.Entry(subject.partition(), "grant.revoked", subject.name(), details),
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
    List<String> places = GrantFinder.placesOf(session, documents, own, ids);
    if (places.size() > 1) {
      throw new InvalidRequestException(
          ErrorCode.INVALID_ARGUMENT,
          "Cannot "
              + action()
              + ": these grants lie in several catalogs ("
              + String.join(", ", places)
              + "), and nothing is done in two at once. Nothing was changed. Revoke those of each"
              + " by themselves.");
    }
    return places.isEmpty() ? RegistryKeys.partition(own) : places.get(0);
  }

  private Map<VersionedDocument, StoredGrant> chosen(Map<VersionedDocument, StoredGrant> all) {
    Map<VersionedDocument, StoredGrant> chosen = new LinkedHashMap<>();
    all.forEach(
        (stored, grant) -> {
          if (ids.contains(grant.id())) {
            chosen.put(stored, grant);
          }
        });
    boolean more = dependants;
    while (more) {
      more = false;
      for (Map.Entry<VersionedDocument, StoredGrant> each : all.entrySet()) {
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
        && AccessFormatter.grantee(first.to()).equals(other.executedBy());
  }

  private List<Finding> notes(
      Map<VersionedDocument, StoredGrant> all,
      Map<VersionedDocument, StoredGrant> gone,
      Set<String> found) {
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
                    "was handed on by one of these and stays; cascade() takes it too"));
          }
        });
    return notes;
  }

  private static Finding note(String code, String where, String what) {
    return new Finding(
        code, Finding.Severity.NOTE, where, what, 0, List.of(), "access().grants() lists them.");
  }

  private MeshAction action() {
    return MeshAction.of(Verb.REVOKE, String.join(", ", ids));
  }
}
