package io.meshwork.internal.grants;

import io.meshwork.error.AccessDeniedException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.FindingCode;
import io.meshwork.error.MeshAction;
import io.meshwork.internal.catalog.DomainEntry;
import io.meshwork.internal.lakeformation.Grantee;
import io.meshwork.internal.ledger.VersionedDocument;
import io.meshwork.internal.rights.AccessFormatter;
import io.meshwork.internal.rights.RightsDocuments;
import io.meshwork.internal.rights.StoredAuthorization;
import io.meshwork.internal.rights.StoredGrant;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.product.Principal;
import io.meshwork.product.ProductName;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.iceberg.Schema;

/**
 * The authority of a principal of another account to grant for the owner of some data. A change
 * that uses it checks the authorizations that it uses. Immutable.
 *
 * @param documents the rights from which these were read
 * @param all the authorizations on the resource, by document
 * @param resource the product or domain
 * @param request the request that is granted; empty if there is none
 */
record GrantorAuthority(
    ClientSession session,
    DomainEntry owner,
    RightsDocuments documents,
    Map<VersionedDocument, StoredAuthorization> all,
    String resource,
    Optional<String> request) {
  private static final int MAX_LISTED = 5;

  /** Returns the authority on a product; on its domain if the product is empty. */
  static GrantorAuthority of(
      ClientSession session,
      RightsDocuments documents,
      DomainEntry owner,
      Optional<ProductName> product,
      Optional<String> request) {
    String domain = owner.domain().name();
    return new GrantorAuthority(
        session,
        owner,
        documents,
        product.isPresent()
            ? documents.authorizations(product.get())
            : documents.authorizations(domain),
        product.map(ProductName::toString).orElse(domain),
        request);
  }

  /**
   * A grant under an authorization.
   *
   * @param checks the documents that must not change before the commit
   */
  record AuthorizedGrant(StoredGrant grant, List<VersionedDocument> checks) {}

  private Principal principal() {
    return session.principal();
  }

  /** Returns true if the principal has an authorization, ended or not. */
  boolean exists() {
    return all.values().stream().anyMatch(each -> each.isExecutor(principal()));
  }

  /**
   * Requires an authorization, ended or not, before anything of the request is compared with the
   * data.
   *
   * @throws AccessDeniedException if there is none
   */
  void requireExists(List<Grantee> grantees, MeshAction action) {
    if (!exists()) {
      throw session.denied(resource, action, notAuthorized(grantees.get(0), Map.of(), action));
    }
  }

  /**
   * Returns the grant under each authorization that allows it.
   *
   * @param schema the schema of the product; empty if the grant is not on a single one
   * @throws AccessDeniedException if no authorization allows it; lists why, and whom to ask
   */
  List<AuthorizedGrant> authorized(
      StoredGrant proposed, Optional<Schema> schema, Instant at, MeshAction action) {
    List<AuthorizedGrant> grants = new ArrayList<>();
    Map<String, String> faults = new LinkedHashMap<>();
    all.forEach(
        (stored, authorization) -> {
          if (authorization.isExecutor(principal())) {
            StoredGrant grant =
                proposed.forRequest(request).under(authorization, principal().toString());
            RightsDocuments.Allowance checked = documents.allowance(all, stored, grant, schema, at);
            checked
                .fault()
                .ifPresentOrElse(
                    reason -> faults.put(authorization.id(), reason),
                    () -> grants.add(new AuthorizedGrant(grant, List.copyOf(checked.used()))));
          }
        });
    if (grants.isEmpty()) {
      throw session.denied(resource, action, notAuthorized(proposed.to(), faults, action));
    }
    return grants;
  }

  /**
   * Returns the documents that must not change before the caller revokes a grant that its account
   * created for the owner.
   *
   * @throws AccessDeniedException if the owner created the grant, or the caller has no
   *     authorization for it now
   */
  List<VersionedDocument> revocationChecks(StoredGrant grant, Instant at, MeshAction action) {
    for (Map.Entry<VersionedDocument, StoredAuthorization> each : all.entrySet()) {
      StoredAuthorization authorization = each.getValue();
      if (grant.authorization().filter(authorization.id()::equals).isPresent()) {
        for (Map.Entry<VersionedDocument, StoredAuthorization> entry : all.entrySet()) {
          StoredAuthorization own = entry.getValue();
          boolean isParent = authorization.under().filter(own.id()::equals).isPresent();
          if ((isParent || own.id().equals(authorization.id()))
              && own.isExecutor(principal())
              && own.isInForce(at)) {
            return List.of(each.getKey(), entry.getKey());
          }
        }
      }
    }
    String reason =
        "grant "
            + grant.id()
            + (grant.authorization().isEmpty()
                ? " was created by the owner"
                : " was created under an authorization that is not active for it");
    throw session.denied(
        resource,
        action,
        denied(
            principal(),
            owner,
            ReasonText.of(reason, FindingCode.NO_AUTHORIZATION),
            "revoke it",
            action));
  }

  /** Returns the denial to withdraw an authorization that another principal created. */
  static AccessDeniedException withdrawalDenied(
      Principal principal,
      DomainEntry owner,
      StoredAuthorization authorization,
      MeshAction action) {
    return denied(
        principal, owner, authorization.executedBy() + " created it", "withdraw it", action);
  }

  private static AccessDeniedException denied(
      Principal principal, DomainEntry owner, String reason, String change, MeshAction action) {
    String contact = owner.domain().owner();
    return Failure.of(action.on("as " + principal))
        .because("it does not act for domain '" + owner.domain().name() + "', and " + reason)
        .fix("Ask " + contact + " to " + change + ".")
        .accessDenied(ErrorCode.ACCESS_DENIED, "the right to " + change, List.of(contact));
  }

  private AccessDeniedException notAuthorized(
      Grantee to, Map<String, String> faults, MeshAction action) {
    StringBuilder reason = new StringBuilder("it does not act for domain '");
    reason.append(owner.domain().name());
    if (faults.isEmpty()) {
      reason
          .append(
              ReasonText.of(
                  "', and no authorization names it or its account", FindingCode.NO_AUTHORIZATION))
          .append(
              ReasonText.of(
                  "; a recipient passes a grant on within its own account only",
                  FindingCode.RESHARE_FORBIDDEN));
    } else {
      reason.append(
          ReasonText.of(
              "', and the grant exceeds its authorizations", FindingCode.EXCEEDS_AUTHORIZATION));
      faults.entrySet().stream()
          .limit(MAX_LISTED)
          .forEach(
              each ->
                  reason
                      .append("; authorization ")
                      .append(each.getKey())
                      .append(": ")
                      .append(each.getValue()));
    }
    String contact = owner.domain().owner();
    return Failure.of(action.on("as " + principal()).on("to " + AccessFormatter.grantee(to)))
        .because(reason.toString())
        .fix(
            (faults.isEmpty() ? "Ask " : "Grant within the authorization, or ask ")
                + contact
                + " to authorize it with access().authorize(\""
                + resource
                + "\").executors(..).")
        .accessDenied(
            ErrorCode.ACCESS_DENIED,
            "an authorization of domain '" + owner.domain().name() + "' for this grant",
            List.of(contact));
  }
}
