package io.meshwork.sharing;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.access.Grantee;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Finding;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.internal.catalog.Keys;
import io.meshwork.internal.ledger.Stored;
import io.meshwork.internal.rights.RightsDocuments;
import io.meshwork.internal.rights.RightsWorld;
import io.meshwork.internal.rights.StoredGrant;
import io.meshwork.internal.runtime.Arguments;
import io.meshwork.internal.session.Session;
import io.meshwork.operation.Plan.Step;
import io.meshwork.operation.PlannedOperation;
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
 * there. What is not there is not missed. One thread; committed once.
 */
public final class Revoke
    implements PlannedOperation<AccessPlan<List<GrantCard>>, List<GrantCard>> {
  private final Session session;
  private final Set<String> ids;
  private final RightsChange<List<GrantCard>> change;
  private boolean dependants;
  private @Nullable String because;

  private Revoke(Session session, Set<String> ids) {
    this.session = session;
    this.ids = ids;
    this.change = new RightsChange<>(session, doing());
  }

  /** Called by {@code MeshClient.revoke}. */
  public static Revoke of(Session session, String... ids) {
    Set<String> some = new TreeSet<>(Arguments.all("ids", ids));
    some.forEach(id -> Arguments.text("ids", id));
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

  /** Why, for the log. Default: not said. */
  public Revoke because(String reason) {
    because = Arguments.text("because", reason);
    return this;
  }

  /**
   * Who would lose what; what they keep by another path is no loss. Changes nothing.
   *
   * @throws io.meshwork.error.MeshException as {@link #commit}
   */
  @Override
  public AccessPlan<List<GrantCard>> plan() {
    return change.plan(this::proposal, this::commitAsPlanned);
  }

  /**
   * Takes them back.
   *
   * @return those that were there
   * @throws io.meshwork.error.InvalidRequestException if the account acts for no domain, or these
   *     are too many for one transaction
   */
  @Override
  public List<GrantCard> commit() {
    return run(null);
  }

  @Override
  public List<GrantCard> commitAsPlanned(String fingerprint) {
    return run(Arguments.text("fingerprint", fingerprint));
  }

  private List<GrantCard> run(@Nullable String fingerprint) {
    session.checkOpen(doing());
    String domain = session.admission().ownDomain(doing()).domain();
    return change.commit(place(domain), this::proposal, fingerprint);
  }

  private Proposal<List<GrantCard>> proposal(Instant now) {
    String own = session.admission().ownDomain(doing()).domain();
    RightsDocuments documents = session.rights().documents();
    String place = place(own);
    Optional<Stored> policy = documents.policy(place);
    Map<Stored, StoredGrant> all = Grants.writtenIn(session, own, place);
    Map<Stored, StoredGrant> gone = chosen(all);
    List<Proposal.Write> writes = new ArrayList<>();
    List<Step> steps = new ArrayList<>();
    List<GrantCard> cards = new ArrayList<>();
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
    if (because != null) {
      details.put("reason", because);
    }
    Set<String> found = new TreeSet<>(cards.stream().map(GrantCard::id).toList());
    return new Proposal<>(
        "Revoke " + String.join(", ", ids),
        "grant.revoked",
        own,
        details,
        writes,
        Keys.policy(place),
        policy,
        List.of(),
        steps,
        notes(all, gone, found),
        worlds(documents, gone, found),
        cards);
  }

  /** Where these grants were written: one transaction takes back those of one catalog. */
  private String place(String own) {
    List<String> places = Grants.placesOf(session, own, ids);
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
        notes.add(note("NOT_THERE", id, "is no grant of this domain: nothing to revoke"));
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

  /** For each domain whose data it is: who reads what there now, and then. */
  private List<Proposal.Change> worlds(
      RightsDocuments documents, Map<Stored, StoredGrant> gone, Set<String> found) {
    Set<String> domains = new TreeSet<>();
    gone.values().forEach(grant -> domains.add(grant.on().domain()));
    List<Proposal.Change> worlds = new ArrayList<>();
    for (String domain : domains) {
      RightsWorld before =
          documents.ofDomain(session.catalog().requireDomain(domain, doing()), doing());
      worlds.add(new Proposal.Change(before, before.without(found)));
    }
    return worlds;
  }

  private String doing() {
    return "revoke " + String.join(", ", ids);
  }
}
