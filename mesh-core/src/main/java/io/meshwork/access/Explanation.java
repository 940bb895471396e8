package io.meshwork.access;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Why a decision is what it is, and what would change it. Immutable. {@code toString} says it in
 * words, without any value of a row.
 *
 * @param reasons what allowed it, one a grant or implicit right
 * @param missing what was not there, one a code
 * @param change the fewest edits after which the answer would be yes, in their order; empty where
 *     it is yes already, or where no edit helps because what is asked for does not exist
 */
public record Explanation(List<Reason> reasons, List<Missing> missing, List<AccessEdit> change) {
  /** Copies the lists. */
  public Explanation {
    reasons = List.copyOf(reasons);
    missing = List.copyOf(missing);
    change = List.copyOf(change);
  }

  /**
   * A grant or right that counted.
   *
   * @param id the grant's id, or {@code implicit:} and the right
   * @param grant the grant, where it is one
   * @param tags the tags by which a tag policy matched, such as {@code domain=sales (database)}
   * @param columns the columns of a table that it gives, in the table's order; none for a right
   */
  public record Reason(String id, Optional<Grant> grant, List<String> tags, List<String> columns) {
    /** Copies the lists. */
    public Reason {
      tags = List.copyOf(tags);
      columns = List.copyOf(columns);
    }

    @Override
    public String toString() {
      return id
          + grant.map(it -> " of " + it.permissions() + " to " + it.to()).orElse("")
          + (tags.isEmpty() ? "" : " by " + String.join(", ", tags));
    }
  }

  /**
   * Something that was not there.
   *
   * @param code such as {@code NO_GRANT} or {@code COLUMN:email}
   * @param meaning the code in words
   * @param whoCanGive principals and groups by ARN who could give it, sorted; empty where nobody
   *     can
   */
  public record Missing(String code, String meaning, List<String> whoCanGive) {
    /** Copies the list. */
    public Missing {
      whoCanGive = List.copyOf(whoCanGive);
    }

    @Override
    public String toString() {
      return code
          + ": "
          + meaning
          + (whoCanGive.isEmpty() ? "" : "; ask " + String.join(" or ", whoCanGive));
    }
  }

  /** The explanation in lines. */
  @Override
  public String toString() {
    String because =
        reasons.stream().map(it -> "because of " + it).collect(Collectors.joining("\n"));
    String lacking = missing.stream().map(Missing::toString).collect(Collectors.joining("\n"));
    return because + (because.isEmpty() || lacking.isEmpty() ? "" : "\n") + lacking;
  }
}
