package io.meshwork.internal.requests;

import io.meshwork.contract.Contract;
import io.meshwork.error.MeshAction;
import io.meshwork.internal.catalog.DomainEntry;
import io.meshwork.internal.catalog.DomainRoles;
import io.meshwork.internal.catalog.ProductEntry;
import io.meshwork.internal.catalog.VersionEntry;
import io.meshwork.internal.explain.AccessCards;
import io.meshwork.internal.rights.ProductColumns;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.product.Classification;
import io.meshwork.product.Principal;
import io.meshwork.product.ProductName;
import io.meshwork.request.AccessRequest;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.avro.Schema;

/** Shows requests under the current contracts and rights. For one thread. */
public final class RequestViews {
  private final ClientSession session;
  private final MeshAction action;
  private final Map<ProductName, RequestedProduct> products = new HashMap<>();

  /** Creates it for one action of a session. */
  public RequestViews(ClientSession session, MeshAction action) {
    this.session = session;
    this.action = action;
  }

  /** A requested product in its current major version. */
  public record RequestedProduct(
      DomainEntry owner,
      DomainRoles roles,
      ProductEntry product,
      VersionEntry version,
      ProductColumns fields) {
    /** Returns the contract in force. */
    public Contract contract() {
      return version.contract();
    }

    /** Returns the top-level columns of the contract. */
    public List<String> columns() {
      return contract().schema().getFields().stream().map(Schema.Field::name).toList();
    }

    /** Returns the document version of the contract, which approvals depend on. */
    public String contractVersion() {
      return version.contractStored().version();
    }

    /** Returns how many principals have to approve. */
    public int approvalsNeeded() {
      return contract().needsFourEyes() ? 2 : 1;
    }

    /** Returns the approvals that count: those of current deciders of the owner. */
    public List<DecisionEntry> approvals(RequestState requestState) {
      return requestState.approvals(contractVersion()).stream()
          .filter(each -> owner.domain().accounts().contains(each.by().account()))
          .filter(each -> roles.isDecider(each.by()))
          .toList();
    }

    /** Returns the highest classification of the requested data. */
    public Classification risk(RequestEntry request) {
      return request.risk(fields, contract());
    }

    /** Returns the requested columns that exist. */
    public List<String> columns(RequestEntry request) {
      return data(request).columns();
    }

    private RequestedData data(RequestEntry request) {
      return RequestedData.of(request.withCurrentNames(fields), contract());
    }
  }

  /** Returns a product. Reads each one once. */
  public RequestedProduct product(ProductName name) {
    return products.computeIfAbsent(
        name,
        key -> {
          ProductEntry product = session.catalog().requireProduct(key, action);
          DomainEntry owner = session.catalog().requireDomain(key.domain(), action);
          VersionEntry version =
              session.catalog().requireVersion(key, product.currentMajor(), action);
          return new RequestedProduct(
              owner,
              session.catalog().roles(owner),
              product,
              version,
              session.rights().columns(key, version));
        });
  }

  /** Returns a request as of an instant. */
  public AccessRequest of(RequestState requestState, Instant at) {
    RequestedProduct product = product(requestState.request().product());
    RequestEntry request = requestState.request().withCurrentNames(product.fields());
    RequestedData data = product.data(request);
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
        AccessRequest.Method.valueOf(request.method()),
        request.until(),
        data.risk(),
        requestState
            .outcome()
            .flatMap(DecisionEntry::grant)
            .flatMap(grant -> grant.agreedOn(product.product().name())),
        data.riskyColumns(),
        readableColumns(product, request.requester(), at),
        approvedBy,
        open ? product.approvalsNeeded() - approvedBy.size() : 0,
        open ? requestState.question().flatMap(DecisionEntry::text) : Optional.empty(),
        request.answer(),
        requestState.outcome().flatMap(DecisionEntry::text),
        requestState
            .outcome()
            .flatMap(DecisionEntry::grant)
            .map(grant -> AccessCards.grant(grant.withCurrentNames(product.fields()))),
        request.askedAt(),
        request.expiresAt());
  }

  /** Returns the columns that a principal can read, in some rows at least. */
  private List<String> readableColumns(RequestedProduct product, Principal principal, Instant at) {
    return session
        .policy()
        .permission(principal, product.product(), product.version(), at)
        .permission()
        .map(permission -> product.columns().stream().filter(permission::includes).toList())
        .orElse(List.of());
  }
}
