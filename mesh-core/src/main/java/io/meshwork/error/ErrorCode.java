package io.meshwork.error;

/**
 * The stable codes of all Meshwork exceptions, for runbooks and alerts. Ranges: 1xxx for the
 * request, 2xxx for contract and data, 3xxx for conflicts and unknown outcomes, 4xxx for access,
 * 5xxx for resources that do not exist or already exist, 7xxx for backends and files. The meaning
 * of a code never changes.
 */
public enum ErrorCode {
  /** An argument is missing, blank, or out of range. */
  INVALID_ARGUMENT("MESH-1001", "An argument is missing, blank, or out of range."),
  /** A name does not follow the naming rules. */
  NAME_INVALID("MESH-1002", "A name does not follow the naming rules."),
  /** The mesh, or an object that it returned, was already closed. */
  CLOSED("MESH-1003", "The mesh, or an object that it returned, was already closed."),
  /** Two threads used an operation that belongs to one thread. */
  CONCURRENT_USE("MESH-1004", "Two threads used an operation that belongs to one thread."),
  /** A schema uses a type or a name that a contract does not support. */
  SCHEMA_UNSUPPORTED(
      "MESH-1005", "A schema uses a type or a name that a contract does not support."),
  /** A contract is incomplete or contradictory, or a rule or key does not fit its schema. */
  CONTRACT_INVALID(
      "MESH-1006",
      "A contract is incomplete or contradictory, or a rule or key does not fit its schema."),
  /** The kind, the arguments, or the text of a rule is invalid, whatever the schema. */
  RULE_INVALID(
      "MESH-1007",
      "The kind, the arguments, or the text of a rule is invalid, whatever the schema."),
  /** A request exceeds a limit. */
  LIMIT_EXCEEDED("MESH-1008", "A request exceeds a limit."),
  /** Settings contradict each other or the folder or store that they are used with. */
  CONFIG_INVALID(
      "MESH-1009",
      "Settings contradict each other or the folder or store that they are used with."),
  /** The call needs a domain, and the calling account has none. */
  DOMAIN_MISSING("MESH-1010", "The call needs a domain, and the calling account has none."),
  /** An input file cannot be opened or read. */
  SOURCE_UNREADABLE("MESH-1011", "An input file cannot be opened or read."),
  /** A path leads outside its root folder. */
  UNSAFE_PATH("MESH-1012", "A path leads outside its root folder."),
  /** The requested row type does not match the columns. */
  READER_INVALID("MESH-1013", "The requested row type does not match the columns."),
  /** A filter is not valid, or does not match the columns. */
  FILTER_INVALID("MESH-1014", "A filter is not valid, or does not match the columns."),
  /** A replace has no rows, and the request does not allow an empty replace. */
  EMPTY_REPLACE(
      "MESH-1015", "A replace has no rows, and the request does not allow an empty replace."),

  /**
   * The new contract is not compatible with the contract in force, so it cannot be a version of the
   * same major.
   */
  CHANGE_INCOMPATIBLE(
      "MESH-1020",
      "The new contract is not compatible with the contract in force, so it cannot be a version of"
          + " the same major."),

  /** Rows break the contract; nothing was published. */
  CONTRACT_VIOLATED("MESH-2001", "Rows break the contract; nothing was published."),
  /** The input's columns do not match the contract. */
  SCHEMA_MISMATCH("MESH-2002", "The input's columns do not match the contract."),
  /** A file does not conform to its format. */
  FILE_MALFORMED("MESH-2003", "A file does not conform to its format."),

  /** A concurrent change was committed first; nothing was done. */
  CONFLICT("MESH-3001", "A concurrent change was committed first; nothing was done."),
  /** The response to a commit was lost; the commit may have succeeded. */
  OUTCOME_UNKNOWN("MESH-3002", "The response to a commit was lost; the commit may have succeeded."),
  /** The state of the product, major version, or request does not allow this. */
  STATE_CONFLICT(
      "MESH-3003", "The state of the product, major version, or request does not allow this."),
  /** Maintenance removed the rows before the last of them was read. */
  SNAPSHOT_EXPIRED("MESH-3004", "Maintenance removed the rows before the last of them was read."),

  /** No grant allows this. */
  ACCESS_DENIED("MESH-4001", "No grant allows this."),
  /** Only the owning domain may do this. */
  NOT_OWNER("MESH-4002", "Only the owning domain may do this."),

  /** The product is in a catalog that the caller's domain can read only through resource links. */
  LINK_MISSING(
      "MESH-4009",
      "The product is in a catalog that the caller's domain can read only through resource links."),

  /** The resource does not exist, or the caller may not see it. */
  NOT_FOUND("MESH-5001", "The resource does not exist, or the caller may not see it."),
  /** The name is already in use for something else. */
  ALREADY_EXISTS("MESH-5002", "The name is already in use for something else."),
  /** The idempotency key was used for a different request. */
  KEY_REUSED("MESH-5003", "The idempotency key was used for a different request."),
  /** The subscription was ended by its domain or by the product's owner. */
  SUBSCRIPTION_ENDED(
      "MESH-5004", "The subscription was ended by its domain or by the product's owner."),

  /** Storage or a service failed; nothing was committed. */
  BACKEND_FAILED("MESH-7001", "Storage or a service failed; nothing was committed."),
  /** The source of rows failed during the read. */
  SOURCE_FAILED("MESH-7002", "The source of rows failed during the read."),
  /** The calling thread was interrupted. */
  INTERRUPTED("MESH-7003", "The calling thread was interrupted."),
  /** The registry needs a feature that this version of Meshwork does not support. */
  REGISTRY_VERSION(
      "MESH-7004", "The registry needs a feature that this version of Meshwork does not support."),
  /** The registry file is damaged, or is not a registry. */
  REGISTRY_CORRUPT("MESH-7005", "The registry file is damaged, or is not a registry."),
  /** A file that a snapshot references is missing or damaged. */
  DATA_DAMAGED("MESH-7006", "A file that a snapshot references is missing or damaged."),
  /** The operation timed out. */
  DEADLINE_PASSED("MESH-7007", "The operation timed out."),
  /** The disk or store is full or not writable. */
  STORAGE_UNWRITABLE("MESH-7008", "The disk or store is full or not writable."),
  /** Your code that Meshwork called, such as a listener, failed; nothing was committed. */
  CALLER_CODE_FAILED(
      "MESH-7009",
      "Your code that Meshwork called, such as a listener, failed; nothing was committed."),
  /** This host's clock differs too much from the time that the mesh knows. */
  CLOCK_SKEWED(
      "MESH-7010", "This host's clock differs too much from the time that the mesh knows.");

  private final String code;
  private final String meaning;

  ErrorCode(String code, String meaning) {
    this.code = code;
    this.meaning = meaning;
  }

  /** The code as text, such as {@code MESH-2001}. */
  public String code() {
    return code;
  }

  /** What it means, in one sentence. */
  public String meaning() {
    return meaning;
  }
}
