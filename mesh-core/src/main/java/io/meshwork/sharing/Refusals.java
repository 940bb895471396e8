package io.meshwork.sharing;

import io.meshwork.access.Grantee;
import io.meshwork.error.AccessDeniedException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Finding;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.error.MeshException;
import java.util.List;
import java.util.Set;

/** What a rule of access that refuses a change says to people. */
final class Refusals {
  private static final Set<String> OF_AUTHORITY =
      Set.of(
          "NOT_GRANTABLE",
          "NOT_AUTHORIZED",
          "COLUMNS_NOT_SUBSET",
          "FULL_SELECT_REQUIRED",
          "EXPRESSION_MISMATCH",
          "TAG_DESCRIBE_REQUIRED",
          "RESHARE_FORBIDDEN");

  private Refusals() {}

  /** The exception for a rule's code. */
  static MeshException of(String code, String doing, Sharer sharer, Grantee to) {
    String message =
        "Cannot "
            + doing
            + " as "
            + sharer.principal()
            + " to "
            + Shown.grantee(to)
            + ": "
            + what(code, sharer)
            + " ("
            + code
            + "). Nothing was changed. "
            + mend(code, sharer);
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
        List.of(Finding.error(code, "grant", what(code, sharer), mend(code, sharer))));
  }

  private static String what(String code, Sharer sharer) {
    return switch (code) {
      case "NOT_APPLICABLE" -> "one of the permissions cannot be held on it";
      case "EXPRESSION_TOO_LARGE" -> "its tags and values take more than 900 bytes as JSON";
      case "TAG_UNDEFINED" ->
          "domain '"
              + sharer.owner().domain().name()
              + "' does not define one of the tags or values";
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
          "it has a grant on the whole product and one on a list of columns would stand beside it,"
              + " or the other way round, and these do not go together";
      case "LIMIT" -> "it has a hundred grants on rows of this product";
      case "NOT_GRANTABLE" ->
          "it does not act for domain '"
              + sharer.owner().domain().name()
              + "', and was not granted this with grant option";
      default -> "a rule of access refuses it";
    };
  }

  private static String mend(String code, Sharer sharer) {
    return switch (code) {
      case "NOT_APPLICABLE" ->
          "On a whole product: ALTER, DELETE, DESCRIBE, DROP, INSERT, SELECT or ALL; on columns or"
              + " rows: SELECT.";
      case "EXPRESSION_TOO_LARGE" -> "Use fewer values, or tag products with a value of their own.";
      case "TAG_UNDEFINED" -> "Define it with governance().defineTag(..).";
      case "EXCLUDE_WITH_GRANT_OPTION" -> "Name the columns with columns(..).";
      case "OWN_ACCOUNT" -> "Name another account.";
      case "NOT_SHAREABLE" -> "Grant it to the account with toAccounts(..), or to roles by name.";
      case "PARTIAL_SELECT_CONFLICT" -> "Revoke the other grant first.";
      case "LIMIT" -> "Put the conditions together with OR, and revoke the single ones.";
      default -> "Ask " + sharer.owner().domain().owner() + " to grant it.";
    };
  }
}
