package io.meshwork.sharing;

import io.meshwork.contract.Contract;
import io.meshwork.internal.catalog.DomainEntry;
import io.meshwork.internal.catalog.ProductEntry;
import io.meshwork.internal.catalog.VersionEntry;
import io.meshwork.internal.rights.DecisionEntry;
import io.meshwork.internal.rights.RequestEntry;
import io.meshwork.internal.rights.RequestStanding;
import io.meshwork.internal.rights.RequestedData;
import io.meshwork.internal.rights.Rights;
import io.meshwork.internal.session.Session;
import io.meshwork.product.Principal;
import io.meshwork.product.ProductName;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.avro.Schema;

/** Shows requests with what they mean by the contract and the rights of now. One thread. */
final class RequestViews {
  private final Session session;
  private final String doing;
  private final Map<ProductName, OfProduct> products = new HashMap<>();

  RequestViews(Session session, String doing) {
    this.session = session;
    this.doing = doing;
  }

  /** A product whose data is asked for, as it is now. */
  record OfProduct(DomainEntry owner, ProductEntry product, VersionEntry version) {
    Contract contract() {
      return version.contract();
    }

    List<String> columns() {
      return contract().schema().getFields().stream().map(Schema.Field::name).toList();
    }

    /** What a decision rests on: a contract in other words is another document. */
    String contractVersion() {
      return version.contractStored().version();
    }

    /** True if two principals have to approve. */
    boolean fourEyes() {
      return contract().needsFourEyes();
    }

    int approvalsNeeded() {
      return fourEyes() ? 2 : 1;
    }

    /** The approvals that count, of those who still act for the owner. */
    List<DecisionEntry> approvals(RequestStanding standing) {
      return standing.approvals(contractVersion()).stream()
          .filter(each -> owner.domain().accounts().contains(each.by().account()))
          .toList();
    }

    /** What a request means. */
    RequestedData data(RequestEntry request) {
      return RequestedData.of(request, contract());
    }
  }

  /** A product as it was when it was first looked at here. */
  OfProduct product(ProductName name) {
    return products.computeIfAbsent(
        name,
        wanted -> {
          ProductEntry product = session.catalog().requireProduct(wanted, doing);
          return new OfProduct(
              session.catalog().requireDomain(wanted.domain(), doing),
              product,
              session.catalog().requireVersion(wanted, product.currentMajor(), doing));
        });
  }

  /** A request as it stands at this time. */
  AccessRequest of(RequestStanding standing, Instant at) {
    RequestEntry request = standing.request();
    OfProduct of = product(request.product());
    RequestedData data = of.data(request);
    AccessRequest.State state = AccessRequest.State.valueOf(standing.state(at).name());
    boolean open = standing.state(at).isOpen();
    List<Principal> approvedBy =
        open
            ? of.approvals(standing).stream().map(DecisionEntry::by).toList()
            : standing.outcome().map(DecisionEntry::approvedBy).orElse(List.of());
    return new AccessRequest(
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
        data.risky(),
        readable(of, request.requester(), at),
        approvedBy,
        open ? of.approvalsNeeded() - approvedBy.size() : 0,
        open ? standing.question().flatMap(DecisionEntry::text) : Optional.empty(),
        request.answer(),
        standing.outcome().flatMap(DecisionEntry::text),
        standing.outcome().flatMap(DecisionEntry::grant).map(GrantCard::of),
        request.askedAt(),
        request.expiresAt());
  }

  /** The columns that somebody reads, in some rows at least. */
  private List<String> readable(OfProduct of, Principal who, Instant at) {
    if (of.product().openToMesh() || of.owner().domain().accounts().contains(who.account())) {
      return of.columns();
    }
    return session
        .rights()
        .decide(who, of.owner(), of.product(), of.version(), at)
        .map(Rights.Decided::decision)
        .filter(decision -> decision.allowed())
        .map(decision -> of.columns().stream().filter(decision.columns()::contains).toList())
        .orElse(List.of());
  }
}
