package io.meshwork.internal.rights;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.internal.lakeformation.Grantee;
import io.meshwork.internal.ledger.DocumentCodec;
import io.meshwork.internal.ledger.VersionedDocument;
import io.meshwork.internal.rights.ProductColumns.BoundColumns;
import io.meshwork.internal.runtime.Sha256;
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
 * @param fieldIds the field ids of the columns that it names
 * @param id its stored id; empty before it is written, when it follows from the rest
 */
public record StoredAuthorization(
    List<Grantee> executors,
    @JsonUnwrapped GrantScope scope,
    Optional<String> request,
    Optional<String> requestVersion,
    boolean delegating,
    Optional<String> under,
    String because,
    String authorizedBy,
    String executedBy,
    BoundColumns fieldIds,
    String id) {
  private static final int ID_LENGTH = 20;

  public StoredAuthorization {
    executors = List.copyOf(executors);
  }

  /** Returns the id, which does not depend on the end and the reason. */
  @Override
  public String id() {
    return id.isEmpty() ? hash("") : id;
  }

  private String hash(String more) {
    return Sha256.hex(
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
        id);
  }

  /** Returns the authorization with current column names and its id. */
  public StoredAuthorization withCurrentNames(ProductColumns product) {
    return with(scope.withCurrentNames(product, fieldIds), fieldIds, id()).bind(product);
  }

  /** Returns the authorization with another id, under which it was stored before. */
  public StoredAuthorization withId(String newId) {
    return with(scope, fieldIds, newId);
  }

  /**
   * Returns the authorization with an id from its field ids, for names that other columns have
   * used.
   */
  public StoredAuthorization withIdOfFieldIds() {
    return withId(hash("\n" + fieldIds.text()));
  }

  private StoredAuthorization with(GrantScope newScope, BoundColumns ids, String newId) {
    return new StoredAuthorization(
        executors,
        newScope,
        request,
        requestVersion,
        delegating,
        under,
        because,
        authorizedBy,
        executedBy,
        ids,
        newId);
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
    return with(scope.normalized(product), fieldIds, id);
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

  public ObjectNode json() {
    return DocumentCodec.of(StoredAuthorization.class).write(this, Optional.empty());
  }

  public static StoredAuthorization of(VersionedDocument stored) {
    return DocumentCodec.of(StoredAuthorization.class).read(stored);
  }
}
