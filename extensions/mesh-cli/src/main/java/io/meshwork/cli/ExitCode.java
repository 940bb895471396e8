package io.meshwork.cli;

import io.meshwork.error.AccessDeniedException;
import io.meshwork.error.AlreadyExistsException;
import io.meshwork.error.BackendException;
import io.meshwork.error.ConflictException;
import io.meshwork.error.ContractViolationException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.error.MeshException;
import io.meshwork.error.NotFoundException;
import io.meshwork.error.OutcomeUnknownException;
import java.io.PrintStream;

/** The exit codes of every command, so that a scheduler knows what to do next. */
public final class ExitCode {
  /** Something unexpected; a retry may help. */
  public static final int UNEXPECTED = 1;

  /**
   * The request cannot be served as it is: usage, a name, a file that cannot be read, or damage
   * that stays until somebody fixes it. No retry.
   */
  public static final int WRONG_REQUEST = 2;

  /** Rows break the contract. No retry. */
  public static final int CONTRACT_VIOLATED = 10;

  /**
   * A conflict, an outcome to be asked for with the same key, or a store that is full or cannot be
   * written. Retry, once there is room.
   */
  public static final int CONFLICT = 11;

  /** Access was denied. No retry. */
  public static final int DENIED = 13;

  /** Damage was found. */
  public static final int FINDINGS = 20;

  /** Nobody could look for damage, since the registry or the store could not be read. Retry. */
  public static final int NOT_CHECKED = 21;

  private ExitCode() {}

  /** The exit code of an error. */
  public static int of(MeshException error) {
    if (error.errorCode() == ErrorCode.FILE_MALFORMED) {
      return WRONG_REQUEST;
    } else if (error instanceof ContractViolationException) {
      return CONTRACT_VIOLATED;
    } else if (error instanceof ConflictException
        || error instanceof OutcomeUnknownException
        || error.errorCode() == ErrorCode.STORAGE_UNWRITABLE) {
      return CONFLICT;
    } else if (error instanceof AccessDeniedException) {
      return DENIED;
    } else if (error instanceof InvalidRequestException
        || error instanceof NotFoundException
        || error instanceof AlreadyExistsException
        || stays(error)) {
      return WRONG_REQUEST;
    }
    return UNEXPECTED;
  }

  /**
   * Says one line of something that nobody thought of, and gives its exit code.
   *
   * @param tried what was tried, such as {@code mesh verify}
   */
  public static int unexpected(String tried, RuntimeException error, PrintStream err) {
    err.println(
        "Could not finish '"
            + tried
            + "': "
            + error.getClass().getName()
            + ". This is a bug of Meshwork; please report it with what was run.");
    return UNEXPECTED;
  }

  /** Damage or a newer format is there the next time too; a failed source may not be. */
  private static boolean stays(MeshException error) {
    return error instanceof BackendException
        && !error.retryable()
        && error.errorCode() != ErrorCode.SOURCE_FAILED;
  }
}
