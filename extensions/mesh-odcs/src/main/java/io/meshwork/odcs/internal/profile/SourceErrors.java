package io.meshwork.odcs.internal.profile;

import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.error.MeshException;
import io.meshwork.internal.naming.NameGrammar;
import java.io.EOFException;
import java.io.IOException;
import java.util.zip.ZipException;

/**
 * Creates the exceptions of a failed proposal. They name the source and the location, no values.
 */
public final class SourceErrors {

  private SourceErrors() {}

  /** The source cannot be opened or read. */
  public static MeshException unreadable(String source, String reason) {
    return failure(source)
        .because(reason)
        .fix("Use a readable file.")
        .invalidRequest(ErrorCode.SOURCE_UNREADABLE);
  }

  /**
   * Reading stopped.
   *
   * @param where where it stopped, such as "reading stopped at line 3"
   */
  public static MeshException failed(String source, String where, IOException e) {
    return e instanceof ZipException || e instanceof EOFException
        ? malformed(source, "it is not a complete file of gzip", "Write the file again.")
        : unreadable(source, where + " (" + e.getClass().getSimpleName() + ")");
  }

  /** The source does not conform to its format. */
  public static MeshException malformed(String source, String reason, String fix) {
    return failure(source).because(reason).fix(fix).contractViolation(ErrorCode.FILE_MALFORMED);
  }

  /** The source has column names that a contract does not support. */
  static MeshException unsupported(String source, String reason, String fix) {
    return failure(source).because(reason).fix(fix).invalidRequest(ErrorCode.SCHEMA_UNSUPPORTED);
  }

  /** The source exceeds a limit. */
  static MeshException tooLarge(String source, String reason, String fix) {
    return failure(source).because(reason).fix(fix).invalidRequest(ErrorCode.LIMIT_EXCEEDED);
  }

  /** The call does not fit the source. */
  public static MeshException invalidCall(String source, String reason, String fix) {
    return failure(source).because(reason).fix(fix).invalidRequest(ErrorCode.INVALID_ARGUMENT);
  }

  private static Failure failure(String source) {
    return Failure.of(
        MeshAction.of(Verb.CREATE, "a contract proposal from " + NameGrammar.quoted(source)));
  }
}
