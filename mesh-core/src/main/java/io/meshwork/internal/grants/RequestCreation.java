package io.meshwork.internal.grants;

import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.Finding;
import io.meshwork.error.FindingCode;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.event.MeshEvent;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.event.EventDetails;
import io.meshwork.internal.ledger.CommitDraft;
import io.meshwork.internal.ledger.Ledger;
import io.meshwork.internal.ledger.VersionedDocument;
import io.meshwork.internal.majors.RenamedColumns;
import io.meshwork.internal.rights.ProductColumns.BoundColumns;
import io.meshwork.internal.runtime.ArgumentChecks;
import io.meshwork.internal.runtime.Sha256;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.internal.session.ResolvedProduct;
import io.meshwork.internal.session.SingleChange;
import io.meshwork.internal.text.NearestName;
import io.meshwork.product.ProductName;
import io.meshwork.request.AccessRequest;
import io.meshwork.request.RequestClient.RequestAccess;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Sends or amends a request. */
final class RequestCreation implements RequestAccess {
  private static final String NOTHING_REQUESTED = "Nothing was requested.";

  private final ClientSession session;
  private final ProductName product;
  private final SingleChange<AccessRequest> change;
  private final String id;
  private List<String> columns = List.of();
  private @Nullable String rows;
  private @Nullable String purpose;
  private AccessRequest.Method method = AccessRequest.Method.ROLE;
  private @Nullable Instant until;

  private RequestCreation(ClientSession session, ProductName product) {
    this.session = session;
    this.product = product;
    this.change = new SingleChange<>(session, action());
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
      throw ArgumentChecks.refused("columns", "is empty", "Name a column, or omit the call.");
    }
    return this;
  }

  @Override
  public RequestAccess rows(String filter) {
    rows = ArgumentChecks.filter("rows", filter).strip();
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
          return session.catalog().consumerPartition(callerDomain(), product.domain());
        });
  }

  private String callerDomain() {
    return session.authorizer().requireOwnDomain(action()).domain();
  }

  private CommitDraft<AccessRequest> draft(Ledger.Attempt attempt) {
    Instant now = attempt.clock();
    RequestViews views = new RequestViews(session, action());
    RequestViews.RequestedProduct requested = views.product(product);
    requested.requireInUse(session, action());
    RequestViews.RequestedProduct visible = views.visible(requested);
    requireRequestNeeded(visible);
    RequestEntry entry = newRequest(visible, now);
    Optional<RequestState> open =
        new RequestDocuments(session.ledger(), session.catalog())
            .of(entry.domain(), product.domain()).stream()
                .filter(each -> each.request().product().equals(product))
                .filter(each -> each.request().requester().equals(session.principal()))
                .filter(each -> each.state(now).isOpen())
                .findFirst();
    if (open.isPresent()
        && open.get().request().withCurrentNames(requested.fields()).hasSameTermsAs(entry)) {
      return CommitDraft.unchanged(views.of(open.get(), now));
    }
    RequestEntry request = open.map(state -> state.request().amendedTo(entry)).orElse(entry);
    CommitDraft<AccessRequest> draft =
        CommitDraft.<AccessRequest>of(
                open.isPresent()
                    ? MeshEvent.Type.ACCESS_AMENDED.text()
                    : MeshEvent.Type.ACCESS_REQUESTED.text(),
                session.principal(),
                request.product().toString())
            .details(
                new EventDetails.RequestedAccess(
                    request.id(),
                    request.domain(),
                    request.revision(),
                    request.columns(),
                    request.rows().map(Sha256::hex),
                    request.until(),
                    request.purpose(),
                    request.method(),
                    requested.risk(request)));
    String partition = session.catalog().consumerPartition(entry.domain(), product.domain());
    VersionedDocument written =
        new VersionedDocument(
            RegistryKeys.request(partition, product.domain(), request.id()),
            request.json(),
            attempt.id());
    if (open.isPresent()) {
      draft.replace(open.get().stored(), written.json());
      open.get().requireUndecided(draft);
    } else {
      draft.insert(written.key(), written.json());
    }
    draft.check(requested.product().stored());
    requested.versions().forEach(version -> draft.check(version.majorStored()));
    draft.check(requested.owner().stored());
    return draft.result(
        views.of(
            RequestState.open(
                request, written, open.map(RequestState::decisions).orElse(List.of())),
            now));
  }

  /** Rejects a request for a product that the caller can read already. */
  private void requireRequestNeeded(RequestViews.RequestedProduct requested) {
    if (requested.owner().domain().accounts().contains(session.principal().account())) {
      throw rejected(
          "it acts for domain '" + product.domain() + "', so it can read all of the product",
          "Read the product; no request is needed.");
    }
    if (requested.versions().stream()
        .allMatch(version -> version.isOpenWith(requested.product()))) {
      throw rejected(
          "the product is open to the mesh, so every principal can read all of it",
          "Read the product; no request is needed.");
    }
  }

  private RequestEntry newRequest(RequestViews.RequestedProduct requested, Instant now) {
    if (purpose == null) {
      throw rejected("purpose(..) is missing", "Call it; the owner decides by the purpose.");
    }
    if (until != null && !now.isBefore(until)) {
      throw rejected(
          "it would end " + until + " and it is " + now + " already",
          "Set a later end; it is exclusive.");
    }
    if (rows != null) {
      requested.fields().requireCondition(rows, action());
    }
    return new RequestEntry(
            id,
            product,
            session.principal(),
            callerDomain(),
            1,
            false,
            contractNames(requested),
            Optional.ofNullable(rows),
            purpose,
            method,
            Optional.ofNullable(until),
            Optional.empty(),
            now,
            now,
            BoundColumns.NONE)
        .bind(requested.fields());
  }

  /** Returns the columns with the names of the contract, in its order. */
  private List<String> contractNames(RequestViews.RequestedProduct requested) {
    List<String> all = requested.columns();
    List<String> unknown = new ArrayList<>(columns);
    List<String> names = new ArrayList<>();
    for (String column : all) {
      if (unknown.removeIf(column::equalsIgnoreCase)) {
        names.add(column);
      }
    }
    if (!unknown.isEmpty()) {
      RenamedColumns newNames =
          RenamedColumns.in(session, product, requested.product().currentMajor(), action());
      String reason =
          "it has no columns "
              + unknown.stream().map(column -> column + newNames.hint(column)).toList()
              + "; it has "
              + all;
      String fix = NearestName.question(unknown, all) + "Name top-level columns of the contract.";
      throw Failure.of(action())
          .because(reason)
          .state(NOTHING_REQUESTED)
          .fix(fix)
          .findings(
              List.of(
                  Finding.error(FindingCode.UNKNOWN_COLUMN, unknown.toString(), reason + ".", fix)))
          .invalidRequest(ErrorCode.INVALID_ARGUMENT);
    }
    return names;
  }

  private InvalidRequestException rejected(String reason, String fix) {
    return Failure.of(action().on("as " + session.principal()))
        .because(reason)
        .state(NOTHING_REQUESTED)
        .fix(fix)
        .invalidRequest(ErrorCode.INVALID_ARGUMENT);
  }

  private MeshAction action() {
    return MeshAction.of(Verb.REQUEST, "access to " + product);
  }
}
