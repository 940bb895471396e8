package io.meshwork.internal.requests;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.internal.ledger.DocumentJson;
import io.meshwork.internal.ledger.VersionedDocument;
import io.meshwork.internal.rights.BoundColumns;
import io.meshwork.internal.rights.ProductColumns;
import io.meshwork.internal.rights.StoredGrant;
import io.meshwork.product.Principal;
import io.meshwork.product.ProductName;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What a consumer asks for, as the registry keeps it. Immutable.
 *
 * @param id a UUIDv7
 * @param product what is asked for
 * @param requester who asks, and to whom it would be granted
 * @param domain the requester's, which writes it
 * @param revision from 1; one more with each amendment
 * @param withdrawn true if it was taken back
 * @param columns the columns asked for; none means all, those to come too
 * @param rows the condition on rows, which may hold values; empty means all
 * @param purpose what for
 * @param method how it would be read
 * @param until the first instant at which access is no longer needed
 * @param answer what was last said to a question
 * @param askedAt when it was first asked
 * @param amendedAt when it was last asked in other terms; at first the same
 * @param bound the field ids of the columns that it names
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
    String method,
    Optional<Instant> until,
    Optional<String> answer,
    Instant askedAt,
    Instant amendedAt,
    BoundColumns bound) {
  /** How long a request waits for its decision. */
  public static final Duration PATIENCE = Duration.ofDays(30);

  /** Copies the columns. */
  public RequestEntry {
    columns = List.copyOf(columns);
  }

  /** Reads its document. */
  public static RequestEntry of(VersionedDocument stored) {
    ObjectNode json = stored.json();
    return new RequestEntry(
        json.path("id").asText(),
        ProductName.of(json.path("product").asText()),
        principal(json.path("requester").asText()),
        json.path("domain").asText(),
        json.path("revision").asInt(),
        json.path("withdrawn").asBoolean(),
        StoredGrant.texts(json.path("columns")),
        StoredGrant.text(json, "rows"),
        json.path("purpose").asText(),
        json.path("method").asText(),
        StoredGrant.text(json, "until").map(Instant::parse),
        StoredGrant.text(json, "answer"),
        Instant.parse(json.path("askedAt").asText()),
        Instant.parse(json.path("amendedAt").asText()),
        BoundColumns.of(json));
  }

  /** A principal by its name. */
  public static Principal principal(String text) {
    String[] parts = text.split("/", 2);
    return Principal.of(parts[0], parts[1]);
  }

  /** As its document. */
  public ObjectNode json() {
    ObjectNode json =
        DocumentJson.create()
            .put("id", id)
            .put("product", product.toString())
            .put("requester", requester.toString())
            .put("domain", domain)
            .put("revision", revision)
            .put("withdrawn", withdrawn);
    if (!columns.isEmpty()) {
      columns.forEach(json.putArray("columns")::add);
    }
    rows.ifPresent(text -> json.put("rows", text));
    json.put("purpose", purpose).put("method", method);
    until.ifPresent(end -> json.put("until", end.toString()));
    answer.ifPresent(text -> json.put("answer", text));
    bound.write(json);
    return json.put("askedAt", askedAt.toString()).put("amendedAt", amendedAt.toString());
  }

  /** The first instant at which nobody may decide on it any more. */
  public Instant expiresAt() {
    Instant end = amendedAt.plus(PATIENCE);
    return until.filter(end::isAfter).orElse(end);
  }

  /** True if it asks for the same, for the same reason. */
  public boolean asksTheSameAs(RequestEntry other) {
    return columns.equals(other.columns)
        && rows.equals(other.rows)
        && purpose.equals(other.purpose)
        && method.equals(other.method)
        && until.equals(other.until);
  }

  /** The same in the terms of another, asked at its time. */
  public RequestEntry amended(RequestEntry other) {
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
        other.bound);
  }

  /** The same, with an answer to what was asked back. */
  public RequestEntry answered(String text) {
    return with(withdrawn, Optional.of(text));
  }

  /** The same, taken back. */
  public RequestEntry takenBack() {
    return with(true, answer);
  }

  private RequestEntry with(boolean isWithdrawn, Optional<String> said) {
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
        said,
        askedAt,
        amendedAt,
        bound);
  }

  /** The same on a product whose columns are these: it keeps their ids. */
  public RequestEntry bind(ProductColumns of) {
    return with(columns, rows, of.bind(columns, rows));
  }

  /** The same as its columns are called now. */
  public RequestEntry now(ProductColumns of) {
    return with(of.now(columns, bound, false), of.now(rows, bound), bound).bind(of);
  }

  private RequestEntry with(List<String> only, Optional<String> condition, BoundColumns ids) {
    return new RequestEntry(
        id, product, requester, domain, revision, withdrawn, only, condition, purpose, method,
        until, answer, askedAt, amendedAt, ids);
  }
}
