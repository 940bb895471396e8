package io.meshwork.internal.grants;

import io.meshwork.access.AccessClient.GrantSummary;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.naming.NameGrammar;
import io.meshwork.internal.rights.RightsDocuments;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.internal.session.ResolvedProduct;
import java.time.Instant;
import java.util.List;

/** Grants all products of a domain. */
final class DomainGrant extends RightsOperation<List<GrantSummary>>
    implements GrantSettings<DomainGrant> {
  private final String domain;
  private final GrantSpec<DomainGrant> spec = new GrantSpec<>(this);

  private DomainGrant(ClientSession session, String domain) {
    super(session, MeshAction.of(Verb.GRANT, domain));
    this.domain = domain;
  }

  static DomainGrant of(ClientSession session, String domain) {
    ResolvedProduct.rejectLink(session, domain, MeshAction.of(Verb.GRANT));
    return new DomainGrant(session, NameGrammar.check("domain", domain));
  }

  @Override
  public GrantSpec<DomainGrant> spec() {
    return spec;
  }

  @Override
  protected ChangeSet<List<GrantSummary>> propose(RightsDocuments documents, Instant now) {
    spec.check(action(), now);
    return new WholeDomainGrant(domain, spec.includesSensitive(), action())
        .propose(session(), spec, documents, now);
  }
}
