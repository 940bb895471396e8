package io.meshwork.internal.rights;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.access.Grantee;
import io.meshwork.access.Permission;
import io.meshwork.internal.catalog.Keys;
import io.meshwork.internal.ledger.Documents;
import io.meshwork.internal.ledger.Stored;
import io.meshwork.product.Principal;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What others may grant for the owner of some data, as the registry keeps it. Immutable.
 *
 * @param executors who may; an account stands for its roles
 * @param scope how far what they grant may reach; its end is also that of the authorization
 * @param request the only request for which it may be used; empty if it is for none in particular
 * @param requestVersion the version of that request's document that was looked at
 * @param delegating true if the executors may authorize others within it
 * @param under the authorization by which somebody else than the owner gave it
 * @param because why it was given
 * @param authorizedBy the principal of the owner that gave it, or the one that gave what it is
 *     under
 * @param givenBy the principal that wrote it
 */
public record StoredAuthorization(
    List<Grantee> executors,
    Scope scope,
    Optional<String> request,
    Optional<String> requestVersion,
    boolean delegating,
    Optional<String> under,
    String because,
    String authorizedBy,
    String givenBy) {
  private static final int ID_LENGTH = 20;

  /** Copies the list. */
  public StoredAuthorization {
    executors = List.copyOf(executors);
  }

  /** The same id for the same authorization, whatever its end and reason. */
  public String id() {
    return Keys.sha256(
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
                under.orElse("")))
        .substring(0, ID_LENGTH);
  }

  /** True if this principal may use it, while it is in force. */
  public boolean names(Principal principal) {
    Grantee role = Grantee.of(principal);
    Grantee account = Grantee.account(principal.account());
    return executors.stream().anyMatch(each -> each.equals(role) || each.equals(account));
  }

  /** True before its end. */
  public boolean inForce(Instant at) {
    return scope.until().isEmpty() || at.isBefore(scope.until().get());
  }

  /** True if nothing but who wrote it differs. */
  public boolean saysTheSameAs(StoredAuthorization other) {
    return id().equals(other.id())
        && requestVersion.equals(other.requestVersion)
        && scope.until().equals(other.scope.until())
        && because.equals(other.because);
  }

  /** As its document. */
  public ObjectNode json() {
    ObjectNode json = Documents.create().put("id", id());
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
    return json.put("because", because).put("authorizedBy", authorizedBy).put("givenBy", givenBy);
  }

  /** From its document. */
  public static StoredAuthorization of(Stored stored) {
    ObjectNode json = stored.json();
    return new StoredAuthorization(
        StoredGrant.texts(json.path("executors")).stream().map(Grantee::of).toList(),
        new Scope(
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
        json.path("givenBy").asText());
  }
}
