package io.meshwork.internal.grants;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.access.GrantCard;
import io.meshwork.error.Finding;
import io.meshwork.error.MeshAction;
import io.meshwork.internal.explain.AccessCards;
import io.meshwork.internal.lakeformation.AccessEvaluator;
import io.meshwork.internal.lakeformation.AccessState;
import io.meshwork.internal.lakeformation.Grantee;
import io.meshwork.internal.ledger.VersionedDocument;
import io.meshwork.internal.rights.AccessFormatter;
import io.meshwork.internal.rights.GrantTarget;
import io.meshwork.internal.rights.PolicySnapshot;
import io.meshwork.internal.rights.ProductColumns;
import io.meshwork.internal.rights.RightsDocuments;
import io.meshwork.internal.rights.StoredAuthorization;
import io.meshwork.internal.rights.StoredGrant;
import io.meshwork.internal.rights.TableRights;
import io.meshwork.operation.Plan.Step;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.iceberg.Schema;

/** Proposes to write some grants: only those that are new, or say something else than before. */
final class GrantBuilder {
  private final RightsDocuments documents;
  private final Grantor sharer;
  private final MeshAction action;
  private final Instant at;
  private final ChangeSet.Policy policy;
  private final List<StoredGrant> all = new ArrayList<>();
  private final List<StoredGrant> added = new ArrayList<>();
  private final List<ChangeSet.Write> writes = new ArrayList<>();
  private final List<Step> steps = new ArrayList<>();
  private final List<GrantCard> cards = new ArrayList<>();
  private final ArrayNode logged = JsonNodeFactory.instance.arrayNode();
  private final Set<VersionedDocument> restsOn = new LinkedHashSet<>();
  private boolean amended;
  private boolean anew;
  private boolean includingSensitive;

  /** Of a sharer; create it before anything else of rights is read, but what is authorized. */
  GrantBuilder(RightsDocuments documents, Grantor sharer, MeshAction action, Instant at) {
    this.documents = documents;
    this.sharer = sharer;
    this.action = action;
    this.at = at;
    this.policy = new ChangeSet.Policy(sharer.writes(), documents.policy(sharer.writes()));
  }

  /**
   * Adds a grant.
   *
   * @param world what is granted before any is added
   * @throws io.meshwork.error.MeshException if a rule refuses it
   */
  void add(StoredGrant asked, PolicySnapshot world) {
    StoredGrant wanted =
        known(
            sharer.authority().map(authority -> covered(authority, asked, world)).orElse(asked),
            world);
    Optional<VersionedDocument> existing = documents.read(sharer.key(wanted));
    Optional<StoredGrant> there = existing.map(stored -> now(StoredGrant.of(stored), world));
    wanted = agreed(wanted, there, world);
    all.add(wanted);
    if (there.isPresent() && there.get().saysTheSameAs(wanted)) {
      cards.add(AccessCards.grant(there.get()));
      return;
    }
    requireAllowed(wanted, world);
    added.add(wanted);
    amended |= there.isPresent();
    ObjectNode json = wanted.json();
    writes.add(new ChangeSet.Write(sharer.key(wanted), existing, Optional.of(json)));
    cards.add(AccessCards.grant(wanted));
    AccessCards.log(logged, wanted);
    steps.add(
        new Step(
            there.isPresent() ? "amend" : "grant",
            wanted.on().toString(),
            AccessFormatter.permissions(wanted.permissions())
                + " to "
                + AccessFormatter.grantee(wanted.to())
                + (wanted.grantOption() ? " with grant option" : "")
                + wanted.until().map(end -> " until " + end).orElse(""),
            "revoke " + wanted.id()));
  }

  /**
   * What is agreed is as it was where the same is granted again, so that a program that grants each
   * night does not agree to what became more sensitive meanwhile.
   */
  private StoredGrant agreed(
      StoredGrant wanted, Optional<StoredGrant> there, PolicySnapshot world) {
    boolean stands =
        there.filter(old -> old.until().filter(end -> !at.isBefore(end)).isEmpty()).isPresent();
    return wanted.agreeing(
        stands && !anew
            ? there.orElseThrow().agreed()
            : world.agreedNow(wanted, includingSensitive));
  }

