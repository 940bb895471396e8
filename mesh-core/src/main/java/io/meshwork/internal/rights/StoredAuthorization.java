package io.meshwork.internal.rights;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.access.Permission;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.lakeformation.Grantee;
import io.meshwork.internal.ledger.DocumentJson;
import io.meshwork.internal.ledger.VersionedDocument;
import io.meshwork.internal.rights.ProductColumns.BoundColumns;
import io.meshwork.product.Principal;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * An authorization to grant for the owner of some data, as the registry stores it. Immutable.
 *
 * @param executors who may grant; an account includes its roles
 * @param scope the limits of the grants; its end is also the end of the authorization
 * @param request the only request that it applies to; empty if it is not limited to one
 * @param requestVersion the version of that request's document
 * @param delegating true if executors may authorize others within it
 * @param under the delegating authorization under which it was created; empty if the owner created
 *     it
 * @param because the reason
 * @param authorizedBy the principal of the owner that created it, or that created its parent
 * @param executedBy the principal that wrote it
 * @param bound the field ids of the columns that it names
 * @param givenId its stored id; empty before it is written
 */
public record StoredAuthorization(
    List<Grantee> executors,
    GrantScope scope,
    Optional<String> request,
    Optional<String> requestVersion,
    boolean delegating,
    Optional<String> under,
    String because,
    String authorizedBy,
    String executedBy,
    BoundColumns bound,
    Optional<String> givenId) {
  private static final int ID_LENGTH = 20;

  /** Copies the list. */
  public StoredAuthorization {
    executors = List.copyOf(executors);
  }

  /** Returns the id, which does not depend on the end and the reason. */
  public String id() {
    return givenId.orElseGet(() -> hash(""));
  }

  private String hash(String more) {
    return RegistryKeys.sha256(
            String.join(
                "\n",
                "authorization",
                scope.on().toString(),
                executors.stream().map(Grantee::id).sorted().toList().toString(),
                scope.to().stream().map(Grantee::id).sorted().toList().toString(),
                scope.permissions().stream().sorted().toList().toString(),
                Boolean.toString(scope.grantOption()),
                scope.columns().toString(),
                scope.exceptColumns().toString(),
                scope.rows().orElse(""),
                request.orElse(""),
                Boolean.toString(delegating),
                under.orElse("") + more))
        .substring(0, ID_LENGTH);
  }

  /** Returns the authorization with the field ids of a product's columns. */
  public StoredAuthorization bind(ProductColumns product) {
    return with(
        scope,
        product.bind(
            Stream.concat(scope.columns().stream(), scope.exceptColumns().stream()).toList(),
            scope.rows()),
        givenId);
  }

  /** Returns the authorization with current column names and its id. */
  public StoredAuthorization withCurrentNames(ProductColumns product) {
    return with(scope.withCurrentNames(product, bound), bound, Optional.of(id())).bind(product);
  }

  /** Returns the authorization with another id, under which it was stored before. */
  public StoredAuthorization withId(String id) {
    return with(scope, bound, Optional.of(id));
  }

  /**
   * Returns the authorization with an id from its field ids, for names that other columns have
   * used.
   */
  public StoredAuthorization withIdOfFieldIds() {
    return withId(hash("\n" + bound.text()));
  }

  private StoredAuthorization with(GrantScope other, BoundColumns ids, Optional<String> id) {
    return new StoredAuthorization(
        executors,
        other,
        request,
        requestVersion,
        delegating,
        under,
        because,
        authorizedBy,
        executedBy,
        ids,
        id);
  }

  /**
   * Returns true if it allows the same.
   *
   * @param other with current column names, like this one
   * @param product the columns of the product that both are on
   */
  public boolean allowsSameAs(StoredAuthorization other, ProductColumns product) {
    return normalized(product).hash("").equals(other.normalized(product).hash(""));
  }

  /**
   * Returns true if both name the same columns and rows.
   *
   * @param other with current column names, like this one
   * @param product the columns of the product that both are on
   */
  public boolean hasSameColumnsAndRows(StoredAuthorization other, ProductColumns product) {
    GrantScope own = scope.normalized(product);
    GrantScope others = other.scope.normalized(product);
    return own.columns().equals(others.columns())
        && own.exceptColumns().equals(others.exceptColumns())
        && own.rows().equals(others.rows());
  }

  private StoredAuthorization normalized(ProductColumns product) {
    return with(scope.normalized(product), bound, givenId);
  }

  /** Returns true if a principal may use it while it is active. */
  public boolean isExecutor(Principal principal) {
    Grantee role = Grantee.of(principal);
    Grantee account = Grantee.account(principal.account());
    return executors.stream().anyMatch(each -> each.equals(role) || each.equals(account));
  }

  /** Returns true if one of its executors has this account. */
  public boolean names(String account) {
    return executorAccounts().contains(account);
  }

  /** Returns the accounts of its executors. */
  public Set<String> executorAccounts() {
    Set<String> accounts = new TreeSet<>();
    executors.forEach(each -> each.account().ifPresent(accounts::add));
    return accounts;
  }

  /** Returns true before its end. */
  public boolean isInForce(Instant at) {
    return scope.until().isEmpty() || at.isBefore(scope.until().get());
  }

  /** Returns true if at most the writer differs. */
  public boolean isUnchangedBy(StoredAuthorization other) {
    return id().equals(other.id())
        && requestVersion.equals(other.requestVersion)
        && scope.until().equals(other.scope.until())
        && because.equals(other.because);
  }

  /** Returns its document. */
  public ObjectNode json() {
    ObjectNode json = DocumentJson.create().put("id", id());
    StoredGrant.write(scope.on(), json.putObject("on"));
    StoredGrant.texts(json.putArray("executors"), executors.stream().map(Grantee::id).toList());
    StoredGrant.texts(json.putArray("to"), scope.to().stream().map(Grantee::id).toList());
    StoredGrant.texts(
        json.putArray("permissions"),
        scope.permissions().stream().sorted().map(Permission::name).toList());
    json.put("grantOption", scope.grantOption());
    StoredGrant.texts(json.putArray("columns"), scope.columns());
    StoredGrant.texts(json.putArray("exceptColumns"), scope.exceptColumns());
    scope.rows().ifPresent(text -> json.put("rows", text));
    scope.until().ifPresent(end -> json.put("until", end.toString()));
    request.ifPresent(id -> json.put("request", id));
    requestVersion.ifPresent(version -> json.put("requestVersion", version));
    json.put("delegating", delegating);
    under.ifPresent(id -> json.put("under", id));
    bound.write(json);
    return json.put("because", because)
        .put("authorizedBy", authorizedBy)
        .put("givenBy", executedBy);
  }

  /** Reads its document. */
  public static StoredAuthorization of(VersionedDocument stored) {
    ObjectNode json = stored.json();
    return new StoredAuthorization(
        StoredGrant.texts(json.path("executors")).stream().map(Grantee::of).toList(),
        new GrantScope(
            StoredGrant.target(json.path("on")),
            StoredGrant.texts(json.path("to")).stream().map(Grantee::of).toList(),
            StoredGrant.permissions(json.path("permissions")),
            json.path("grantOption").asBoolean(),
            StoredGrant.texts(json.path("columns")),
            StoredGrant.texts(json.path("exceptColumns")),
            StoredGrant.text(json, "rows"),
            StoredGrant.text(json, "until").map(Instant::parse)),
        StoredGrant.text(json, "request"),
        StoredGrant.text(json, "requestVersion"),
        json.path("delegating").asBoolean(),
        StoredGrant.text(json, "under"),
        json.path("because").asText(),
        json.path("authorizedBy").asText(),
        json.path("givenBy").asText(),
        BoundColumns.of(json),
        StoredGrant.text(json, "id"));
  }
}
