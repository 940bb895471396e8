package io.meshwork.internal.requests;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Finding;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.ledger.CommitDraft;
import io.meshwork.internal.ledger.Ledger;
import io.meshwork.internal.ledger.VersionedDocument;
import io.meshwork.internal.predicate.RowPredicate;
import io.meshwork.internal.rights.BoundColumns;
import io.meshwork.internal.runtime.ArgumentChecks;
import io.meshwork.internal.schema.IcebergSchemas;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.internal.session.ResolvedProduct;
import io.meshwork.product.ProductName;
import io.meshwork.request.AccessRequest;
import io.meshwork.request.RequestAccess;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Sends or amends one request. */
final class RequestCreation implements RequestAccess {
  private final ClientSession session;
  private final ProductName product;
  private final RequestChange change;
  private final String id;
  private List<String> columns = List.of();
  private @Nullable String rows;
  private @Nullable String purpose;
  private AccessRequest.Method method = AccessRequest.Method.ROLE;
  private @Nullable Instant until;

  private RequestCreation(ClientSession session, ProductName product) {
    this.session = session;
    this.product = product;
    this.change = new RequestChange(session, action());
    this.id = session.runtime().ids().next();
  }

  static RequestAccess of(ClientSession session, @Nullable CharSequence product) {
    return new RequestCreation(
        session,
        ResolvedProduct.forConsumer(session, product, MeshAction.of(Verb.REQUEST, "access to"))
            .product());
  }

  @Override
  public RequestAccess columns(String... names) {
    columns = ArgumentChecks.all("columns", names);
    if (columns.isEmpty()) {
      throw ArgumentChecks.refused("columns", "is empty", "Name a column, or leave it out.");
    }
    return this;
  }

  @Override
  public RequestAccess rows(String filter) {
    rows = ArgumentChecks.required("rows", filter).strip();
    return this;
  }

  @Override
  public RequestAccess purpose(String text) {
    purpose = ArgumentChecks.text("purpose", text);
    return this;
  }

  @Override
  public RequestAccess method(AccessRequest.Method how) {
    method = ArgumentChecks.required("method", how);
    return this;
  }

  @Override
  public RequestAccess until(Instant end) {
    until = ArgumentChecks.required("until", end);
    return this;
  }

  @Override
  public AccessRequest commit() {
    return change.commit(
        this::draft,
        () -> {
          session.catalog().requireProduct(product, action());
          return session.catalog().consumerPartition(own(), product.domain());
        });
  }

  private String own() {
    return session.authorizer().requireOwnDomain(action()).domain();
  }

  private CommitDraft<AccessRequest> draft(Ledger.Attempt attempt) {
    Instant now = attempt.clock();
    RequestViews views = new RequestViews(session, action());
    RequestViews.OfProduct of = views.product(product);
    requireSomethingToAsk(of);
    RequestEntry wanted = requested(of, now);
    Optional<RequestState> open =
        new RequestDocuments(session.ledger(), session.catalog())
            .of(wanted.domain(), product.domain()).stream()
                .filter(each -> each.request().product().equals(product))
                .filter(each -> each.request().requester().equals(session.principal()))
                .filter(each -> each.state(now).isOpen())
                .findFirst();
    if (open.isPresent() && open.get().request().now(of.fields()).asksTheSameAs(wanted)) {
      return CommitDraft.unchanged(views.of(open.get(), now));
    }
    RequestEntry request = open.map(standing -> standing.request().amended(wanted)).orElse(wanted);
    CommitDraft<AccessRequest> draft =
        RequestQueue.draft(
            session, open.isPresent() ? "access.amended" : "access.requested", request, of);
    String partition = session.catalog().consumerPartition(wanted.domain(), product.domain());
    VersionedDocument written =
        new VersionedDocument(
            RegistryKeys.request(partition, product.domain(), request.id()),
            request.json(),
            attempt.id());
    if (open.isPresent()) {
      draft.replace(open.get().stored(), written.json());
      draft.checkAbsent(RegistryKeys.finalDecision(product, request.id()));
    } else {
      draft.insert(written.key(), written.json());
    }
    draft.check(of.product().stored());
    draft.check(of.version().majorStored());
    draft.check(of.owner().stored());
    log(draft, request);
    return draft.result(
        views.of(
            new RequestState(
                request,
                written,
                open.map(RequestState::decisions).orElse(List.of()),
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
    if (of.version().isOpenWith(of.product())) {
      throw refused("it is open to the mesh, so everybody reads all of it", "Read it.");
    }
  }

  private RequestEntry requested(RequestViews.OfProduct of, Instant now) {
    if (purpose == null) {
      throw refused("purpose(..) was not said", "Say what it is for; the owner decides by that.");
    }
    if (until != null && !now.isBefore(until)) {
      throw refused(
          "it is wanted until " + until + " and it is " + now + " already",
          "Name a later instant; it is no longer part of it.");
    }
    if (rows != null) {
      RowPredicate.parse(rows, IcebergSchemas.fromAvro(of.contract().schema()), action());
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
            now,
            BoundColumns.NONE)
        .bind(of.fields());
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
          "Cannot " + action() + ": " + what + ". Nothing was asked. Name top-level columns.",
          List.of(
              Finding.error(
                  "UNKNOWN_COLUMN", unknown.toString(), what + ".", "Name columns it has.")));
    }
    return known;
  }

  private static void log(CommitDraft<AccessRequest> draft, RequestEntry request) {
    draft.detail("revision", request.revision());
    if (!request.columns().isEmpty()) {
      ArrayNode columns = JsonNodeFactory.instance.arrayNode();
      request.columns().forEach(columns::add);
      draft.detail("columns", columns);
    }
    request.rows().ifPresent(condition -> draft.detail("rowsHash", RegistryKeys.sha256(condition)));
    request.until().ifPresent(end -> draft.detail("until", end.toString()));
    draft.detail("purpose", request.purpose()).detail("method", request.method());
  }

  private InvalidRequestException refused(String why, String fix) {
    return new InvalidRequestException(
        ErrorCode.INVALID_ARGUMENT,
        "Cannot "
            + action()
            + " as "
            + session.principal()
            + ": "
            + why
            + ". Nothing was asked. "
            + fix);
  }

  private MeshAction action() {
    return MeshAction.of(Verb.REQUEST, "access to " + product);
  }
}
