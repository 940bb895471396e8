package io.meshwork.internal.explain;

import com.fasterxml.jackson.databind.node.ArrayNode;
import io.meshwork.access.AuthorizationCard;
import io.meshwork.access.ExplainedAccess;
import io.meshwork.access.GrantCard;
import io.meshwork.internal.rights.RightsDocuments;
import io.meshwork.internal.rights.StoredAuthorization;
import io.meshwork.internal.rights.StoredGrant;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.product.Principal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Shows stored rights as users and logs see them. */
public final class AccessCards {
  private AccessCards() {}

  /** A grant as users see it. */
  public static GrantCard grant(StoredGrant grant) {
    return GrantRecord.of(grant);
  }

  /** Adds a grant to a log entry, with the hash of its condition on rows. */
  public static void log(ArrayNode array, StoredGrant grant) {
    GrantRecord.log(array, grant);
  }

  /** An authorization as users see it. */
  public static AuthorizationCard authorization(StoredAuthorization given) {
    return AuthorizationRecord.of(given);
  }

  /** Adds an authorization to a log entry, with the hash of its condition on rows. */
  public static void log(ArrayNode array, StoredAuthorization given) {
    AuthorizationRecord.log(array, given);
  }

  /** Explains whether a principal may read a product, by the rights as they are now. */
  public static ExplainedAccess explain(
      ClientSession session, @Nullable Principal principal, @Nullable CharSequence product) {
    return explain(session, session.rights(), principal, product);
  }

  /**
   * Explains whether a principal may read a product.
   *
   * @param documents the rights, which may not be written yet
   */
  public static ExplainedAccess explain(
      ClientSession session,
      RightsDocuments documents,
      @Nullable Principal principal,
      @Nullable CharSequence product) {
    return AccessExplanation.of(session, documents, principal, product);
  }

  /** Everybody who may read a product, then each account that passed on nothing of its grant. */
  public static List<ExplainedAccess> whoCanRead(
      ClientSession session, @Nullable CharSequence product) {
    return AccessExplanation.whoCanRead(session, product);
  }
}
