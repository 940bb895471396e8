package io.meshwork.internal.grants;

import io.meshwork.error.AccessDeniedException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Finding;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshException;
import io.meshwork.internal.rights.AccessFormatter;
import io.meshwork.internal.rights.GrantTarget;
import io.meshwork.internal.rights.PolicySnapshot;
import io.meshwork.internal.rights.StoredGrant;
import io.meshwork.product.Principal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** What a rule of access that refuses a change says to people. */
final class AccessRefusals {
  private static final Set<String> OF_AUTHORITY =
      Set.of(
          "NOT_GRANTABLE",
          "NOT_AUTHORIZED",
          "COLUMNS_NOT_SUBSET",
          "FULL_SELECT_REQUIRED",
          "EXPRESSION_MISMATCH",
          "TAG_DESCRIBE_REQUIRED",
          "RESHARE_FORBIDDEN");

  private final MeshAction action;
  private final Grantor sharer;
  private final StoredGrant wanted;
  private final PolicySnapshot others;
  private final Instant at;

  /**
   * Of a grant.
   *
   * @param others what is granted besides it
   */
  AccessRefusals(
      MeshAction action, Grantor sharer, StoredGrant wanted, PolicySnapshot others, Instant at) {
    this.action = action;
    this.sharer = sharer;
    this.wanted = wanted;
    this.others = others;
    this.at = at;
  }

  /** The exception for a rule's code. */
  MeshException of(String code) {
    String message =
        "Cannot "
            + action
            + " as "
            + sharer.principal()
            + " to "
            + AccessFormatter.grantee(wanted.to())
            + ": "
            + what(code)
            + " ("
            + code
            + "). Nothing was changed. "
            + fix(code);
    if (OF_AUTHORITY.contains(code)) {
      return new AccessDeniedException(
          ErrorCode.ACCESS_DENIED,
          message,
          "the right to grant it",
          List.of(sharer.owner().domain().owner()));
    }
    return new InvalidRequestException(
        ErrorCode.INVALID_ARGUMENT,
        message,
        List.of(Finding.error(code, "grant", what(code), fix(code))));
  }

  private String what(String code) {
    return switch (code) {
      case "NOT_APPLICABLE" -> "one of the permissions cannot be held on it";
      case "EXPRESSION_TOO_LARGE" -> "its tags and values take more than 900 bytes as JSON";
      case "TAG_UNDEFINED" ->
          "domain '" + sharer.owner().domain().name() + "' does not define " + undefined();
      case "EXCLUDE_WITH_GRANT_OPTION" ->
          "what leaves columns out cannot be handed on, since columns come";
      case "RESHARE_FORBIDDEN" ->
          "only the owner shares with others; a recipient hands on within its own account";
      case "OWN_ACCOUNT" -> "it is the owner's own account, which has every right";
      case "NOT_SHAREABLE" ->
          "this cannot be shared with another account: every role of it is for that account to"
              + " say, and DROP and ALL are not shared on a domain";
      case "COLUMNS_NOT_SUBSET" -> "these are not all among the columns that may be handed on";
      case "FULL_SELECT_REQUIRED" ->
          "SELECT may be handed on for some rows or columns only, and this takes more";
      case "EXPRESSION_MISMATCH", "TAG_DESCRIBE_REQUIRED" ->
          "what may be handed on was granted by other tags";
      case "PARTIAL_SELECT_CONFLICT" ->
          isColumnList(wanted)
              ? AccessFormatter.grantee(wanted.to())
                  + " has the whole product already, by "
                  + inTheWay()
                  + ", and a grant on a list of columns does not go beside that"
              : AccessFormatter.grantee(wanted.to())
                  + " has a list of columns already, by "
                  + inTheWay()
                  + ", and a grant on the whole product does not go beside that";
      case "LIMIT" -> "it has a hundred grants on rows of this product";
      case "NOT_GRANTABLE" ->
          "it does not act for domain '"
              + sharer.owner().domain().name()
              + "', and was not granted this with grant option"
              + (isOfficeMissing()
                  ? "; what its account was granted its administrators hand on, and these are "
                      + administrators()
                  : "");
      default -> "a rule of access refuses it";
    };
  }

  private String fix(String code) {
    return switch (code) {
      case "NOT_APPLICABLE" ->
          "On a whole product: ALTER, DELETE, DESCRIBE, DROP, INSERT, SELECT or ALL; on columns or"
              + " rows: SELECT.";
      case "EXPRESSION_TOO_LARGE" -> "Use fewer values, or tag products with a value of their own.";
      case "TAG_UNDEFINED" -> "Define it with governance().defineTag(..).";
      case "EXCLUDE_WITH_GRANT_OPTION" -> "Name the columns with columns(..).";
      case "OWN_ACCOUNT" -> "Name another account.";
      case "NOT_SHAREABLE" -> "Grant it to the account with toAccounts(..), or to roles by name.";
      case "PARTIAL_SELECT_CONFLICT" ->
          "Revoke "
              + inTheWay()
              + " first"
              + (isColumnList(wanted) ? "." : ", or name all columns with columns(..).");
      case "LIMIT" -> "Put the conditions together with OR, and revoke the single ones.";
      default -> "Ask " + sharer.owner().domain().owner() + " to grant it.";
    };
  }

  /** True of a recipient's role that does not administer its domain. */
  private boolean isOfficeMissing() {
    return sharer.recipient().isPresent() && !sharer.isAdministrator();
  }

  private String administrators() {
    List<Principal> named =
        sharer
            .recipient()
            .map(own -> sharer.session().catalog().roles(own).administrators())
            .orElse(List.of());
    return named.isEmpty()
        ? "not named yet: registerDomain(..).administrators(..) names them"
        : named.stream().map(Principal::toString).collect(Collectors.joining(", "));
  }

  /** The tags and values of an expression that are not defined. */
  private String undefined() {
    List<String> unknown = new ArrayList<>();
    if (wanted.on() instanceof GrantTarget.ByTags tags) {
      tags.where()
          .values()
          .forEach(
              (key, values) ->
                  values.stream()
                      .filter(value -> !isDefined(key, value))
                      .forEach(value -> unknown.add(key + "=" + value)));
    }
    return unknown.isEmpty() ? "one of the tags or values" : String.join(", ", unknown);
  }

  private boolean isDefined(String key, String value) {
    return others.allVocabulary().getOrDefault(key, List.of()).contains(value);
  }

  /** The grants that this one does not go beside, by their ids. */
  private String inTheWay() {
    List<String> ids =
        others.grants().stream()
            .filter(other -> other.on().equals(wanted.on()) && other.to().equals(wanted.to()))
            .filter(other -> other.handedOnIn().equals(wanted.handedOnIn()))
            .filter(other -> other.rows().isEmpty())
            .filter(other -> isColumnList(other) != isColumnList(wanted))
            .filter(other -> other.until().filter(end -> !at.isBefore(end)).isEmpty())
            .map(StoredGrant::id)
            .toList();
    return (ids.size() == 1 ? "grant " : "grants ") + String.join(", ", ids);
  }

  private static boolean isColumnList(StoredGrant grant) {
    return !grant.columns().isEmpty() || !grant.exceptColumns().isEmpty();
  }
}
