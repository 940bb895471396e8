package io.meshwork.internal.links;

import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.link.LinkClient;
import io.meshwork.link.LinkResource;
import io.meshwork.link.ResourceLink;
import io.meshwork.operation.Plan;
import io.meshwork.operation.PlannedOperation;
import java.util.List;
import java.util.Optional;

/** The links of one session's domain. Thread-safe. */
public final class CatalogLinks implements LinkClient {
  private final ClientSession session;

  /** The links of the domain that the session's principal acts for. */
  public CatalogLinks(ClientSession session) {
    this.session = session;
  }

  /** Begins a link to a product, or to a domain. */
  public LinkResource linkResource(CharSequence productOrDomain) {
    return LinkCreation.of(session, productOrDomain);
  }

  @Override
  public List<ResourceLink> list() {
    MeshAction action = MeshAction.of(Verb.LIST, "links");
    session.checkOpen(action);
    return new LinkState(session, action)
        .all(session.authorizer().requireOwnDomain(action).domain());
  }

  @Override
  public PlannedOperation<Plan<Optional<ResourceLink>>, Optional<ResourceLink>> unlink(
      CharSequence link) {
    return LinkRemoval.of(session, link);
  }
}
