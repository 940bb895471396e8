package io.meshwork.internal.lakeformation.evaluation;

import io.meshwork.internal.lakeformation.AccessEdit;
import io.meshwork.internal.lakeformation.Grant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Why a decision was made, and what would change it. Immutable. {@code toString} contains no row
 * values.
 *
 * @param reasons what allowed the action, one for each grant or implicit permission
 * @param missing what is missing, one for each code
 * @param change the fewest edits after which the action is allowed, in order; empty if it is
 *     allowed already, or if no edit helps because the resource does not exist
 */
public record Explanation(
    List<Reason> reasons, List<MissingPermission> missing, List<AccessEdit> change) {
  public Explanation {
    reasons = List.copyOf(reasons);
    missing = List.copyOf(missing);
    change = List.copyOf(change);
  }

  /**
   * A grant or implicit permission that allowed the action.
   *
   * @param id the id of the grant, or {@code implicit:NAME}
   * @param grant the grant; empty for an implicit permission
   * @param tags the tags by which a tag policy matched, such as {@code domain=sales (database)}
   * @param columns the columns of a table that it grants, in the order of the table; empty for an
   *     implicit permission
   */
  public record Reason(String id, Optional<Grant> grant, List<String> tags, List<String> columns) {
    public Reason {
      tags = List.copyOf(tags);
      columns = List.copyOf(columns);
    }

    @Override
    public String toString() {
      return id
          + grant.map(cause -> " of " + cause.permissions() + " to " + cause.to()).orElse("")
          + (tags.isEmpty() ? "" : " by " + String.join(", ", tags));
    }
  }

  /**
   * A missing permission or setting.
   *
   * @param what such as {@code NO_GRANT} or {@code COLUMN:email}
   * @param whoCanGive ARNs of principals and groups that could provide it, sorted; empty if none
   *     can
   */
  public record MissingPermission(AccessDecision.Denial what, List<String> whoCanGive) {
    public MissingPermission {
      whoCanGive = List.copyOf(whoCanGive);
    }

    @Override
    public String toString() {
      return what
          + ": "
          + what.code().meaning()
          + (whoCanGive.isEmpty() ? "" : "; ask " + String.join(" or ", whoCanGive));
    }
  }

  /** The explanation in lines. */
  @Override
  public String toString() {
    String because =
        reasons.stream().map(reason -> "because of " + reason).collect(Collectors.joining("\n"));
    String lacking =
        missing.stream().map(MissingPermission::toString).collect(Collectors.joining("\n"));
    return because + (because.isEmpty() || lacking.isEmpty() ? "" : "\n") + lacking;
  }
}
