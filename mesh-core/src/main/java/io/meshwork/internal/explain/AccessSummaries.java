package io.meshwork.internal.explain;

import com.fasterxml.jackson.databind.node.ArrayNode;
import io.meshwork.access.AuthorizationSummary;
import io.meshwork.access.ExplainedAccess;
import io.meshwork.access.GrantSummary;
import io.meshwork.internal.rights.RightsDocuments;
import io.meshwork.internal.rights.StoredAuthorization;
import io.meshwork.internal.rights.StoredGrant;
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

  /** Adds a grant to a log entry, with the hash of its row filter. */
  public static void log(ArrayNode array, StoredGrant grant) {
    GrantRecord.log(array, grant);
  }

  /** The public form of an authorization. */
  public static AuthorizationSummary authorization(StoredAuthorization authorization) {
    return AuthorizationRecord.of(authorization);
  }

  /** Adds an authorization to a log entry, with the hash of its row filter. */
  public static void log(ArrayNode array, StoredAuthorization authorization) {
    AuthorizationRecord.log(array, authorization);
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
   * those given, and those that the service names. Empty without such a service.
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
