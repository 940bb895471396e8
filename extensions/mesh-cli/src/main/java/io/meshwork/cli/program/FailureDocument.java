package io.meshwork.cli.program;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.cli.ExitCode;
import io.meshwork.cli.internal.data.CheckedRows;
import io.meshwork.cli.internal.shell.JsonFields;
import io.meshwork.cli.internal.shell.TerminalText;
import io.meshwork.cli.internal.shell.UsageException;
import io.meshwork.cli.internal.shell.VerbAnswer;
import io.meshwork.error.AccessDeniedException;
import io.meshwork.error.ContractViolationException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.MeshException;

/** The JSON of a change that failed. */
final class FailureDocument {
  private FailureDocument() {}

  static int exitCode(Exception error) {
    if (error instanceof MeshException meshFailure) {
      return ExitCode.of(meshFailure);
    }
    return error instanceof UsageException ? ExitCode.WRONG_REQUEST : ExitCode.UNEXPECTED;
  }

  static String of(int exitCode, String message) {
    return VerbAnswer.newDocument("failed")
        .put("exitCode", exitCode)
        .put("message", message)
        .toString();
  }

  static String of(int exitCode, Exception error) {
    ObjectNode document = VerbAnswer.newDocument("failed").put("exitCode", exitCode);
    if (error instanceof MeshException meshFailure) {
      document.put("code", meshFailure.code());
      document.put("retryable", isRetryable(meshFailure));
      document.put("fix", TerminalText.of(meshFailure.fix()));
    }
    document.put("message", TerminalText.of(String.valueOf(error.getMessage())));
    if (error instanceof ContractViolationException violation) {
      CheckedRows.putRejected(document, violation);
    }
    if (error instanceof AccessDeniedException denied) {
      document.set("whoCanGrant", JsonFields.array(denied.whoCanGrant()));
    }
    return document.toString();
  }

  static RuntimeException asRuntime(Exception error) {
    return error instanceof RuntimeException unchecked
        ? unchecked
        : new IllegalStateException(error);
  }

  /**
   * True if the same command may succeed later: also after somebody made space on a full disk,
   * which nothing in the command can do.
   */
  private static boolean isRetryable(MeshException error) {
    return error.retryable() || error.errorCode() == ErrorCode.STORAGE_UNWRITABLE;
  }
}
