package io.meshwork.internal.links;

import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.link.LinkResource;
import io.meshwork.link.ResourceLink;
import io.meshwork.operation.Plan;
import io.meshwork.operation.PlannedOperation;
import java.util.List;
import java.util.Optional;

/** The links of the domain that a session's principal acts for. */
public final class CatalogLinks {
  private CatalogLinks() {}

  /** Begins a link to a product. */
  public static LinkResource link(ClientSession session, CharSequence product) {
    return LinkCreation.of(session, product);
  }

  /** Begins a link to a whole domain. */
  public static PlannedOperation<Plan<ResourceLink>, ResourceLink> linkDomain(
      ClientSession session, String domain, String database) {
    return LinkCreation.ofDomain(session, domain, database);
  }

  /** Lists the links by name. */
  public static List<ResourceLink> list(ClientSession session) {
    MeshAction action = MeshAction.of(Verb.LIST, "links");
    session.checkOpen(action);
    return new LinkState(session, action)
        .all(session.authorizer().requireOwnDomain(action).domain());
  }

  /** Begins the removal of a link. */
  public static PlannedOperation<Plan<Optional<ResourceLink>>, Optional<ResourceLink>> unlink(
      ClientSession session, CharSequence link) {
    return LinkRemoval.of(session, link);
  }
}
