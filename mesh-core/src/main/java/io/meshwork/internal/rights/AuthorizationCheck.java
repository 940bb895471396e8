package io.meshwork.internal.rights;

import io.meshwork.error.FindingCode;
import io.meshwork.internal.lakeformation.Resource.PolicyType;
import io.meshwork.internal.ledger.VersionedDocument;
import io.meshwork.internal.rights.RightsDocuments.Allowance;
import io.meshwork.product.Principal;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import org.apache.iceberg.Schema;

/**
 * Decides whether authorizations allow what an executor wrote, or is about to write, for the owner
 * of some data. An executor's account can write any document to its partition, so readers decide
 * again. Immutable.
 *
 * @param authorizations the authorizations on the product or domain, by document
 * @param accountsOfDomain returns the accounts of the domain that an account acts for, with itself
 * @param version the columns of the major version that is checked; empty for all together
 */
record AuthorizationCheck(
    Map<VersionedDocument, StoredAuthorization> authorizations,
    Function<String, List<String>> accountsOfDomain,
    Optional<Schema> version) {
  /** Returns this check for one major version, which may lack columns that were named. */
  AuthorizationCheck in(Schema schema) {
    return new AuthorizationCheck(authorizations, accountsOfDomain, Optional.of(schema));
  }

  /**
   * Returns whether an authorization that names the executor allows a grant.
   *
   * @param stored the document of the authorization
   * @param grant the grant with its executor and request, and with current column names
   * @param schema the schema of the product; empty if the grant is not on a single one
   * @param at the time at which the authorization must be active; empty to ignore its end, as a
   *     grant never ends later
   */
  Allowance of(
      VersionedDocument stored, StoredGrant grant, Optional<Schema> schema, Optional<Instant> at) {
    Set<VersionedDocument> used = new LinkedHashSet<>();
    return new Allowance(fault(stored, grant, grant.request(), schema, at, used), used);
  }

  private Optional<String> fault(
      VersionedDocument stored,
      StoredGrant grant,
      Optional<String> request,
      Optional<Schema> schema,
      Optional<Instant> at,
      Set<VersionedDocument> used) {
    StoredAuthorization authorization = requireKnown(stored);
    used.add(stored);
    if (at.isPresent() && !authorization.isInForce(at.get())) {
      return because(
          "it ended " + authorization.scope().until().orElseThrow(),
          FindingCode.AUTHORIZATION_ENDED);
    } else if (authorization.request().isPresent() && !authorization.request().equals(request)) {
      return because(
          "it is for request " + authorization.request().get() + " only: use request(..)",
          FindingCode.OTHER_REQUEST);
    } else if (request.isPresent() && authorization.request().isEmpty()) {
      return because("it is for no request: omit request(..)", FindingCode.OTHER_REQUEST);
    }
    Optional<String> excess =
        visible(GrantScope.of(grant))
            .excessOver(visible(authorization.scope()), schema)
            .or(() -> executorGain(authorization, grant));
    if (excess.isPresent() || authorization.under().isEmpty()) {
      return excess;
    }
    for (Map.Entry<VersionedDocument, StoredAuthorization> each : authorizations.entrySet()) {
      StoredAuthorization parent = each.getValue();
      if (parent.id().equals(authorization.under().get()) && parent.delegating()) {
        return fault(each.getKey(), grant, parent.request(), schema, at, used)
            .map(reason -> "its parent authorization " + parent.id() + " has a fault: " + reason);
      }
    }
    return because("its parent authorization was withdrawn", FindingCode.AUTHORIZATION_ENDED);
  }

  private GrantScope visible(GrantScope scope) {
    return version.map(scope::in).orElse(scope);
  }

  private StoredAuthorization requireKnown(VersionedDocument stored) {
    return Optional.ofNullable(authorizations.get(stored)).orElseThrow();
  }

  /** Rejects grants of executors to themselves, unless the authorization names the consumers. */
  private Optional<String> executorGain(StoredAuthorization authorization, StoredGrant grant) {
    return authorization.scope().to().isEmpty() && isToExecutor(authorization, grant)
        ? because(
            "executors cannot grant to themselves unless it names them with consumers(..)",
            FindingCode.EXECUTOR_IS_CONSUMER)
        : Optional.empty();
  }

  /** Accounts are compared with all accounts of their domains. */
  private boolean isToExecutor(StoredAuthorization authorization, StoredGrant grant) {
    if (grant.to().account().isEmpty()) {
      return true;
    }
    String account = grant.to().account().get();
    return isExecutorAccount(authorization, grant, account)
        || accountsOfDomain.apply(account).stream()
            .anyMatch(each -> isExecutorAccount(authorization, grant, each));
  }

  private static boolean isExecutorAccount(
      StoredAuthorization authorization, StoredGrant grant, String account) {
    return grant.isBy(account) || authorization.names(account);
  }

  private static Optional<String> because(String reason, FindingCode code) {
    return Optional.of(reason + " (" + code + ")");
  }

  /**
   * Returns true if an authorization allows a grant that was found in the partition of an account.
   * Only the owner grants a whole domain, or to every account.
   *
   * @param grant with current column names
   * @param schema the schema of the product; empty if the grant is not on a single one
   */
  boolean covers(String account, StoredGrant grant, Optional<Schema> schema) {
    Optional<Principal> executor = executor(account, grant.executedBy());
    return executor.isPresent()
        && grant.recipientAccount().isEmpty()
        && !isWholeDomain(grant.on())
        && authorizations.entrySet().stream()
            .filter(each -> grant.authorization().filter(each.getValue().id()::equals).isPresent())
            .filter(each -> each.getValue().isExecutor(executor.get()))
            .anyMatch(each -> of(each.getKey(), grant, schema, Optional.empty()).fault().isEmpty());
  }

  /** Returns true for all tables of a domain; its description is part of each grant by tags. */
  private static boolean isWholeDomain(GrantTarget on) {
    return on instanceof GrantTarget.WholeDomain
        || (on instanceof GrantTarget.ByTags tags
            && tags.type() == PolicyType.TABLE
            && tags.where().values().keySet().equals(Set.of(PolicySnapshot.DOMAIN)));
  }

  /**
   * Returns true if an authorization that was found in the partition of an account is under one of
   * the owner, which lets the executor delegate. Its limits are checked with each grant.
   *
   * @param delegating authorizations that the owner gave and that let executors delegate
   */
  static boolean isDelegated(
      String account,
      StoredAuthorization authorization,
      Collection<StoredAuthorization> delegating) {
    Optional<Principal> executor = executor(account, authorization.executedBy());
    return executor.isPresent()
        && !authorization.delegating()
        && authorization.request().isEmpty()
        && delegating.stream()
            .filter(parent -> authorization.under().filter(parent.id()::equals).isPresent())
            .anyMatch(parent -> parent.isExecutor(executor.get()));
  }

  private static Optional<Principal> executor(String account, String executedBy) {
    return Stream.of(executedBy)
        .filter(by -> by.startsWith(account + "/"))
        .map(by -> Principal.of(account, by.substring(account.length() + 1)))
        .findFirst();
  }
}
