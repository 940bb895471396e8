package io.meshwork.error;

/**
 * The stable codes of all Meshwork exceptions, for runbooks and alerts. Ranges: 1xxx for the
 * request, 2xxx for contract and data, 3xxx for conflicts and unknown outcomes, 4xxx for access,
 * 5xxx for resources that do not exist or already exist, 7xxx for backends and files. The meaning
 * of a code never changes; {@link #meaning()} returns it.
 */
public enum ErrorCode {
  INVALID_ARGUMENT("MESH-1001", "An argument is missing, blank, or out of range."),
  NAME_INVALID("MESH-1002", "A name does not follow the naming rules."),
  CLOSED("MESH-1003", "The mesh, or an object that it returned, was already closed."),
  CONCURRENT_USE("MESH-1004", "Two threads used an operation that belongs to one thread."),
  SCHEMA_UNSUPPORTED(
      "MESH-1005", "A schema uses a type or a name that a contract does not support."),
  CONTRACT_INVALID(
      "MESH-1006",
      "A contract is incomplete or contradictory, or a rule or key does not fit its schema."),
  RULE_INVALID(
      "MESH-1007",
      "The kind, the arguments, or the text of a rule is invalid, independent of the schema."),
  LIMIT_EXCEEDED("MESH-1008", "A request exceeds a limit."),
  CONFIG_INVALID(
      "MESH-1009",
      "Settings contradict each other or the folder or store that they are used with."),
  DOMAIN_MISSING("MESH-1010", "The call needs a domain, and the calling account has none."),
  SOURCE_UNREADABLE("MESH-1011", "An input file cannot be opened or read."),
  UNSAFE_PATH("MESH-1012", "A path leads outside its root folder."),
  READER_INVALID("MESH-1013", "The requested row type does not match the columns."),
  FILTER_INVALID("MESH-1014", "A filter is not valid, or does not match the columns."),
  EMPTY_REPLACE(
      "MESH-1015", "A replace has no rows, and the request does not allow an empty replace."),

  CHANGE_INCOMPATIBLE(
      "MESH-1020",
      "The new contract is incompatible with the current one and needs a new major version."),
  VERSION_LEFT_OUT("MESH-1021", "A publish leaves out a major version that a rollout keeps equal."),
  PURPOSE_NOT_ALLOWED("MESH-1022", "The contract does not allow the purpose of the subscription."),

  CONTRACT_VIOLATED("MESH-2001", "Rows break the contract; nothing was published."),
  SCHEMA_MISMATCH("MESH-2002", "The input's columns do not match the contract."),
  FILE_MALFORMED(
      "MESH-2003",
      "A file cannot be read: it breaks its format, uses a feature that is not supported, or exceeds a"
          + " limit."),

  CONFLICT("MESH-3001", "A concurrent change was committed first; nothing was done."),
  OUTCOME_UNKNOWN("MESH-3002", "The response to a commit was lost; the commit may have succeeded."),
  STATE_CONFLICT(
      "MESH-3003", "The state of the product, major version, or request does not allow this."),
  SNAPSHOT_EXPIRED(
      "MESH-3004", "Maintenance or an erasure removed rows before the last of them was read."),
  READS_SUSPENDED("MESH-3005", "The owner suspended reads of the product in an emergency."),
  FEED_TAKEN_OVER("MESH-3006", "Another writer continued the feed; nothing was published."),

  ACCESS_DENIED("MESH-4001", "No grant allows this."),
  NOT_OWNER("MESH-4002", "Only the owning domain may do this."),

  FILTERED_READ(
      "MESH-4003",
      "The caller may read some columns or rows only, and the backend gives files of whole tables."),
  LINK_MISSING(
      "MESH-4009",
      "The product is in a catalog that the caller's domain can read only through resource links."),
  NOT_THIS_PRINCIPAL(
      "MESH-4010", "The backend does not let this process act as the requested principal."),

  NOT_FOUND("MESH-5001", "The resource does not exist, or the caller may not see it."),
  ALREADY_EXISTS("MESH-5002", "The name is already in use for something else."),
  KEY_REUSED("MESH-5003", "The idempotency key was used for a different request."),
  SUBSCRIPTION_ENDED(
      "MESH-5004", "The subscription was ended by its domain or by the product's owner."),
  MAJOR_RETIRED(
      "MESH-5005", "The major version was retired, withdrawn, or purged; another may replace it."),

  BACKEND_FAILED("MESH-7001", "Storage or a service failed; nothing was committed."),
  SOURCE_FAILED("MESH-7002", "The source of rows failed during the read."),
  INTERRUPTED("MESH-7003", "The calling thread was interrupted."),
  REGISTRY_VERSION(
      "MESH-7004", "The registry needs a feature that this version of Meshwork does not support."),
  REGISTRY_CORRUPT("MESH-7005", "The registry file is damaged, or is not a registry."),
  DATA_DAMAGED("MESH-7006", "A file that a snapshot references is missing or damaged."),
  DEADLINE_PASSED("MESH-7007", "The operation timed out."),
  STORAGE_UNWRITABLE("MESH-7008", "The disk or store is full or not writable."),
  CALLER_CODE_FAILED(
      "MESH-7009",
      "Your code that Meshwork called, such as a listener, failed; nothing was committed."),
  CLOCK_SKEWED("MESH-7010", "This host's clock differs too much from the time of the mesh."),
  PERMISSION_MISSING(
      "MESH-7011", "The cloud denied a request: the caller lacks a permission on a resource."),
  MESH_MOVED("MESH-7012", "The mesh was moved to another place; here it can only be read."),
  PLACE_NOT_OWN(
      "MESH-7013", "The marker of a place of data is missing, or of another mesh or place.");

  private final String code;
  private final String meaning;

  ErrorCode(String code, String meaning) {
    this.code = code;
    this.meaning = meaning;
  }

  /** Returns the code as text, such as {@code MESH-2001}. */
  public String code() {
    return code;
  }

  /** Returns the meaning, in one sentence. */
  public String meaning() {
    return meaning;
  }
}
