package io.meshwork.internal.grants;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.internal.ledger.DocumentCodec;
import io.meshwork.internal.ledger.VersionedDocument;
import io.meshwork.internal.rights.ProductColumns;
import io.meshwork.internal.rights.ProductColumns.BoundColumns;
import io.meshwork.internal.rights.TableRights;
import io.meshwork.product.Classification;
import io.meshwork.product.Principal;
import io.meshwork.product.ProductName;
import io.meshwork.request.AccessRequest;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A request for access, as the registry stores it. Immutable.
 *
 * @param id a UUIDv7
 * @param product the requested product
 * @param requester who sent the request, and gets the grant
 * @param domain the requester's domain, which writes the request
 * @param revision the revision, from 1; each amendment adds 1
 * @param withdrawn true if it was withdrawn
 * @param columns the requested columns; empty for all, including later ones
 * @param rows the row condition, which may hold values; empty for all rows
 * @param purpose the purpose
 * @param method how the data will be read
 * @param until when access is no longer needed, exclusive
 * @param answer the last answer to a question
 * @param askedAt when it was first sent
 * @param amendedAt when it was last amended, or first sent
 * @param fieldIds the field IDs of the columns that it names
 */
public record RequestEntry(
    String id,
    ProductName product,
    Principal requester,
    String domain,
    int revision,
    boolean withdrawn,
    List<String> columns,
    Optional<String> rows,
    String purpose,
    AccessRequest.Method method,
    Optional<Instant> until,
    Optional<String> answer,
    Instant askedAt,
    Instant amendedAt,
    BoundColumns fieldIds) {
  /** How long a request waits for its decision. */
  private static final Duration DECISION_PERIOD = Duration.ofDays(30);

  public RequestEntry {
    columns = List.copyOf(columns);
  }

  public static RequestEntry of(VersionedDocument stored) {
    return DocumentCodec.of(RequestEntry.class).read(stored);
  }

  public ObjectNode json() {
    return DocumentCodec.of(RequestEntry.class).write(this, Optional.empty());
  }

  /** Returns when it can no longer be decided. */
  public Instant expiresAt() {
    Instant end = amendedAt.plus(DECISION_PERIOD);
    return until.filter(end::isAfter).orElse(end);
  }

  /** Returns true if both have the same terms and purpose. */
  boolean hasSameTermsAs(RequestEntry other) {
    return columns.equals(other.columns)
        && rows.equals(other.rows)
        && purpose.equals(other.purpose)
        && method.equals(other.method)
        && until.equals(other.until);
  }

  /** Returns the next revision, with the terms and the time of another request. */
  RequestEntry amendedTo(RequestEntry other) {
    return new RequestEntry(
        id,
        product,
        requester,
        domain,
        revision + 1,
        false,
        other.columns,
        other.rows,
        other.purpose,
        other.method,
        other.until,
        answer,
        askedAt,
        other.amendedAt,
        other.fieldIds);
  }

  /** Returns the request with an answer to the question. */
  RequestEntry withAnswer(String text) {
    return with(withdrawn, Optional.of(text));
  }

  RequestEntry asWithdrawn() {
    return with(true, answer);
  }

  private RequestEntry with(boolean isWithdrawn, Optional<String> newAnswer) {
    return new RequestEntry(
        id,
        product,
        requester,
        domain,
        revision,
        isWithdrawn,
        columns,
        rows,
        purpose,
        method,
        until,
        newAnswer,
        askedAt,
        amendedAt,
        fieldIds);
  }

  /** Returns the request with the field IDs of a product's columns. */
  RequestEntry bind(ProductColumns product) {
    return with(columns, rows, product.bind(columns, rows));
  }

  public RequestEntry withCurrentNames(ProductColumns product) {
    return with(
            product.currentNames(columns, fieldIds, false),
            product.currentCondition(rows, fieldIds),
            fieldIds)
        .bind(product);
  }

  /** Returns the highest classification of the requested data of a product. */
  public Classification risk(TableRights table) {
    return RequestedData.of(withCurrentNames(table.fields()), table).risk();
  }

  private RequestEntry with(List<String> only, Optional<String> condition, BoundColumns ids) {
    return new RequestEntry(
        id, product, requester, domain, revision, withdrawn, only, condition, purpose, method,
        until, answer, askedAt, amendedAt, ids);
  }
}
