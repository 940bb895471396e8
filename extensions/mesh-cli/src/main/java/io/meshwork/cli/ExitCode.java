package io.meshwork.cli;

import io.meshwork.error.AccessDeniedException;
import io.meshwork.error.AlreadyExistsException;
import io.meshwork.error.BackendException;
import io.meshwork.error.ConflictException;
import io.meshwork.error.ContractViolationException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Finding;
import io.meshwork.error.FindingCode;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.error.MeshException;
import io.meshwork.error.NotFoundException;
import io.meshwork.error.OutcomeUnknownException;
import java.io.PrintStream;
import java.util.List;

/** The exit codes of all commands, which tell a scheduler whether to retry. */
public final class ExitCode {
  /** An unexpected error; a retry may help. */
  public static final int UNEXPECTED = 1;

  /**
   * The request is wrong: usage, a name, an unreadable file, or damage that needs a fix. Do not
   * retry.
   */
  public static final int WRONG_REQUEST = 2;

  /** Rows break the contract, or a change of it would break consumers. Do not retry. */
  public static final int CONTRACT_VIOLATED = 10;

  /**
   * A conflict, an unknown outcome, or a store that is full or not writable. Retry with the same
   * key, once the store is writable; not after a conflict that is not {@code retryable}.
   */
  public static final int CONFLICT = 11;

  /** A product is not fresh or complete in time. Retry later. */
  public static final int NOT_FRESH = 12;

  /** Access was denied. Do not retry. */
  public static final int DENIED = 13;

  /** Damage was found. */
  public static final int FINDINGS = 20;

  /** Damage was not checked, because the registry or the store could not be read. Retry. */
  public static final int NOT_CHECKED = 21;

  /** Nothing is new, which Airflow takes as a task to skip. */
  public static final int NOTHING_NEW = 99;

  private ExitCode() {}

  /** Returns the exit code of an error. */
  public static int of(MeshException error) {
    if (error.errorCode() == ErrorCode.FILE_MALFORMED) {
      return WRONG_REQUEST;
    } else if (error instanceof ContractViolationException) {
      return CONTRACT_VIOLATED;
    } else if (error.errorCode() == ErrorCode.CHANGE_INCOMPATIBLE) {
      return ofRefusedContract(error.findings());
    } else if (error instanceof ConflictException
        || error instanceof OutcomeUnknownException
        || error.errorCode() == ErrorCode.STORAGE_UNWRITABLE) {
      return CONFLICT;
    } else if (error instanceof AccessDeniedException) {
      return DENIED;
    } else if (error instanceof InvalidRequestException
        || error instanceof NotFoundException
        || error instanceof AlreadyExistsException
        || isLasting(error)) {
      return WRONG_REQUEST;
    }
    return UNEXPECTED;
  }

  /**
   * Returns the exit code of a contract that is refused: {@link #CONTRACT_VIOLATED} if consumers
   * could not read it or its data, otherwise {@link #WRONG_REQUEST}, such as for one that changes
   * nothing.
   *
   * @param findings why it is refused
   */
  public static int ofRefusedContract(List<Finding> findings) {
    return Finding.errors(findings).stream()
            .map(Finding::code)
            .anyMatch(
                code ->
                    code.area() == FindingCode.Area.CONTRACT_CHANGE
                        || code == FindingCode.NEW_MAJOR_NEEDED)
        ? CONTRACT_VIOLATED
        : WRONG_REQUEST;
  }

  /**
   * Prints one line about an unexpected error, and returns its exit code.
   *
   * @param command the command, such as {@code mesh verify}
   */
  public static int unexpected(String command, RuntimeException error, PrintStream err) {
    err.println(
        "Cannot complete '"
            + command
            + "': "
            + error.getClass().getName()
            + ". This is a bug in Meshwork; please report it with the command.");
    return UNEXPECTED;
  }

  /** True for damage or a newer format; a failed source may work the next time. */
  private static boolean isLasting(MeshException error) {
    return error instanceof BackendException
        && !error.retryable()
        && error.errorCode() != ErrorCode.SOURCE_FAILED;
  }
}
