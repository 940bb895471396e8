package io.meshwork.error;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Builds every {@link MeshException}, so that all messages have one form:
 *
 * <pre>Cannot &lt;action&gt;: &lt;reason&gt;. &lt;state&gt; &lt;fix&gt; [MESH-nnnn]</pre>
 *
 * <p>Describe the parts, then choose the exception by what the caller does next:
 *
 * <pre>{@code
 * throw Failure.of(action)
 *     .because("the contract has no column 'price'")
 *     .fix("Remove the column, or amend the contract.")
 *     .contractViolation(ErrorCode.SCHEMA_MISMATCH);
 * }</pre>
 *
 * <p>No part may contain field values. Backends also use this class. Not thread-safe.
 */
public final class Failure {
  static final String NOTHING_CHANGED = "Nothing was changed.";
  private static final String MAY_HAVE_SUCCEEDED = "The commit may have succeeded.";

  private final MeshAction action;
  private String reason = "";
  private String state = NOTHING_CHANGED;
  private boolean stateIsDefault = true;
  private String fix = "";
  private @Nullable Throwable cause;
  private final List<Finding> findings = new ArrayList<>();
  private RejectedRows rejectedRows = RejectedRows.NOT_COUNTED;

  private Failure(MeshAction action) {
    this.action = action;
  }

  /** Starts to describe the failure of an action. */
  public static Failure of(MeshAction action) {
    return new Failure(action);
  }

  /**
   * Sets why it failed: a clause in lower case without a final period. If it has several lines, the
   * state follows on a new line.
   */
  public Failure because(String reason) {
    this.reason = reason.endsWith(".") ? reason.substring(0, reason.length() - 1) : reason;
    return this;
  }

  /**
   * Sets why it failed, what the caller can do, and the findings: the first one explains the
   * failure, and the number of others follows.
   *
   * @param errors at least one
   */
  public Failure because(List<Finding> errors) {
    return because(errors, "");
  }

  /**
   * Sets the same with more sentences about the failure.
   *
   * @param sentences begin with a space; empty for none
   */
  public Failure because(List<Finding> errors, String sentences) {
    Finding first = errors.get(0);
    int more = errors.size() - 1;
    return because(
            first.what() + (more > 0 ? " And " + more + " more, see findings()." : "") + sentences)
        .fix(first.fix())
        .findings(errors);
  }

  /** Sets the state after the failure, in whole sentences. Default: "Nothing was changed." */
  public Failure state(String sentences) {
    this.state = sentences;
    this.stateIsDefault = false;
    return this;
  }

  /** Sets what the caller can do about it, in whole sentences. */
  public Failure fix(String sentences) {
    this.fix = sentences;
    return this;
  }

  /** Sets the exception that caused it. Default: none. */
  public Failure cause(@Nullable Throwable cause) {
    this.cause = cause;
    return this;
  }

  /** Adds all problems, worst first. Only invalid requests and contract violations report them. */
  public Failure findings(List<Finding> findings) {
    this.findings.addAll(findings);
    return this;
  }

  /**
   * Sets how many rows were rejected. Only contract violations report it.
   *
   * @param offered all rows; empty if they were not counted
   * @param failing how many rows break each rule, by its ID
   */
  public Failure rows(OptionalLong offered, Map<String, Long> failing) {
    this.rejectedRows = new RejectedRows(offered, failing);
    return this;
  }

  /** The caller fixes the call. */
  public InvalidRequestException invalidRequest(ErrorCode code) {
    return new InvalidRequestException(this, code);
  }

  /** The caller fixes the data. */
  public ContractViolationException contractViolation(ErrorCode code) {
    return new ContractViolationException(this, code);
  }

  /** The caller commits again on the new state. */
  public ConflictException conflict(ErrorCode code) {
    return new ConflictException(this, code, true);
  }

  /** The same call can never succeed: the caller creates a new plan or operation. */
  public ConflictException lastingConflict(ErrorCode code) {
    return new ConflictException(this, code, false);
  }

  /** The caller corrects the name. */
  public NotFoundException notFound(ErrorCode code) {
    return notFound(code, null);
  }

  /** The caller corrects the name; {@code nearest} is the most similar visible name, or null. */
  public NotFoundException notFound(ErrorCode code, @Nullable String nearest) {
    return new NotFoundException(this, code, nearest);
  }

  /** The caller reads what exists, or chooses another name. */
  public AlreadyExistsException alreadyExists(ErrorCode code) {
    return new AlreadyExistsException(this, code);
  }

  /**
   * The caller requests the missing grant.
   *
   * @param missing the smallest change that would allow the action, as text
   * @param whoCanGrant principals or contacts who can make that change
   */
  public AccessDeniedException accessDenied(
      ErrorCode code, String missing, List<String> whoCanGrant) {
    return new AccessDeniedException(this, code, missing, whoCanGrant);
  }

  /** The caller retries: the failure may pass without a change. */
  public BackendException passing(ErrorCode code) {
    return new BackendException(this, code, true);
  }

  /** The failure stays until its cause is fixed. */
  public BackendException lasting(ErrorCode code) {
    return new BackendException(this, code, false);
  }

  /** The caller repeats the call with the same idempotency key. */
  public OutcomeUnknownException outcomeUnknown(String idempotencyKey) {
    if (stateIsDefault) {
      state = MAY_HAVE_SUCCEEDED;
    }
    return new OutcomeUnknownException(this, ErrorCode.OUTCOME_UNKNOWN, idempotencyKey);
  }

  MeshAction action() {
    return action;
  }

  String reason() {
    return reason;
  }

  String state() {
    return state;
  }

  String fix() {
    return fix;
  }

  @Nullable Throwable cause() {
    return cause;
  }

  List<Finding> findings() {
    return List.copyOf(findings);
  }

  RejectedRows rejectedRows() {
    return rejectedRows;
  }

  /** The message without its code. */
  String text() {
    StringBuilder text = new StringBuilder("Cannot ").append(action);
    if (!reason.isEmpty()) {
      text.append(": ").append(reason);
    }
    text.append(reason.endsWith("?") ? "" : ".");
    if (!state.isEmpty()) {
      text.append(reason.contains("\n") ? '\n' : ' ').append(state);
    }
    if (!fix.isEmpty()) {
      text.append(' ').append(fix);
    }
    return text.toString();
  }
}
