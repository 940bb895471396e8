package io.meshwork.internal.consumers;

import io.meshwork.access.Permission;
import io.meshwork.card.ProductConsumer.AccessPath;
import io.meshwork.internal.catalog.LinkEntry;
import io.meshwork.internal.catalog.ProductEntry;
import io.meshwork.internal.catalog.VersionEntry;
import io.meshwork.internal.lakeformation.AccessQuestion;
import io.meshwork.internal.lakeformation.Grantee;
import io.meshwork.internal.rights.GrantTarget;
import io.meshwork.internal.rights.PolicySnapshot;
import io.meshwork.internal.rights.StoredGrant;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.product.Principal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Finds what consumers of one product read it through. Not thread-safe. */
final class ConsumerAccess {
  private final ClientSession session;
  private final ProductEntry product;
  private final Instant now;
  private final Map<String, List<LinkEntry>> links = new HashMap<>();
  private final Map<List<Object>, List<AccessPath>> rights = new HashMap<>();

  ConsumerAccess(ClientSession session, ProductEntry product, Instant now) {
    this.session = session;
    this.product = product;
    this.now = now;
  }

  /**
   * Returns the links of a domain to the product, and what lets a principal read it; empty if there
   * are only links.
   *
   * @param reader a principal that acts for the domain; empty if it is not known
   */
  List<AccessPath> of(String domain, Optional<Principal> reader, VersionEntry version) {
    List<AccessPath> paths =
        new ArrayList<>(
            rights.computeIfAbsent(
                List.of(domain, reader, version.major()), key -> rights(domain, reader, version)));
    if (!paths.isEmpty()) {
      links(domain).forEach(link -> paths.add(path(link)));
    }
    return paths;
  }

  /** Returns the links of a domain to the product. */
  List<LinkEntry> links(String domain) {
    return links.computeIfAbsent(
        domain,
        name -> session.catalog().links(name).stream().filter(this::pointsToProduct).toList());
  }

  private List<AccessPath> rights(String domain, Optional<Principal> reader, VersionEntry version) {
    if (domain.equals(product.name().domain())) {
      return List.of(new AccessPath(AccessPath.Kind.OWNER, ""));
    }
    List<AccessPath> paths = new ArrayList<>();
    if (product.openToMesh() && !version.openColumns().isEmpty()) {
      paths.add(new AccessPath(AccessPath.Kind.OPEN_TO_MESH, ""));
    }
    reader.ifPresent(
        principal ->
            session
                .policy()
                .permission(principal, product, version, now)
                .policies()
                .ifPresent(policies -> paths.addAll(grants(principal, policies))));
    return paths;
  }

  private List<AccessPath> grants(Principal reader, PolicySnapshot policies) {
    List<String> matched =
        policies
            .evaluator(List.of(reader.account()))
            .decide(
                AccessQuestion.of(
                    Grantee.of(reader), Permission.SELECT, policies.resource(product.name()), now))
            .matched();
    return policies.grants().stream()
        .filter(grant -> matched.contains(grant.id()))
        .map(ConsumerAccess::path)
        .toList();
  }

  private static AccessPath path(StoredGrant grant) {
    return new AccessPath(
        grant.on() instanceof GrantTarget.ByTags
            ? AccessPath.Kind.GRANT_BY_TAGS
            : AccessPath.Kind.GRANT,
        grant.id());
  }

  /** Returns a link as one of the ways to read. */
  static AccessPath path(LinkEntry link) {
    return new AccessPath(AccessPath.Kind.LINK, link.name().toString());
  }

  private boolean pointsToProduct(LinkEntry link) {
    return link.product()
        .map(product.name()::equals)
        .orElseGet(() -> link.domain().equals(product.name().domain()));
  }
}
