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
import io.meshwork.product.Principal;
import io.meshwork.product.ProductName;
import io.meshwork.request.AccessRequest;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.avro.Schema;

/** Shows requests with what they mean by the contract and the rights of now. One thread. */
public final class RequestViews {
  private final ClientSession session;
  private final MeshAction action;
  private final Map<ProductName, OfProduct> products = new HashMap<>();

  /** For one action of one session. */
  public RequestViews(ClientSession session, MeshAction action) {
    this.session = session;
    this.action = action;
  }

  /** A product whose data is asked for, as it is now. */
  public record OfProduct(
      DomainEntry owner,
      DomainRoles roles,
      ProductEntry product,
      VersionEntry version,
      ProductColumns fields) {
    /** The contract in force. */
    public Contract contract() {
      return version.contract();
    }

    /** The top-level columns of the contract. */
    public List<String> columns() {
      return contract().schema().getFields().stream().map(Schema.Field::name).toList();
    }

    /** What a decision rests on: a contract in other words is another document. */
    public String contractVersion() {
      return version.contractStored().version();
    }

    /** True if two principals have to approve. */
    public boolean fourEyes() {
      return contract().needsFourEyes();
    }

    /** How many principals have to approve. */
    public int approvalsNeeded() {
      return fourEyes() ? 2 : 1;
    }

    /** The approvals that count, of those who still decide for the owner. */
    public List<DecisionEntry> approvals(RequestState standing) {
      return standing.approvals(contractVersion()).stream()
          .filter(each -> owner.domain().accounts().contains(each.by().account()))
          .filter(each -> roles.isDecider(each.by()))
          .toList();
    }

    /** What a request means. */
    public RequestedData data(RequestEntry request) {
      return RequestedData.of(request.now(fields), contract());
    }
  }

  /** A product as it was when it was first looked at here. */
  public OfProduct product(ProductName name) {
    return products.computeIfAbsent(
        name,
        wanted -> {
          ProductEntry product = session.catalog().requireProduct(wanted, action);
          DomainEntry owner = session.catalog().requireDomain(wanted.domain(), action);
          VersionEntry version =
              session.catalog().requireVersion(wanted, product.currentMajor(), action);
          return new OfProduct(
              owner,
              session.catalog().roles(owner),
              product,
              version,
              session.rights().columns(wanted, version));
        });
  }

  /** A request as it stands at this time. */
  public AccessRequest of(RequestState standing, Instant at) {
    OfProduct of = product(standing.request().product());
    RequestEntry request = standing.request().now(of.fields());
    RequestedData data = of.data(request);
    AccessRequest.State state = AccessRequest.State.valueOf(standing.state(at).name());
    boolean open = standing.state(at).isOpen();
    List<Principal> approvedBy =
        open
            ? of.approvals(standing).stream().map(DecisionEntry::by).toList()
            : standing.outcome().map(DecisionEntry::approvedBy).orElse(List.of());
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
        standing
            .outcome()
            .flatMap(DecisionEntry::grant)
            .flatMap(grant -> grant.agreedOn(of.product().name())),
        data.risky(),
        readable(of, request.requester(), at),
        approvedBy,
        open ? of.approvalsNeeded() - approvedBy.size() : 0,
        open ? standing.question().flatMap(DecisionEntry::text) : Optional.empty(),
        request.answer(),
        standing.outcome().flatMap(DecisionEntry::text),
        standing
            .outcome()
            .flatMap(DecisionEntry::grant)
            .map(grant -> AccessCards.grant(grant.now(of.fields()))),
        request.askedAt(),
        request.expiresAt());
  }

  /** The columns that somebody reads, in some rows at least. */
  private List<String> readable(OfProduct of, Principal who, Instant at) {
    return session
        .policy()
        .permission(who, of.product(), of.version(), at)
        .permission()
        .map(permission -> of.columns().stream().filter(permission::includes).toList())
        .orElse(List.of());
  }
}
