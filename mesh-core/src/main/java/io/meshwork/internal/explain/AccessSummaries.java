package io.meshwork.internal.explain;

import io.meshwork.access.AccessClient.AuthorizationSummary;
import io.meshwork.access.AccessClient.GrantSummary;
import io.meshwork.access.ExplainedAccess;
import io.meshwork.access.Permission;
import io.meshwork.internal.event.EventDetails.LoggedAuthorization;
import io.meshwork.internal.event.EventDetails.LoggedGrant;
import io.meshwork.internal.lakeformation.Grantee;
import io.meshwork.internal.rights.GrantScope;
import io.meshwork.internal.rights.RightsDocuments;
import io.meshwork.internal.rights.StoredAuthorization;
import io.meshwork.internal.rights.StoredGrant;
import io.meshwork.internal.runtime.Sha256;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.product.Principal;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Converts stored rights to the form that users and logs see. */
public final class AccessSummaries {
  private AccessSummaries() {}

  /** The public form of a grant. */
  public static GrantSummary grant(StoredGrant grant) {
    return GrantRecord.of(grant);
  }

  /** The form of a grant in log entries, with the hash of its row filter. */
  public static LoggedGrant logged(StoredGrant grant) {
    return new LoggedGrant(
        grant.id(),
        grant.on().toString(),
        grant.to().id(),
        grant.sortedPermissions().stream().map(Permission::name).toList(),
        grant.grantOption(),
        grant.columns(),
        grant.exceptColumns(),
        grant.rows().map(Sha256::hex),
        grant.until(),
        grant.because(),
        grant.authorizedBy(),
        grant.authorization());
  }

  /** The public form of an authorization. */
  public static AuthorizationSummary authorization(StoredAuthorization authorization) {
    return AuthorizationRecord.of(authorization);
  }

  /** The form of an authorization in log entries, with the hash of its row filter. */
  public static LoggedAuthorization logged(StoredAuthorization authorization) {
    GrantScope scope = authorization.scope();
    return new LoggedAuthorization(
        authorization.id(),
        scope.on().toString(),
        authorization.executors().stream().map(Grantee::id).toList(),
        scope.to().stream().map(Grantee::id).toList(),
        scope.permissions().stream().sorted().map(Permission::name).toList(),
        scope.grantOption(),
        scope.columns(),
        scope.exceptColumns(),
        scope.rows().map(Sha256::hex),
        authorization.request(),
        authorization.delegating(),
        authorization.under(),
        scope.until(),
        authorization.because(),
        authorization.authorizedBy());
  }

  /** Explains whether a principal may read a product with the current rights. */
  public static ExplainedAccess explain(
      ClientSession session, @Nullable Principal principal, @Nullable CharSequence product) {
    return AccessExplanation.of(session, principal, product);
  }

  /**
   * Explains whether a principal may read a product.
   *
   * @param documents the rights, which may not be committed yet
   */
  public static ExplainedAccess explain(
      ClientSession session,
      RightsDocuments documents,
      @Nullable Principal principal,
      @Nullable CharSequence product) {
    return AccessExplanation.of(session, documents, principal, product);
  }

  /**
   * Returns where a service outside the mesh lets principals read otherwise than the mesh: each of
   * the given principals, and others that the service names. Empty without such a service.
   *
   * @throws io.meshwork.error.BackendException if the registry cannot be read
   */
  public static List<String> mirrorDifferences(
      ClientSession session, String domain, Set<Principal> readers) {
    return MirrorDifferences.ofDomain(session, domain, readers);
  }

  /** All who may read a product, then each account that has not passed on its grant. */
  public static List<ExplainedAccess> whoCanRead(
      ClientSession session, @Nullable CharSequence product) {
    return AccessExplanation.whoCanRead(session, product);
  }
}
