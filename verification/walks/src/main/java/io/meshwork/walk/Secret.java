package io.meshwork.walk;

/** What differs between two worlds, and none of the principals that are asked may know. */
enum Secret {
  /** A rollout with new columns that is not announced. */
  UNANNOUNCED_ROLLOUT,
  /** The filter, the columns, and the reason of a grant to another domain. */
  OTHER_GRANT,
  /** The name, purpose, and contact of the subscription of another domain. */
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
  /** An authorization for another account. */
  OTHER_AUTHORIZATION
}
