package io.meshwork.internal.rights;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.access.Grantee;
import io.meshwork.access.Permission;
import io.meshwork.access.Resource.PolicyType;
import io.meshwork.access.TagExpression;
import io.meshwork.internal.catalog.Keys;
import io.meshwork.internal.ledger.Documents;
import io.meshwork.internal.ledger.Stored;
import io.meshwork.product.ProductName;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A grant as the registry keeps it. Immutable.
 *
 * @param on what it is on
 * @param to whom
 * @param permissions what is allowed
 * @param grantOption true if the grantee may hand it on within its account
 * @param columns the columns, if only some are meant; else none
 * @param exceptColumns the columns left out, if all but some are meant; else none
 * @param rows the condition on rows, which may hold values; empty means all
 * @param until the first instant at which it no longer holds
 * @param because why it was made
 * @param authorizedBy the principal of the producer, or of the recipient who hands on
 * @param executedBy the principal that wrote it
 * @param handedOnIn the recipient's account in which it was handed on; empty if the owner made it
 * @param authorization the authorization under which it was carried out for the owner; empty if the
 *     owner itself, or a recipient, made it
 */
public record StoredGrant(
    GrantTarget on,
    Grantee to,
    Set<Permission> permissions,
    boolean grantOption,
    List<String> columns,
    List<String> exceptColumns,
    Optional<String> rows,
    Optional<Instant> until,
    String because,
    String authorizedBy,
    String executedBy,
    Optional<String> handedOnIn,
    Optional<String> authorization) {
  private static final int ID_LENGTH = 20;

  /** Copies the collections. */
  public StoredGrant {
    permissions = Set.copyOf(permissions);
    columns = List.copyOf(columns);
    exceptColumns = List.copyOf(exceptColumns);
  }

  /** One that the owner made itself, or a recipient. */
  public StoredGrant(
      GrantTarget on,
      Grantee to,
      Set<Permission> permissions,
      boolean grantOption,
      List<String> columns,
      List<String> exceptColumns,
      Optional<String> rows,
      Optional<Instant> until,
      String because,
      String authorizedBy,
      String executedBy,
      Optional<String> handedOnIn) {
    this(
        on,
        to,
        permissions,
        grantOption,
        columns,
        exceptColumns,
        rows,
        until,
        because,
        authorizedBy,
        executedBy,
        handedOnIn,
        Optional.empty());
  }

  /**
   * The same id for the same grant, whatever its end and reason. What others carry out for the
   * owner never has the id of what the owner granted, so that it cannot amend that.
   */
  public String id() {
    String content =
        String.join(
            "\n",
            on.toString(),
            to.id(),
            ordered().toString(),
            Boolean.toString(grantOption),
            columns.toString(),
            exceptColumns.toString(),
            rows.orElse(""),
            handedOnIn.orElse(""));
    return Keys.sha256(authorization.map(under -> content + "\n" + under).orElse(content))
        .substring(0, ID_LENGTH);
  }

  /** The same as carried out for the owner by somebody else. */
  public StoredGrant under(StoredAuthorization given, String executor) {
    return new StoredGrant(
        on,
        to,
        permissions,
        grantOption,
        columns,
        exceptColumns,
        rows,
        until,
        because,
        given.authorizedBy(),
        executor,
        Optional.empty(),
        Optional.of(given.id()));
  }

  /** The permissions in alphabetical order. */
  public List<Permission> ordered() {
    return permissions.stream().sorted().toList();
  }

  /** True if nothing but who wrote it differs. */
  public boolean saysTheSameAs(StoredGrant other) {
    return id().equals(other.id()) && until.equals(other.until) && because.equals(other.because);
  }

  /** As its document. */
  public ObjectNode json() {
    ObjectNode json = Documents.create().put("id", id());
    write(on, json.putObject("on"));
    json.put("to", to.id());
    texts(json.putArray("permissions"), ordered().stream().map(Permission::name).toList());
    json.put("grantOption", grantOption);
    if (!columns.isEmpty()) {
      texts(json.putArray("columns"), columns);
    }
    if (!exceptColumns.isEmpty()) {
      texts(json.putArray("exceptColumns"), exceptColumns);
    }
    rows.ifPresent(text -> json.put("rows", text));
    until.ifPresent(end -> json.put("until", end.toString()));
    json.put("because", because).put("authorizedBy", authorizedBy).put("executedBy", executedBy);
    handedOnIn.ifPresent(account -> json.put("handedOnIn", account));
    authorization.ifPresent(given -> json.put("authorization", given));
    return json;
  }

  static void write(GrantTarget on, ObjectNode target) {
    if (on instanceof GrantTarget.ByTags tags) {
      target.put("domain", tags.domain()).put("type", tags.type().name());
      ObjectNode where = target.putObject("where");
      tags.where().values().forEach((key, values) -> texts(where.putArray(key), values));
    } else if (on instanceof GrantTarget.WholeDomain whole) {
      target.put("domain", whole.domain());
    } else {
      target.put("product", on.toString());
    }
  }

  /** From its document. */
  public static StoredGrant of(Stored stored) {
    ObjectNode json = stored.json();
    return new StoredGrant(
        target(json.path("on")),
        Grantee.of(json.path("to").asText()),
        permissions(json.path("permissions")),
        json.path("grantOption").asBoolean(),
        texts(json.path("columns")),
        texts(json.path("exceptColumns")),
        text(json, "rows"),
        text(json, "until").map(Instant::parse),
        json.path("because").asText(),
        json.path("authorizedBy").asText(),
        json.path("executedBy").asText(),
        text(json, "handedOnIn"),
        text(json, "authorization"));
  }

  static Set<Permission> permissions(JsonNode array) {
    Set<Permission> permissions = EnumSet.noneOf(Permission.class);
    array.forEach(each -> permissions.add(Permission.valueOf(each.asText())));
    return permissions;
  }

  static GrantTarget target(JsonNode json) {
    if (json.has("product")) {
      return new GrantTarget.OfProduct(ProductName.of(json.path("product").asText()));
    } else if (!json.has("where")) {
      return new GrantTarget.WholeDomain(json.path("domain").asText());
    }
    Map<String, List<String>> where = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> key : json.path("where").properties()) {
      where.put(key.getKey(), texts(key.getValue()));
    }
    return new GrantTarget.ByTags(
        json.path("domain").asText(),
        PolicyType.valueOf(json.path("type").asText()),
        TagExpression.of(where));
  }

  static List<String> texts(JsonNode array) {
    List<String> texts = new ArrayList<>();
    array.forEach(each -> texts.add(each.asText()));
    return texts;
  }

  static void texts(ArrayNode array, List<String> texts) {
    texts.forEach(array::add);
  }

  static Optional<String> text(JsonNode json, String field) {
    return Optional.ofNullable(json.path(field).textValue());
  }
}
