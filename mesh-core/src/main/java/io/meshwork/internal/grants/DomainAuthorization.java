package io.meshwork.internal.grants;

import io.meshwork.access.TagSelection;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.lakeformation.TagExpression;
import io.meshwork.internal.naming.NameGrammar;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.internal.session.ResolvedProduct;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Gives or amends an authorization for a domain, or for what carries some tags in it. */
final class DomainAuthorization extends AuthorizationChange<DomainAuthorization> {
  private DomainAuthorization(ClientSession session, String domain, @Nullable TagExpression tags) {
    super(session, new ProductOrDomain(domain, Optional.empty()), tags);
  }

  static DomainAuthorization of(
      ClientSession session, String domain, Optional<TagSelection> where) {
    ResolvedProduct.rejectLink(session, domain, MeshAction.of(Verb.AUTHORIZE, "grants of"));
    return new DomainAuthorization(
        session,
        NameGrammar.check("domain", domain),
        where.map(selected -> TagExpression.of(selected.values())).orElse(null));
  }

  @Override
  DomainAuthorization self() {
    return this;
  }
}
