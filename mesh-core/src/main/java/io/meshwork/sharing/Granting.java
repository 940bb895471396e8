package io.meshwork.sharing;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.access.AccessEvaluator;
import io.meshwork.access.AccessState;
import io.meshwork.access.Grantee;
import io.meshwork.error.Finding;
import io.meshwork.internal.catalog.Keys;
import io.meshwork.internal.ledger.Stored;
import io.meshwork.internal.rights.GrantTarget;
import io.meshwork.internal.rights.RightsWorld;
import io.meshwork.internal.rights.StoredGrant;
import io.meshwork.internal.rights.TableRights;
import io.meshwork.internal.session.Session;
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
  private final Session session;
  private final Sharer sharer;
  private final String doing;
  private final Instant at;
  private final Optional<Stored> policy;
  private final RightsWorld before;
  private final List<Proposal.Write> writes = new ArrayList<>();
  private final List<Step> steps = new ArrayList<>();
  private final List<GrantCard> cards = new ArrayList<>();
  private final ArrayNode logged = JsonNodeFactory.instance.arrayNode();
  private final Optional<String> request;
  private final Set<Stored> restsOn = new LinkedHashSet<>();
  private RightsWorld after;
  private boolean amended;

  /**
   * Of a sharer.
   *
   * @param request that it answers, if it does
   * @param policy of the domain that writes, read before the world was
   */
  Granting(
      Session session,
      Sharer sharer,
      String doing,
      Instant at,
      Optional<String> request,
      Optional<Stored> policy,
      RightsWorld world) {
    this.session = session;
    this.sharer = sharer;
    this.doing = doing;
    this.at = at;
    this.request = request;
    this.policy = policy;
    this.before = world;
    this.after = world;
  }

  /**
   * Adds a grant.
   *
   * @throws io.meshwork.error.MeshException if a rule refuses it
   */
  void add(StoredGrant asked) {
    StoredGrant wanted = sharer.authority().map(authority -> covered(authority, asked)).orElse(asked);
    Optional<Stored> existing = session.ledger().read(sharer.key(wanted));
    Optional<StoredGrant> there = existing.map(StoredGrant::of);
    if (there.isPresent() && there.get().saysTheSameAs(wanted)) {
      cards.add(GrantCard.of(there.get()));
      return;
    }
    requireAllowed(wanted);
    after = after.with(wanted);
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

  /** As the owner's authorization lets it be written: as it was before, if it was. */
  private StoredGrant covered(Authority authority, StoredGrant asked) {
    Optional<Schema> schema =
        asked.on() instanceof GrantTarget.OfProduct of
            ? before.table(of.product()).map(TableRights::schema)
            : Optional.empty();
    List<Authority.Covered> ways = authority.covering(asked, request, schema, at, doing);
    Authority.Covered way =
        ways.stream()
            .filter(each -> before.grants().stream().anyMatch(there -> isSame(there, each)))
            .findFirst()
            .orElse(ways.get(0));
    restsOn.addAll(way.checks());
    return way.grant();
  }

  private static boolean isSame(StoredGrant there, Authority.Covered way) {
    return there.id().equals(way.grant().id());
  }

  private void requireAllowed(StoredGrant wanted) {
    RightsWorld others = after.without(List.of(wanted.id()));
    // A data filter has to be there before something is granted through it.
    AccessState.Builder state = others.state(accounts(wanted)).toBuilder();
    others.filter(wanted).ifPresent(state::filters);
    AccessEvaluator evaluator = AccessEvaluator.over(state.build());
    Optional<String> refused = Optional.empty();
    for (Grantee actor : sharer.actors(before)) {
      refused = evaluator.mayGrant(actor, before.grant(wanted), at).code();
      if (refused.isEmpty()) {
        return;
      }
    }
    throw Refusals.of(refused.orElseThrow(), doing, sharer, wanted.to());
  }

  private List<String> accounts(StoredGrant wanted) {
    return Stream.concat(Stream.of(sharer.principal().account()), wanted.to().account().stream())
        .toList();
  }

  Proposal<List<GrantCard>> proposal(
      String headline, String subject, List<Stored> checks, List<Finding> findings) {
    ObjectNode details = JsonNodeFactory.instance.objectNode();
    details.set("grants", logged);
    return new Proposal<>(
        headline,
        amended ? "grant.amended" : "grant.made",
        subject,
        details,
        writes,
        Keys.policy(sharer.writes()),
        policy,
        Stream.concat(checks.stream(), restsOn.stream()).toList(),
        steps,
        findings,
        List.of(new Proposal.Change(before, after)),
        List.copyOf(cards));
  }
}
