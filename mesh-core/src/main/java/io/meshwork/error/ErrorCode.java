package io.meshwork.error;

/**
 * The stable codes of everything that Meshwork throws, for runbooks and alerts. Ranges: 1xxx the
 * request, 2xxx contract and data, 3xxx conflict and outcome, 4xxx access, 5xxx not found and
 * exists, 7xxx backend and files. A code never changes its meaning.
 */
public enum ErrorCode {
  /** An argument is missing, blank or out of its range. */
  INVALID_ARGUMENT("MESH-1001", "An argument is missing, blank or out of its range."),
  /** A name does not follow the grammar of names. */
  NAME_INVALID("MESH-1002", "A name does not follow the grammar of names."),
  /** The mesh, or what it handed out, was closed before the call. */
  CLOSED("MESH-1003", "The mesh, or what it handed out, was closed before the call."),
  /** An operation that belongs to one thread was used by two. */
  CONCURRENT_USE("MESH-1004", "An operation that belongs to one thread was used by two."),
  /** A schema uses a type or a name that a contract cannot promise. */
  SCHEMA_UNSUPPORTED("MESH-1005", "A schema uses a type or a name that a contract cannot promise."),
  /** A contract is not complete, contradicts itself, or has a rule or key that fits no column. */
  CONTRACT_INVALID(
      "MESH-1006",
      "A contract is not complete, contradicts itself, or a rule or key does not fit its schema."),
  /** A rule makes no sense by itself, whatever the schema: its kind, arguments or text. */
  RULE_INVALID(
      "MESH-1007",
      "A rule makes no sense by itself, whatever the schema: its kind, its arguments or its text."),
  /** A limit on what one request may hold was passed. */
  LIMIT_EXCEEDED("MESH-1008", "A limit on what one request may hold was passed."),
  /** Settings contradict each other or the place they are used in. */
  CONFIG_INVALID("MESH-1009", "Settings contradict each other or the place they are used in."),
  /** The calling account has no domain yet, and what it asks for needs one. */
  DOMAIN_MISSING("MESH-1010", "The calling account has no domain, and the call needs one."),
  /** An input file cannot be opened or read. */
  SOURCE_UNREADABLE("MESH-1011", "An input file cannot be opened or read."),
  /** A path leads outside the place it belongs to. */
  UNSAFE_PATH("MESH-1012", "A path leads outside the place it belongs to."),
  /** The type to read into does not fit the columns. */
  READER_INVALID("MESH-1013", "The type to read into does not fit the columns."),
  /** A filter does not follow the filter language, or does not fit the columns. */
  FILTER_INVALID("MESH-1014", "A filter breaks the filter language or does not fit the columns."),
  /** Rows were to be replaced by none, and the request does not say that this is meant. */
  EMPTY_REPLACE(
      "MESH-1015",
      "Rows were to be replaced by none, and the request does not say that this is meant."),

  /** A contract may not follow the one in force as a version of the same major. */
  CHANGE_INCOMPATIBLE(
      "MESH-1020", "A contract may not follow the one in force as a version of the same major."),

  /** Rows break the contract; nothing was published. */
  CONTRACT_VIOLATED("MESH-2001", "Rows break the contract; nothing was published."),
  /** A file's columns are not those of the contract. */
  SCHEMA_MISMATCH("MESH-2002", "The input's columns are not those of the contract."),
  /** A file is not what its format says. */
  FILE_MALFORMED("MESH-2003", "A file is not what its format says."),

  /** Somebody else changed the base first; nothing was done. */
  CONFLICT("MESH-3001", "Somebody else changed the base first; nothing was done."),
  /** The answer to a commit was lost; it may have happened. */
  OUTCOME_UNKNOWN("MESH-3002", "The answer to a commit was lost; it may have happened."),
  /** The product, major or request is not in a state that allows this. */
  STATE_CONFLICT("MESH-3003", "The product, major or request is not in a state that allows this."),

  /** No grant in force allows this. */
  ACCESS_DENIED("MESH-4001", "No grant in force allows this."),
  /** Only the owning domain may do this. */
  NOT_OWNER("MESH-4002", "Only the owning domain may do this."),

  /** The product lives in a catalog that the caller's domain reads through links only. */
  LINK_MISSING(
      "MESH-4009",
      "The product lives in a catalog that the caller's domain reads through links only."),

  /** What was named does not exist, or may not be seen by the caller. */
  NOT_FOUND("MESH-5001", "What was named does not exist, or may not be seen by the caller."),
  /** The name is taken by something different. */
  ALREADY_EXISTS("MESH-5002", "The name is taken by something different."),
  /** The idempotency key was used for another request. */
  KEY_REUSED("MESH-5003", "The idempotency key was used for another request."),

  /** Storage or a service failed, and nothing was committed. */
  BACKEND_FAILED("MESH-7001", "Storage or a service failed, and nothing was committed."),
  /** The source of rows failed while it was read. */
  SOURCE_FAILED("MESH-7002", "The source of rows failed while it was read."),
  /** The calling thread was interrupted. */
  INTERRUPTED("MESH-7003", "The calling thread was interrupted."),
  /** The registry needs a feature that this version of the SDK lacks. */
  REGISTRY_VERSION("MESH-7004", "The registry needs a feature that this SDK lacks."),
  /** The registry's file is not a registry, or is damaged. */
  REGISTRY_CORRUPT("MESH-7005", "The registry's file is not a registry, or is damaged."),
  /** A file that a snapshot names is missing or damaged. */
  DATA_DAMAGED("MESH-7006", "A file that a snapshot names is missing or damaged."),
  /** The time allowed for an operation is over. */
  DEADLINE_PASSED("MESH-7007", "The time allowed for an operation is over."),
  /** The disk or the store is full or cannot be written. */
  STORAGE_UNWRITABLE("MESH-7008", "The disk or the store is full or cannot be written.");

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
