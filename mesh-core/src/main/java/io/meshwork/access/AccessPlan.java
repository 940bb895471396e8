package io.meshwork.access;

import io.meshwork.access.AccessClient.AccessOperation;
import io.meshwork.operation.Plan;
import io.meshwork.product.Principal;
import io.meshwork.product.ProductName;
import java.util.List;

/**
 * What a change of access would do: its steps, and who would gain and lose access. Immutable; a
 * snapshot as of the call. {@code toString()} is for people.
 *
 * @param <R> what exists after the change
 */
public interface AccessPlan<R> extends Plan<R> {
  /** Returns who would read what they cannot read now. */
  List<AccessChange> gains();

  /** Returns who would no longer read what they read now. */
  List<AccessChange> losses();

  /**
   * Explains whether a principal may read a product after this change, as {@code
   * access().explain(..)} would then. Grants and tags that the plan did not read are read by this
   * call.
   *
   * @throws io.meshwork.error.AccessDeniedException if the principal is not the caller, who does
   *     not act for the product's domain
   * @throws io.meshwork.error.NotFoundException if the product does not exist
   */
  ExplainedAccess explain(Principal principal, CharSequence product);

  /**
   * What changes for one grantee on one product. Immutable.
   *
   * @param who such as {@code finance/analyst}, {@code account finance} or {@code the mesh}; the
   *     roles of an account gain or lose it only once the account passes it on
   * @param permission the permission that is gained or lost
   * @param columns the columns that it is gained or lost on
   * @param rows the rows that it is gained or lost on
   * @param because the grants and tags that give one of these columns; for a loss, that gave it
   */
  record AccessChange(
      String who,
      ProductName product,
      Permission permission,
      List<String> columns,
      RowScope rows,
      String because) {
    public AccessChange {
      columns = List.copyOf(columns);
    }

    /**
     * Returns true if the columns were not readable at all and are in every row, or the reverse.
     */
    public boolean everyRow() {
      return rows == RowScope.EVERY;
    }

    /** The change in one line. */
    @Override
    public String toString() {
      return who
          + "  "
          + product
          + "  "
          + permission
          + " of "
          + String.join(", ", columns)
          + rows.words
          + "  ("
          + because
          + ")";
    }
  }

  /** The rows in which columns are gained or lost. */
  enum RowScope {
    /** All rows. For a gain, nothing was readable before; for a loss, nothing is readable after. */
    EVERY(""),
    /** Rows that match a condition, where nothing was readable before or nothing is after. */
    SOME(", in some rows"),
    /** For a gain: rows besides the ones in which the columns are readable now. */
    MORE(", in more rows"),
    /** For a loss: the columns stay readable in other rows. */
    FEWER(", in fewer rows");

    private final String words;

    RowScope(String words) {
      this.words = words;
    }
  }

  /**
   * The results of several changes that were committed as one. Immutable. {@code toString()} has a
   * line for each change.
   */
  interface Results {
    /**
     * Returns the result of one change.
     *
     * @param change the operation that {@link AccessClient#plan} got
     * @throws io.meshwork.error.InvalidRequestException if it was not among them
     */
    <R> R of(AccessOperation<R> change);
  }
}
