package io.meshwork.internal.grants;

import io.meshwork.access.AccessClient;
import io.meshwork.access.AccessClient.AccessOperation;
import io.meshwork.access.AccessClient.AuthorizationSummary;
import io.meshwork.access.AccessClient.GrantSummary;
import io.meshwork.access.AccessPlan;
import io.meshwork.access.ExplainedAccess;
import io.meshwork.access.GrantOperation;
import io.meshwork.access.TagSelection;
import io.meshwork.card.ProductCard;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.explain.AccessSummaries;
import io.meshwork.internal.runtime.ArgumentChecks;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.product.Principal;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/** Changes and lists access as the principal of a session. Thread-safe. */
public final class AccessGrants implements AccessClient {
  private final ClientSession session;

  /** Creates it for a session. */
  public AccessGrants(ClientSession session) {
    this.session = session;
  }

  /** Begins a grant on a product. */
  public GrantOperation.ByName grant(CharSequence product) {
    return NamedGrant.of(session, product);
  }

  /** Begins a grant on a whole domain. */
  public GrantOperation<?> grantDomain(String domain) {
    return DomainGrant.of(session, domain);
  }

  /** Begins a grant by tags. */
  public GrantOperation<?> grantByTags(TagSelection where) {
    return TaggedGrant.of(session, where);
  }

  /** Begins a definition of a tag. */
  public AccessOperation<List<String>> defineTag(String key, String... values) {
    return TagDefinition.of(session, key, values);
  }

  /** Returns the tags that a domain defines, each with its values. */
  public SortedMap<String, List<String>> tags(@Nullable String domain) {
    return TagDefinition.all(session, domain);
  }

  @Override
  public List<GrantSummary> grants() {
    MeshAction action = MeshAction.of(Verb.LIST, "grants");
    session.checkOpen(action);
    String own = session.authorizer().requireOwnDomain(action).domain();
    return GrantFinder.writtenBy(session, session.rights(), own).values().stream()
        .map(AccessSummaries::grant)
        .toList();
  }

  /** Begins the revocation of grants. */
  public Revoke<List<GrantSummary>> revoke(String... ids) {
    return GrantRevocation.of(session, ids);
  }

  @Override
  public AccessOperation<ProductCard> closeToMesh(CharSequence product) {
    return ProductClosing.of(session, product);
  }

  @Override
  public TagResource tag(CharSequence productOrDomain) {
    return TagChange.of(session, productOrDomain);
  }

  @Override
  public TagResource tagColumns(CharSequence product, String... columns) {
    return TagChange.ofColumns(session, product, columns);
  }

  @Override
  public Authorize.ByName authorize(CharSequence product) {
    return ProductAuthorization.of(session, product);
  }

  @Override
  public Authorize<?> authorizeDomain(String domain) {
    return DomainAuthorization.of(session, domain, Optional.empty());
  }

  @Override
  public Authorize<?> authorizeByTags(String domain, TagSelection where) {
    return DomainAuthorization.of(
        session, domain, Optional.of(ArgumentChecks.required("where", where)));
  }

  @Override
  public Revoke<List<AuthorizationSummary>> withdrawAuthorization(String id) {
    return AuthorizationWithdrawal.of(session, id);
  }

  @Override
  public List<AuthorizationSummary> authorizations() {
    return AuthorizationFinder.ofCaller(session);
  }

  @Override
  public List<AuthorizationSummary> authorizations(CharSequence productOrDomain) {
    return AuthorizationFinder.on(session, productOrDomain);
  }

  @Override
  public ExplainedAccess explain(Principal principal, CharSequence product) {
    return AccessSummaries.explain(session, principal, product);
  }

  @Override
  public List<ExplainedAccess> whoCanRead(CharSequence product) {
    return AccessSummaries.whoCanRead(session, product);
  }

  @Override
  public AccessPlan<AccessPlan.Results> plan(AccessOperation<?>... changes) {
    return RightsOperation.combine(session, changes);
  }
}
