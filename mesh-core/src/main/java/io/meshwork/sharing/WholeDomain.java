package io.meshwork.sharing;

import io.meshwork.access.Permission;
import io.meshwork.error.AccessDeniedException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Finding;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.internal.catalog.Keys;
import io.meshwork.internal.rights.GrantTarget;
import io.meshwork.internal.rights.RightsDocuments;
import io.meshwork.internal.rights.RightsWorld;
import io.meshwork.internal.rights.StoredGrant;
import io.meshwork.internal.rights.TableRights;
import io.meshwork.internal.session.Session;
import io.meshwork.product.Classification;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Proposes a grant on all products of a domain, those to come too. Something narrower nearly always
 * does, and the plan says what.
 *
 * @param evenIfSensitive true if it was said that products above INTERNAL are meant too
 */
record WholeDomain(String domain, boolean evenIfSensitive, String doing) {
  private static final int MOST_NAMED = 10;

  Proposal<List<GrantCard>> propose(
      Session session, GrantTerms<?> terms, RightsDocuments documents, Instant now) {
    Sharer sharer = Sharer.of(session, documents, domain, Optional.empty(), terms, doing);
    if (sharer.authority().isPresent()) {
      throw session.denied(domain, doing, ownersAlone(sharer));
    }
    Granting granting = new Granting(documents, sharer, doing, now);
    RightsWorld world = documents.ofDomain(sharer.owner(), doing);
    List<String> sensitive =
        world.tables().stream()
            .filter(WholeDomain::isSensitive)
            .map(table -> table.product().toString())
            .toList();
    if (sharer.owns() && !sensitive.isEmpty() && !evenIfSensitive) {
      throw tooSensitive(sensitive);
    }
    for (StoredGrant grant :
        terms.grantsAllowing(
            sharer,
            new GrantTarget.WholeDomain(domain),
            Set.of(Permission.DESCRIBE, Permission.SELECT),
            List.of(),
            List.of(),
            Optional.empty())) {
      granting.add(grant, world);
    }
    return granting.proposal(
        "Grant all of " + domain,
        Keys.partition(sharer.writes()),
        domain,
        Reach.of(domain),
        List.of(sharer.owner().stored()),
        List.of(wide(world)));
  }

  private static boolean isSensitive(TableRights table) {
    return isAbove(table.contract().classification())
        || table.columns().stream()
            .anyMatch(column -> isAbove(table.contract().classificationOf(column)));
  }

  private static boolean isAbove(Classification classification) {
    return classification.compareTo(Classification.INTERNAL) > 0;
  }

  private Finding wide(RightsWorld world) {
    List<String> each =
        world.tables().stream()
            .map(table -> "grant(\"" + table.product() + "\")")
            .limit(MOST_NAMED)
            .toList();
    return new Finding(
        "WHOLE_DOMAIN",
        Finding.Severity.WARNING,
        domain,
        "gives every product of the domain, and each that is defined later, whatever it holds",
        world.tables().size(),
        List.of(),
        "Narrower: "
            + (each.isEmpty() ? "" : String.join(", ", each) + "; or ")
            + "grantByTags(where(\"domain\").is(\""
            + domain
            + "\").and(\"classification\").in(\"public\", \"internal\")).");
  }

  private InvalidRequestException tooSensitive(List<String> products) {
    String named = products.stream().limit(MOST_NAMED).collect(Collectors.joining(", "));
    String what = products.size() + " of its products hold data above INTERNAL, such as " + named;
    String mend =
        "Grant products by name or by tags, or say evenIfSensitive() if these are meant too.";
    return new InvalidRequestException(
        ErrorCode.INVALID_ARGUMENT,
        "Cannot " + doing + ": " + what + " (SENSITIVE). Nothing was changed. " + mend,
        List.of(Finding.error("SENSITIVE", domain, what + ".", mend)));
  }

  private AccessDeniedException ownersAlone(Sharer sharer) {
    String contact = sharer.owner().domain().owner();
    return new AccessDeniedException(
        ErrorCode.ACCESS_DENIED,
        "Cannot "
            + doing
            + " as "
            + sharer.principal()
            + ": it does not act for domain '"
            + domain
            + "', and a grant on a whole domain is carried out by nobody but its owner"
            + " (OWNER_ALONE). Nothing was changed. Grant products by name or by tags as"
            + " authorized, or ask "
            + contact
            + ".",
        "an account of domain '" + domain + "'; no authorization does for this",
        List.of(contact));
  }
}
