package io.meshwork.sharing;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Finding;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.internal.catalog.Keys;
import io.meshwork.internal.ledger.Draft;
import io.meshwork.internal.ledger.Ledger;
import io.meshwork.internal.ledger.Stored;
import io.meshwork.internal.predicate.Predicate;
import io.meshwork.internal.rights.RequestDocuments;
import io.meshwork.internal.rights.RequestEntry;
import io.meshwork.internal.rights.RequestStanding;
import io.meshwork.internal.runtime.Arguments;
import io.meshwork.internal.schema.IcebergSchemas;
import io.meshwork.internal.session.Session;
import io.meshwork.internal.session.Target;
import io.meshwork.operation.Operation;
import io.meshwork.product.ProductName;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Asks the owner of a product for access. Said again while the request is open, it is the same
 * request; in other terms it amends it, and what was approved of it before counts no more. One
 * thread; committed once.
 */
public final class RequestAccess implements Operation<AccessRequest> {
  private final Session session;
  private final ProductName product;
  private final RequestChange change;
  private final String id;
  private List<String> columns = List.of();
  private @Nullable String rows;
  private @Nullable String purpose;
  private AccessRequest.Method method = AccessRequest.Method.ROLE;
  private @Nullable Instant until;

  private RequestAccess(Session session, ProductName product) {
    this.session = session;
    this.product = product;
    this.change = new RequestChange(session, doing());
    this.id = session.runtime().ids().next();
  }

  /** Called by {@code MeshClient.requestAccess}. */
  public static RequestAccess of(Session session, @Nullable CharSequence product) {
    return new RequestAccess(
        session, Target.consumed(session, product, "request access to").product());
  }

  /** Only these top-level columns. Default: the whole product, with columns to come. */
  public RequestAccess columns(String... names) {
    columns = Arguments.all("columns", names);
    if (columns.isEmpty()) {
      throw Arguments.refused("columns", "is empty", "Name a column, or leave it out.");
    }
    return this;
  }

  /** Only rows for which this is true, such as {@code country = 'SE'}, in the filter language. */
  public RequestAccess rows(String filter) {
    rows = Arguments.given("rows", filter).strip();
    return this;
  }

  /** What for. Required; the owner decides by it, and it is kept with the grant and in the log. */
  public RequestAccess purpose(String text) {
    purpose = Arguments.text("purpose", text);
    return this;
  }

  /** How it would be read. Default: by people in the caller's role. */
  public RequestAccess method(AccessRequest.Method how) {
    method = Arguments.given("method", how);
    return this;
  }

  /** Until when it is needed; the instant is no longer part of it. Default: no end. */
  public RequestAccess until(Instant end) {
    until = Arguments.given("until", end);
    return this;
  }

  /**
   * Asks for it.
   *
   * @return the request, which waits for the owner
   * @throws InvalidRequestException if no purpose was said, a column is not in the contract, the
   *     filter breaks its language, the end is past, the account acts for no domain, or there is
   *     nothing to ask for: the caller acts for the owner, or the product is open to the mesh
   * @throws io.meshwork.error.NotFoundException if there is no such product
   */
  @Override
  public AccessRequest commit() {
    return change.commit(
        this::draft,
        () -> {
          session.catalog().requireProduct(product, doing());
          return session.catalog().consumerPartition(own(), product.domain());
        });
  }

  private String own() {
    return session.admission().ownDomain(doing()).domain();
  }

