package io.meshwork.walk;

import io.meshwork.product.Principal;

/** What differs between two worlds, and a principal that is asked may not know. */
enum Secret {
  /** A rollout with new columns that is not announced. */
  UNANNOUNCED_ROLLOUT,
  /** The filter, the columns, and the reason of a grant to another domain. */
  OTHER_GRANT,
  /** The names, purposes, and contacts of the subscriptions of another domain. */
  OTHER_SUBSCRIPTION,
  /** The constant of the rows that an announced rollout leaves out. */
  LEFT_OUT_ROWS,
  /** How many rows are quarantined. */
  QUARANTINED_ROWS,
  /** A publish that waits for its promotion. */
  STAGED_PUBLISH,
  /** A suggestion of another domain. */
  OTHER_SUGGESTION,
  /** A request for access of another domain. */
  OTHER_REQUEST,
  /** Values of a column that none of them may read. */
  HIDDEN_VALUES,
  /** Rows that no filter of a grant selects. */
  HIDDEN_ROWS,
  /** Values of a column in rows in which the filter of its grant does not show it. */
  HIDDEN_CELLS,
  /** The reasons why the owner requests force, a dormant consumer, and a suspension. */
  REASONS_OF_REQUESTS,
  /** The filter and the reason of an erasure. */
  ERASURE,
  /** The links of another domain. */
  OTHER_LINK,
  /** What is published while reads are suspended. */
  SUSPENDED_ROWS,
  /** The rows of a product that is open to every domain, for who acts for none. */
  OPEN_ROWS {
    @Override
    boolean isHiddenFrom(Principal principal) {
      return principal.equals(World.OUTSIDER);
    }
  },
  /** An authorization for another account. */
  OTHER_AUTHORIZATION;

  /** True if the principal may not know it. */
  boolean isHiddenFrom(Principal principal) {
    return true;
  }
}
