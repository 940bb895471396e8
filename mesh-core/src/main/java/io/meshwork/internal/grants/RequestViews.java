package io.meshwork.internal.grants;

import io.meshwork.error.MeshAction;
import io.meshwork.internal.catalog.DomainEntry;
import io.meshwork.internal.catalog.DomainRoles;
import io.meshwork.internal.catalog.MajorState.Use;
import io.meshwork.internal.catalog.ProductEntry;
import io.meshwork.internal.catalog.VersionEntry;
import io.meshwork.internal.explain.AccessSummaries;
import io.meshwork.internal.rights.ProductColumns;
import io.meshwork.internal.rights.StoredGrant;
import io.meshwork.internal.rights.TableRights;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.product.Classification;
import io.meshwork.product.Principal;
import io.meshwork.product.ProductName;
import io.meshwork.request.AccessRequest;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Shows requests under the current contracts and rights. For one thread. */
final class RequestViews {
  private final ClientSession session;
  private final MeshAction action;
  private final Map<ProductName, RequestedProduct> products = new HashMap<>();

  /** Creates it for one action of a session. */
  RequestViews(ClientSession session, MeshAction action) {
    this.session = session;
    this.action = action;
  }

  /**
   * A requested product in its live major versions, or in its current one if none is live.
   *
   * @param versions at least one
   * @param table these versions together
   */
  record RequestedProduct(
      DomainEntry owner,
      DomainRoles roles,
      ProductEntry product,
      List<VersionEntry> versions,
      TableRights table) {
    RequestedProduct {
      versions = List.copyOf(versions);
    }

    /**
     * Requires that a version is still in use, so that rights on it can be granted.
     *
     * @throws io.meshwork.error.NotFoundException if all were retired
     */
    void requireInUse(ClientSession session, MeshAction action) {
      session.catalog().requireUse(Use.DECIDE, product.name(), versions.get(0), action);
    }

    /** Returns the columns by field ID. */
    ProductColumns fields() {
      return table.fields();
    }

    /** Returns the top-level columns of the contracts. */
    List<String> columns() {
      return table.columns();
    }

    /** Returns the document versions of the contracts, which approvals depend on. */
    String contractVersion() {
      return RequestViews.contractVersion(versions);
    }

    /** Returns how many principals have to approve. */
    int approvalsNeeded() {
      return table.needsFourEyes() ? 2 : 1;
    }

    /** Returns the approvals that count: by current deciders of the owner. */
    List<DecisionEntry> approvals(RequestState requestState) {
      return requestState.approvals(contractVersion()).stream()
          .filter(each -> owner.domain().accounts().contains(each.by().account()))
          .filter(each -> roles.isDecider(each.by()))
          .toList();
    }

    /** Returns the highest classification of the requested data. */
    Classification risk(RequestEntry request) {
      return request.risk(table);
    }

    /** Returns the requested columns that exist. */
    List<String> columns(RequestEntry request) {
      return data(request).columns();
    }

    private RequestedData data(RequestEntry request) {
      return RequestedData.of(request.withCurrentNames(fields()), table);
    }
  }

  /** Returns the document versions of contracts, which approvals depend on. */
  static String contractVersion(List<VersionEntry> versions) {
    return versions.stream()
        .map(version -> version.contractStored().version())
        .collect(Collectors.joining(","));
  }

  /** Returns a product. Reads each one once. */
  RequestedProduct product(ProductName name) {
    return products.computeIfAbsent(
        name,
        key -> {
          ProductEntry product = session.catalog().requireProduct(key, action);
          DomainEntry owner = session.catalog().requireDomain(key.domain(), action);
          List<VersionEntry> versions = session.catalog().liveMajorsOrCurrent(product, action);
          return new RequestedProduct(
              owner,
              session.catalog().roles(owner),
              product,
              versions,
              session.rights().withoutTags(product, versions));
        });
  }

  /** Returns the product in the versions that the caller sees. */
  RequestedProduct visible(RequestedProduct product) {
    List<Integer> majors = session.catalog().visibleMajors(product.product().name());
    List<VersionEntry> versions =
        product.versions().stream().filter(version -> majors.contains(version.major())).toList();
    return versions.size() == product.versions().size()
        ? product
        : new RequestedProduct(
            product.owner(),
            product.roles(),
            product.product(),
            versions,
            session.rights().withoutTags(product.product(), versions));
  }

  AccessRequest of(RequestState requestState, Instant at) {
    RequestedProduct product = product(requestState.request().product());
    RequestedProduct visible = visible(product);
    RequestEntry request = requestState.request().withCurrentNames(visible.fields());
    RequestedData data = visible.data(request);
    AccessRequest.State state = AccessRequest.State.valueOf(requestState.state(at).name());
    boolean open = requestState.state(at).isOpen();
    List<Principal> approvedBy =
        open
            ? product.approvals(requestState).stream().map(DecisionEntry::by).toList()
            : requestState.outcome().map(DecisionEntry::approvedBy).orElse(List.of());
    return new RequestRecord(
        request.id(),
        request.product(),
        request.requester(),
        request.domain(),
        state,
        request.revision(),
        request.columns(),
        request.rows(),
        request.purpose(),
        request.method(),
        request.until(),
        data.risk(),
        requestState
            .outcome()
            .flatMap(DecisionEntry::grant)
            .flatMap(grant -> grant.agreedOn(product.product().name())),
        data.riskyColumns(),
        readableColumns(visible, request.requester(), at),
        approvedBy,
        open ? product.approvalsNeeded() - approvedBy.size() : 0,
        open ? requestState.question().flatMap(DecisionEntry::text) : Optional.empty(),
        request.answer(),
        requestState.outcome().flatMap(DecisionEntry::text),
        requestState
            .outcome()
            .flatMap(DecisionEntry::grant)
            .map(grant -> AccessSummaries.grant(shown(grant, visible, request))),
        request.askedAt(),
        request.expiresAt());
  }

  /** Returns a grant with the condition that it was requested with, or that the caller may see. */
  private StoredGrant shown(StoredGrant grant, RequestedProduct product, RequestEntry request) {
    StoredGrant named = grant.withCurrentNames(product.fields());
    return named.rows().equals(request.rows()) || product.versions().isEmpty()
        ? named
        : named.withShownRows(
            rows ->
                session
                    .authorizer()
                    .shown(product.product().name(), product.versions().get(0).major(), rows));
  }

  /** Returns the columns that a principal can read, in some rows at least. */
  private List<String> readableColumns(RequestedProduct product, Principal principal, Instant at) {
    Set<String> readable = new HashSet<>();
    for (VersionEntry version : product.versions()) {
      session
          .policy()
          .permission(principal, product.product(), version, at)
          .permission()
          .ifPresent(
              permission ->
                  version.columns().stream().filter(permission::includes).forEach(readable::add));
    }
    return product.columns().stream().filter(readable::contains).toList();
  }
}