  private Draft<AccessRequest> draft(Ledger.Attempt attempt) {
    Instant now = attempt.now();
    RequestViews views = new RequestViews(session, doing());
    RequestViews.OfProduct of = views.product(product);
    requireSomethingToAsk(of);
    RequestEntry wanted = wanted(of, now);
    Optional<RequestStanding> open =
        new RequestDocuments(session.ledger(), session.catalog())
            .of(wanted.domain(), product.domain()).stream()
                .filter(each -> each.request().product().equals(product))
                .filter(each -> each.request().requester().equals(session.principal()))
                .filter(each -> each.state(now).isOpen())
                .findFirst();
    if (open.isPresent() && open.get().request().asksTheSameAs(wanted)) {
      return Draft.settled(views.of(open.get(), now));
    }
    RequestEntry request = open.map(standing -> standing.request().amended(wanted)).orElse(wanted);
    Draft<AccessRequest> draft =
        RequestDesk.draft(
            session, open.isPresent() ? "access.amended" : "access.requested", request, of);
    String partition = session.catalog().consumerPartition(wanted.domain(), product.domain());
    Stored written =
        new Stored(
            Keys.request(partition, product.domain(), request.id()), request.json(), attempt.id());
    if (open.isPresent()) {
      draft.replace(open.get().stored(), written.json());
      draft.checkAbsent(Keys.finalDecision(product, request.id()));
    } else {
      draft.insert(written.key(), written.json());
    }
    draft.check(of.product().stored());
    draft.check(of.version().majorStored());
    draft.check(of.owner().stored());
    log(draft, request);
    return draft.result(
        views.of(
            new RequestStanding(
                request,
                written,
                open.map(RequestStanding::decisions).orElse(List.of()),
                Optional.empty(),
                List.of()),
            now));
  }

  private void requireSomethingToAsk(RequestViews.OfProduct of) {
    if (of.owner().domain().accounts().contains(session.principal().account())) {
      throw refused(
          "it acts for domain '" + product.domain() + "', which reads all of it",
          "Read it; there is nothing to ask for.");
    }
    if (of.product().openToMesh()) {
      throw refused("it is open to the mesh, so everybody reads all of it", "Read it.");
    }
  }

  private RequestEntry wanted(RequestViews.OfProduct of, Instant now) {
    if (purpose == null) {
      throw refused("purpose(..) was not said", "Say what it is for; the owner decides by that.");
    }
    if (until != null && !now.isBefore(until)) {
      throw refused(
          "it is wanted until " + until + " and it is " + now + " already",
          "Name a later instant; it is no longer part of it.");
    }
    if (rows != null) {
      Predicate.parse(rows, IcebergSchemas.fromAvro(of.contract().schema()), doing());
    }
    return new RequestEntry(
        id,
        product,
        session.principal(),
        own(),
        1,
        false,
        known(of),
        Optional.ofNullable(rows),
        purpose,
        method.name(),
        Optional.ofNullable(until),
        Optional.empty(),
        now,
        now);
  }

  /** The columns in the contract's spelling and order. */
  private List<String> known(RequestViews.OfProduct of) {
    List<String> unknown = new ArrayList<>(columns);
    List<String> known = new ArrayList<>();
    for (String column : of.columns()) {
      if (unknown.removeIf(column::equalsIgnoreCase)) {
        known.add(column);
      }
    }
    if (!unknown.isEmpty()) {
      String what = "it has no columns " + unknown + "; it has " + of.columns();
      throw new InvalidRequestException(
          ErrorCode.INVALID_ARGUMENT,
          "Cannot " + doing() + ": " + what + ". Nothing was asked. Name top-level columns.",
          List.of(
              Finding.error(
                  "UNKNOWN_COLUMN", unknown.toString(), what + ".", "Name columns it has.")));
    }
    return known;
  }

  private static void log(Draft<AccessRequest> draft, RequestEntry request) {
    draft.detail("revision", request.revision());
    if (!request.columns().isEmpty()) {
      ArrayNode columns = JsonNodeFactory.instance.arrayNode();
      request.columns().forEach(columns::add);
      draft.detail("columns", columns);
    }
    request.rows().ifPresent(condition -> draft.detail("rowsHash", Keys.sha256(condition)));
    request.until().ifPresent(end -> draft.detail("until", end.toString()));
    draft.detail("purpose", request.purpose()).detail("method", request.method());
  }

  private InvalidRequestException refused(String why, String mend) {
    return new InvalidRequestException(
        ErrorCode.INVALID_ARGUMENT,
        "Cannot "
            + doing()
            + " as "
            + session.principal()
            + ": "
            + why
            + ". Nothing was asked. "
            + mend);
  }

  private String doing() {
    return "request access to " + product;
  }
}
