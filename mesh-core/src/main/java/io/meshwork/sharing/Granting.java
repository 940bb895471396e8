package io.meshwork.sharing;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.access.AccessEvaluator;
import io.meshwork.access.AccessState;
import io.meshwork.access.Grantee;
import io.meshwork.error.Finding;
import io.meshwork.internal.ledger.Stored;
import io.meshwork.internal.rights.GrantTarget;
import io.meshwork.internal.rights.RightsDocuments;
import io.meshwork.internal.rights.RightsWorld;
import io.meshwork.internal.rights.StoredAuthorization;
import io.meshwork.internal.rights.StoredGrant;
import io.meshwork.internal.rights.TableRights;
import io.meshwork.operation.Plan.Step;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.iceberg.Schema;

/** Proposes to write some grants: only those that are new, or say something else than before. */
final class Granting {
  private final RightsDocuments documents;
  private final Sharer sharer;
  private final String doing;
  private final Instant at;
  private final Proposal.Policy policy;
  private final List<StoredGrant> all = new ArrayList<>();
  private final List<StoredGrant> added = new ArrayList<>();
  private final List<Proposal.Write> writes = new ArrayList<>();
  private final List<Step> steps = new ArrayList<>();
  private final List<GrantCard> cards = new ArrayList<>();
  private final ArrayNode logged = JsonNodeFactory.instance.arrayNode();
  private final Set<Stored> restsOn = new LinkedHashSet<>();
  private boolean amended;

  /** Of a sharer; create it before anything else of rights is read, but what is authorized. */
  Granting(RightsDocuments documents, Sharer sharer, String doing, Instant at) {
    this.documents = documents;
    this.sharer = sharer;
    this.doing = doing;
    this.at = at;
    this.policy = new Proposal.Policy(sharer.writes(), documents.policy(sharer.writes()));
  }

  /**
   * Adds a grant.
   *
   * @param world what is granted before any is added
   * @throws io.meshwork.error.MeshException if a rule refuses it
   */
  void add(StoredGrant asked, RightsWorld world) {
    StoredGrant wanted =
        sharer.authority().map(authority -> covered(authority, asked, world)).orElse(asked);
    all.add(wanted);
    Optional<Stored> existing = documents.read(sharer.key(wanted));
    Optional<StoredGrant> there = existing.map(StoredGrant::of);
    if (there.isPresent() && there.get().saysTheSameAs(wanted)) {
      cards.add(GrantCard.of(there.get()));
      return;
    }
    requireAllowed(wanted, world);
    added.add(wanted);
    amended |= there.isPresent();
    ObjectNode json = wanted.json();
    writes.add(new Proposal.Write(sharer.key(wanted), existing, Optional.of(json)));
    cards.add(GrantCard.of(wanted));
    GrantCard.log(logged, wanted);
    steps.add(
        new Step(
            there.isPresent() ? "amend" : "grant",
            wanted.on().toString(),
            Shown.permissions(wanted.permissions())
                + " to "
                + Shown.grantee(wanted.to())
                + (wanted.grantOption() ? " with grant option" : "")
                + wanted.until().map(end -> " until " + end).orElse(""),
            "revoke " + wanted.id()));
  }

  /** All that were added, as they are or will be written. */
  List<StoredGrant> grants() {
    return List.copyOf(all);
  }

  /** The authorizations that they rest on. */
  List<StoredAuthorization> authorizations() {
    return restsOn.stream().map(StoredAuthorization::of).toList();
  }

  /** As the owner's authorization lets it be written: as it was before, if it was. */
  private StoredGrant covered(Authority authority, StoredGrant asked, RightsWorld world) {
    Optional<Schema> schema =
        asked.on() instanceof GrantTarget.OfProduct of
            ? world.table(of.product()).map(TableRights::schema)
            : Optional.empty();
    List<Authority.Covered> ways = authority.covering(asked, schema, at, doing);
    Authority.Covered way =
        ways.stream()
            .filter(each -> world.grants().stream().anyMatch(there -> isSame(there, each)))
            .findFirst()
            .orElse(ways.get(0));
    restsOn.addAll(way.checks());
    return way.grant();
  }

  private static boolean isSame(StoredGrant there, Authority.Covered way) {
    return there.id().equals(way.grant().id());
  }

  private void requireAllowed(StoredGrant wanted, RightsWorld world) {
    RightsWorld others = world;
    for (StoredGrant each : added) {
      others = others.with(each);
    }
    others = others.without(List.of(wanted.id()));
    // A data filter has to be there before something is granted through it.
    AccessState.Builder state = others.state(accounts(wanted)).toBuilder();
    others.filter(wanted).ifPresent(state::filters);
    AccessEvaluator evaluator = AccessEvaluator.over(state.build());
    Optional<String> refused = Optional.empty();
    for (Grantee actor : sharer.actors(world)) {
      refused = evaluator.mayGrant(actor, world.grant(wanted), at).code();
      if (refused.isEmpty()) {
        return;
      }
    }
    throw sharer
        .session()
        .denied(
            wanted.on() instanceof GrantTarget.OfProduct of
                ? of.product().toString()
                : sharer.owner().domain().name(),
            doing,
            new Refusals(doing, sharer, wanted, others, at).of(refused.orElseThrow()));
  }

  private List<String> accounts(StoredGrant wanted) {
    return Stream.concat(Stream.of(sharer.principal().account()), wanted.to().account().stream())
        .toList();
  }

  Proposal<List<GrantCard>> proposal(
      String headline,
      String partition,
      String subject,
      Reach reach,
      List<Stored> checks,
      List<Finding> findings) {
    ObjectNode details = JsonNodeFactory.instance.objectNode();
    details.set("grants", logged);
    return new Proposal<>(
        headline,
        new Proposal.Entry(partition, amended ? "grant.amended" : "grant.made", subject, details),
        policy,
        writes,
        Stream.concat(checks.stream(), restsOn.stream()).toList(),
        steps,
        Stream.concat(findings.stream(), UselessGrants.among(all, sharer).stream()).toList(),
        reach,
        List.copyOf(cards));
  }
}
