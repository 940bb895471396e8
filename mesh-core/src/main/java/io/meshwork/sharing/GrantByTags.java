package io.meshwork.sharing;

import io.meshwork.access.Permission;
import io.meshwork.access.Resource.PolicyType;
import io.meshwork.access.TagExpression;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Finding;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.internal.catalog.Keys;
import io.meshwork.internal.ledger.Stored;
import io.meshwork.internal.rights.GrantTarget;
import io.meshwork.internal.rights.RightsDocuments;
import io.meshwork.internal.rights.RightsWorld;
import io.meshwork.internal.rights.StoredGrant;
import io.meshwork.internal.rights.TableRights;
import io.meshwork.internal.runtime.Arguments;
import io.meshwork.internal.session.Session;
import io.meshwork.operation.PlannedOperation;
import io.meshwork.product.Principal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Grants whatever of a domain carries some tags, now and later: products, and columns that carry
 * others than their product. What is needed is a pair, and both are given: DESCRIBE on the domain,
 * and the permissions on its products. The tag {@code domain} names the domain; without it the
 * caller's own is meant. One thread; committed once.
 */
public final class GrantByTags
    implements PlannedOperation<AccessPlan<List<GrantCard>>, List<GrantCard>> {
  private final Session session;
  private final TagExpression where;
  private final RightsChange<List<GrantCard>> change;
  private final GrantTerms terms = new GrantTerms();

  private GrantByTags(Session session, TagExpression where) {
    this.session = session;
    this.where = where;
    this.change = new RightsChange<>(session, doing());
  }

  /** Called by {@code MeshClient.grantByTags}. */
  public static GrantByTags of(Session session, TagChoice where) {
    return new GrantByTags(session, Arguments.given("where", where).expression());
  }

  /** To these roles. */
  public GrantByTags to(Principal... principals) {
    terms.to(principals);
    return this;
  }

  /** To whole accounts; their roles have it once the account hands it on. */
  public GrantByTags toAccounts(String... accounts) {
    terms.toAccounts(accounts);
    return this;
  }

  /** To every role of the caller's own account, which hands it on. */
  public GrantByTags toEveryRoleOf(String account) {
    terms.toEveryRoleOf(account);
    return this;
  }

  /** To every account of the mesh; their roles have it once the account hands it on. */
  public GrantByTags toMesh() {
    terms.toMesh();
    return this;
  }

  /** What is allowed on products. Default: DESCRIBE and SELECT. */
  public GrantByTags allowing(Permission... permissions) {
    terms.allowing(permissions);
    return this;
  }

  /** The grantee may hand it on, within its own account only. */
  public GrantByTags withGrantOption() {
    terms.withGrantOption();
    return this;
  }

  /** Ends by itself, by the mesh's clock; the instant is no longer part of it. */
  public GrantByTags until(Instant end) {
    terms.until(end);
    return this;
  }

  /** Answers this request, for which the owner authorized it. */
  public GrantByTags forRequest(String id) {
    terms.forRequest(id);
    return this;
  }

  /** Why. Required; kept with the grant and in the log. */
  public GrantByTags because(String reason) {
    terms.because(reason);
    return this;
  }

  /**
   * Who would gain what, and what is left out for want of a tag. Changes nothing.
   *
   * @throws io.meshwork.error.MeshException as {@link #commit}
   */
  @Override
  public AccessPlan<List<GrantCard>> plan() {
    return change.plan(this::proposal, this::commitAsPlanned);
  }

  /**
   * Grants it.
   *
   * @return two grants for each grantee: on the domain, and on its products
   * @throws io.meshwork.error.AccessDeniedException if the caller neither acts for the domain nor
   *     may hand it on
   * @throws InvalidRequestException if to whom or why was not said, or a tag is not defined
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
    terms.check(doing(), session.runtime().clock().instant());
    return change.commit(
        Keys.partition(Sharer.of(session, domain(), Optional.empty(), terms, doing()).writes()),
        this::proposal,
        fingerprint);
  }

  private String domain() {
    List<String> named = where.values().getOrDefault(RightsWorld.DOMAIN, List.of());
    if (named.size() > 1) {
      throw new InvalidRequestException(
          ErrorCode.INVALID_ARGUMENT,
          "Cannot "
              + doing()
              + ": it names "
              + named.size()
              + " domains, and tags are each domain's own. Nothing was changed. Grant for each"
              + " domain by itself.");
    }
    return named.isEmpty() ? session.admission().ownDomain(doing()).domain() : named.get(0);
  }

  private Proposal<List<GrantCard>> proposal(Instant now) {
    terms.check(doing(), now);
    Sharer sharer = Sharer.of(session, domain(), Optional.empty(), terms, doing());
    RightsDocuments documents = session.rights().documents();
    Optional<Stored> policy = documents.policy(sharer.writes());
    RightsWorld world = documents.ofDomain(sharer.owner(), doing());
    Granting granting = new Granting(session, sharer, doing(), now, terms.request(), policy, world);
    String domain = sharer.owner().domain().name();
    // Databases rarely carry what their tables do, and it takes DESCRIBE on them to find these.
    for (StoredGrant grant :
        terms.describing(
            sharer,
            new GrantTarget.ByTags(
                domain, PolicyType.DATABASE, TagExpression.of(RightsWorld.DOMAIN, domain)))) {
      granting.add(grant);
    }
    for (StoredGrant grant :
        terms.grantsAllowing(
            sharer,
            new GrantTarget.ByTags(domain, PolicyType.TABLE, where),
            Set.of(Permission.DESCRIBE, Permission.SELECT),
            List.of(),
            List.of(),
            Optional.empty())) {
      granting.add(grant);
    }
    return granting.proposal(
        "Grant " + where, domain, List.of(sharer.owner().stored()), untagged(world));
  }

  /** Products that lack a key can come in only by being tagged. */
  private List<Finding> untagged(RightsWorld world) {
    List<Finding> notes = new ArrayList<>();
    for (TableRights table : world.tables()) {
      List<String> lacking =
          where.values().keySet().stream().filter(key -> !world.carries(table, key)).toList();
      if (!lacking.isEmpty()) {
        notes.add(
            new Finding(
                "UNTAGGED",
                Finding.Severity.NOTE,
                table.product().toString(),
                "is not tagged with " + String.join(", ", lacking) + ": not included",
                0,
                List.of(),
                "Tag it with tag(\"" + table.product() + "\")."));
      }
    }
    return notes;
  }

  private String doing() {
    return "grant where " + where;
  }
}
