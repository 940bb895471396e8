package io.meshwork.internal.grants;

import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.Finding;
import io.meshwork.error.FindingCode;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshException;
import io.meshwork.internal.rights.AccessFormatter;
import io.meshwork.internal.rights.GrantTarget;
import io.meshwork.internal.rights.PolicySnapshot;
import io.meshwork.internal.rights.StoredGrant;
import io.meshwork.product.Principal;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Explains which rule rejects a grant, and how to fix it. */
final class GrantRejection {
  /** The codes of rules that deny access; the others reject the call. */
  private static final Set<FindingCode> DENIALS =
      Set.of(
          FindingCode.NOT_GRANTABLE,
          FindingCode.NOT_AUTHORIZED,
          FindingCode.COLUMNS_NOT_SUBSET,
          FindingCode.FULL_SELECT_REQUIRED,
          FindingCode.EXPRESSION_MISMATCH,
          FindingCode.TAG_DESCRIBE_REQUIRED,
          FindingCode.RESHARE_FORBIDDEN);

  private final MeshAction action;
  private final Grantor grantor;
  private final StoredGrant proposed;
  private final PolicySnapshot others;
  private final Instant at;

  /**
   * Creates the rejection of a grant.
   *
   * @param others the other grants
   */
  GrantRejection(
      MeshAction action, Grantor grantor, StoredGrant proposed, PolicySnapshot others, Instant at) {
    this.action = action;
    this.grantor = grantor;
    this.proposed = proposed;
    this.others = others;
    this.at = at;
  }

  /** Returns the exception for the code of a rule. */
  MeshException exception(FindingCode code) {
    Failure failure =
        Failure.of(
                action
                    .on("as " + grantor.principal())
                    .on("to " + AccessFormatter.grantee(proposed.to())))
            .because(ReasonText.of(reason(code), code))
            .fix(fix(code));
    return DENIALS.contains(code)
        ? failure.accessDenied(
            ErrorCode.ACCESS_DENIED,
            "the right to grant it",
            List.of(grantor.owner().domain().owner()))
        : failure
            .findings(List.of(Finding.error(code, "grant", reason(code), fix(code))))
            .invalidRequest(ErrorCode.INVALID_ARGUMENT);
  }

  private String reason(FindingCode code) {
    String grantee = AccessFormatter.grantee(proposed.to());
    return switch (code) {
      case NOT_APPLICABLE -> "one of the permissions does not apply to it";
      case EXPRESSION_TOO_LARGE -> "its tags and values take more than 900 bytes as JSON";
      case TAG_UNDEFINED -> undefined().reason();
      case EXCLUDE_WITH_GRANT_OPTION ->
          "a grant that excludes columns cannot have the grant option, because columns may be added"
              + " later";
      case RESHARE_FORBIDDEN ->
          "only the owner shares with other accounts; a recipient passes a grant on within its own"
              + " account";
      case OWN_ACCOUNT -> "it is the owner's own account, which has every right";
      case NOT_SHAREABLE ->
          "this cannot be shared with another account: only that account grants to every role of"
              + " it, and DROP and ALL on a domain cannot be shared";
      case COLUMNS_NOT_SUBSET ->
          "the grantor may not pass on all columns that it lists or that its condition names";
      case FULL_SELECT_REQUIRED ->
          "the grantor may pass on SELECT for some rows or columns only, and this grant covers more";
      case EXPRESSION_MISMATCH, TAG_DESCRIBE_REQUIRED ->
          "the grantor may pass on a grant by other tags only";
      case PARTIAL_SELECT_CONFLICT ->
          hasColumnList(proposed)
              ? grantee
                  + " has the whole product already, by "
                  + conflicting()
                  + ", which excludes a grant on a list of columns"
              : grantee
                  + " has a list of columns already, by "
                  + conflicting()
                  + ", which excludes a grant on the whole product";
      case TOO_MANY_ROW_GRANTS -> "the product has 100 grants on rows, which is the limit";
      case NOT_GRANTABLE ->
          "it does not act for domain '"
              + grantor.owner().domain().name()
              + "', and was not granted this with grant option"
              + (lacksAdministrator()
                  ? "; only the administrators of an account pass on its grants, and these are "
                      + administrators()
                  : "");
      default -> "a rule of access rejects it";
    };
  }

  private String fix(FindingCode code) {
    return switch (code) {
      case NOT_APPLICABLE ->
          "On a whole product: ALTER, DELETE, DESCRIBE, DROP, INSERT, SELECT, or ALL; on columns or"
              + " rows: SELECT.";
      case EXPRESSION_TOO_LARGE -> "Use fewer values, or tag products with a value of their own.";
      case TAG_UNDEFINED -> undefined().fix();
      case EXCLUDE_WITH_GRANT_OPTION -> "Name the columns with columns(..).";
      case OWN_ACCOUNT -> "Name another account.";
      case NOT_SHAREABLE -> "Grant it to the account with toAccounts(..), or to roles by name.";
      case PARTIAL_SELECT_CONFLICT ->
          "Revoke "
              + conflicting()
              + " first"
              + (hasColumnList(proposed) ? "." : ", or name all columns with columns(..).");
      case TOO_MANY_ROW_GRANTS -> "Combine conditions with OR, and revoke the separate grants.";
      default -> "Ask " + grantor.owner().domain().owner() + " to grant it.";
    };
  }

  /** Returns true for a role of a recipient that is not an administrator of its domain. */
  private boolean lacksAdministrator() {
    return grantor.recipient().isPresent() && !grantor.isAdministrator();
  }

  private String administrators() {
    List<Principal> administrators =
        grantor
            .recipient()
            .map(own -> grantor.session().catalog().roles(own).administrators())
            .orElse(List.of());
    return administrators.isEmpty()
        ? "not named yet: registerDomain(..).administrators(..) names them"
        : administrators.stream().map(Principal::toString).collect(Collectors.joining(", "));
  }

  /** Returns the tags and values of an expression that are not defined. */
  private UndefinedTags undefined() {
    return UndefinedTags.of(
        grantor.owner().domain().name(),
        others.allVocabulary(),
        proposed.on() instanceof GrantTarget.ByTags tags ? tags.where().values() : Map.of());
  }

  /** Returns the IDs of the grants that exclude this one. */
  private String conflicting() {
    List<String> ids =
        others.grants().stream()
            .filter(
                existing ->
                    existing.on().equals(proposed.on()) && existing.to().equals(proposed.to()))
            .filter(existing -> existing.recipientAccount().equals(proposed.recipientAccount()))
            .filter(existing -> existing.rows().isEmpty())
            .filter(existing -> hasColumnList(existing) != hasColumnList(proposed))
            .filter(existing -> existing.isInForce(at))
            .map(StoredGrant::id)
            .toList();
    return (ids.size() == 1 ? "grant " : "grants ") + String.join(", ", ids);
  }

  private static boolean hasColumnList(StoredGrant grant) {
    return !grant.columns().isEmpty() || !grant.exceptColumns().isEmpty();
  }
}
