package io.meshwork.hadoop;

import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.error.MeshException;
import io.meshwork.internal.parquet.schema.ColumnMismatchException;
import io.meshwork.internal.parquet.schema.UnreadableFileException;
import java.io.FileNotFoundException;
import java.nio.file.FileSystemException;
import java.util.ArrayList;
import java.util.List;
import javax.crypto.AEADBadTagException;
import org.apache.parquet.crypto.KeyAccessDeniedException;
import org.apache.parquet.crypto.ParquetCryptoRuntimeException;
import org.apache.parquet.crypto.TagVerificationException;
import org.jspecify.annotations.Nullable;

/**
 * Creates the exceptions of a file. What parquet-hadoop throws is recognized by the classes of its
 * causes. No message has a key, or the message of another exception, which may contain one.
 */
final class FileErrors {
  private final MeshAction action;

  private FileErrors(MeshAction action) {
    this.action = action;
  }

  /** Returns the exceptions of a subject, such as {@code file sales.parquet}. */
  static FileErrors of(String subject) {
    return new FileErrors(MeshAction.of(Verb.READ, subject));
  }

  /** An argument is not valid. */
  MeshException argument(String reason, String fix) {
    return failure(reason, fix, null).invalidRequest(ErrorCode.INVALID_ARGUMENT);
  }

  /** The file cannot be opened. */
  MeshException unreadable(String reason, String fix, @Nullable Throwable cause) {
    return failure(reason, fix, cause).invalidRequest(ErrorCode.SOURCE_UNREADABLE);
  }

  /** The file violates its format, or uses a feature that is not supported. */
  MeshException malformed(String reason, String fix, @Nullable Throwable cause) {
    return failure(reason, fix, cause).contractViolation(ErrorCode.FILE_MALFORMED);
  }

  /** A key is missing for a part of the file, such as "the footer". */
  MeshException missingKey(String part, @Nullable Throwable cause) {
    return unreadable(
        part + " is encrypted, and no key is set for it",
        "Set it with footerKey(..) or columnKey(..), or return it from the function of keys(..).",
        cause);
  }

  /** Hadoop is not on the class path, or not completely. */
  MeshException withoutHadoop(LinkageError cause) {
    return unreadable(
        "classes of Hadoop are not on the class path",
        "Add hadoop-client-api and hadoop-client-runtime of org.apache.hadoop.",
        cause);
  }

  /** The user's function of keys failed. */
  MeshException functionFailed(RuntimeException cause) {
    return failure(
            "the function of keys(..) failed with " + cause.getClass().getName(),
            "Fix the cause, then read the file again.",
            cause)
        .lasting(ErrorCode.CALLER_CODE_FAILED);
  }

  /**
   * Returns the exception for what parquet-hadoop threw.
   *
   * @param part the part of the file that was read, such as "the footer" or "a row group"
   */
  MeshException of(Throwable thrown, String part) {
    List<Throwable> causes = causes(thrown);
    for (Throwable cause : causes) {
      if (cause instanceof MeshException meshFailure) {
        return meshFailure;
      } else if (cause instanceof LinkageError missing) {
        return withoutHadoop(missing);
      } else if (cause instanceof AEADBadTagException
          || cause instanceof TagVerificationException) {
        return wrongKey(part, thrown);
      }
    }
    for (Throwable cause : causes) {
      if (cause instanceof KeyAccessDeniedException) {
        return missingKey(part, thrown);
      } else if (cause instanceof ParquetCryptoRuntimeException) {
        return wrongKey(part, thrown);
      } else if (cause instanceof FileSystemException || cause instanceof FileNotFoundException) {
        return unreadable("it cannot be read", "Check the path and its permissions.", thrown);
      } else if (cause instanceof UnreadableFileException invalid) {
        return malformed(invalid.whatAndWhere(), "Write the file again.", thrown);
      } else if (cause instanceof ColumnMismatchException mismatch) {
        return failure(
                String.valueOf(mismatch.getMessage()),
                "Write the column with another type.",
                thrown)
            .invalidRequest(ErrorCode.SCHEMA_UNSUPPORTED);
      }
    }
    return malformed(
        part + " cannot be read: parquet-hadoop failed with " + thrown.getClass().getName(),
        "Write the file again, and check how it was copied.",
        thrown);
  }

  private MeshException wrongKey(String part, Throwable cause) {
    return unreadable(
        part
            + " cannot be decrypted: the key or the prefix is not the one that it was encrypted"
            + " with, or the file was changed",
        "Set the writer's key, and its prefix with authenticatedPrefix(..) if it used one. If they"
            + " are correct, get the file from its source again.",
        cause);
  }

  private Failure failure(String reason, String fix, @Nullable Throwable cause) {
    return Failure.of(action).because(reason).fix(fix).cause(cause);
  }

  /** Returns an exception and its causes, the outermost first, at most 20. */
  private static List<Throwable> causes(Throwable thrown) {
    List<Throwable> causes = new ArrayList<>();
    for (Throwable each = thrown; each != null && causes.size() < 20; each = each.getCause()) {
      causes.add(each);
    }
    return causes;
  }
}