  /**
   * Also what came to be above INTERNAL since the same was granted before, or comes to be.
   *
   * @param isSaid true if that was said
   */
  GrantBuilder includingSensitive(boolean isSaid) {
    anew |= isSaid;
    includingSensitive = isSaid;
    return this;
  }

  /** Somebody looked at what is granted: it is agreed as it is now. */
  GrantBuilder agreeingAnew() {
    anew = true;
    return this;
  }

  /** With the ids of its columns; under the id of the same grant, if that is there already. */
  private StoredGrant known(StoredGrant asked, PolicySnapshot world) {
    Optional<ProductColumns> columns = columns(asked, world);
    if (columns.isEmpty()) {
      return asked;
    }
    StoredGrant wanted = asked.bind(columns.get());
    Optional<StoredGrant> same =
        world.grants().stream().filter(each -> each.givesTheSameAs(wanted, columns)).findFirst();
    if (same.isPresent()) {
      return wanted.named(same.get().id());
    }
    boolean taken =
        documents
            .read(sharer.key(wanted))
            .map(stored -> now(StoredGrant.of(stored), world))
            .filter(there -> !there.namesTheSameAs(wanted, columns.get()))
            .isPresent();
    return taken ? wanted.namedByColumns() : wanted;
  }

  private static StoredGrant now(StoredGrant stored, PolicySnapshot world) {
    return columns(stored, world).map(stored::now).orElse(stored);
  }

  private static Optional<ProductColumns> columns(StoredGrant grant, PolicySnapshot world) {
    return grant.on() instanceof GrantTarget.OfProduct of
        ? world.table(of.product()).map(TableRights::fields)
        : Optional.empty();
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
  private StoredGrant covered(GrantorAuthority authority, StoredGrant asked, PolicySnapshot world) {
    Optional<Schema> schema =
        asked.on() instanceof GrantTarget.OfProduct of
            ? world.table(of.product()).map(TableRights::schema)
            : Optional.empty();
    List<GrantorAuthority.Covered> ways = authority.covering(asked, schema, at, action);
    GrantorAuthority.Covered way =
        ways.stream().filter(each -> isThere(each.grant(), world)).findFirst().orElse(ways.get(0));
    restsOn.addAll(way.checks());
    return way.grant();
  }

  /** True if the same is granted already, whatever its columns were called then. */
  private static boolean isThere(StoredGrant wanted, PolicySnapshot world) {
    Optional<ProductColumns> columns = columns(wanted, world);
    return world.grants().stream().anyMatch(there -> there.givesTheSameAs(wanted, columns));
  }

  private void requireAllowed(StoredGrant wanted, PolicySnapshot world) {
    PolicySnapshot others = world;
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
      refused = evaluator.mayGrant(actor, world.grant(wanted), at);
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
            action,
            new AccessRefusals(action, sharer, wanted, others, at).of(refused.orElseThrow()));
  }

  private List<String> accounts(StoredGrant wanted) {
    return Stream.concat(Stream.of(sharer.principal().account()), wanted.to().account().stream())
        .toList();
  }

  ChangeSet<List<GrantCard>> proposal(
      String headline,
      String partition,
      String subject,
      AffectedResources reach,
      List<VersionedDocument> checks,
      List<Finding> findings) {
    ObjectNode details = JsonNodeFactory.instance.objectNode();
    details.set("grants", logged);
    return new ChangeSet<>(
        headline,
        new ChangeSet.Entry(partition, amended ? "grant.amended" : "grant.made", subject, details),
        policy,
        writes,
        Stream.of(checks, restsOn, sharer.recipientStored().stream().toList())
            .flatMap(Collection::stream)
            .toList(),
        steps,
        Stream.concat(findings.stream(), UselessGrants.among(all, sharer).stream()).toList(),
        reach,
        List.copyOf(cards));
  }
}
