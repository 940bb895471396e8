package io.meshwork.odcs;

import io.meshwork.error.ContractViolationException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.error.MeshException;
import io.meshwork.internal.naming.NameGrammar;

/** Why nothing is proposed, in words that name the source and the place and no value. */
final class BadSource {
  private static final String NOTHING = ". Nothing was changed. ";

  private BadSource() {}

  /** It cannot be opened or read. */
  static MeshException unreadable(String source, String why) {
    return new InvalidRequestException(
        ErrorCode.SOURCE_UNREADABLE,
        cannot(source) + why + NOTHING + "Give a file that can be read.");
  }

  /** It is not what its format says. */
  static MeshException malformed(String source, String why, String fix) {
    return new ContractViolationException(
        ErrorCode.FILE_MALFORMED, cannot(source) + why + NOTHING + fix);
  }

  /** It has names that no contract can promise. */
  static MeshException unsupported(String source, String why, String fix) {
    return new InvalidRequestException(
        ErrorCode.SCHEMA_UNSUPPORTED, cannot(source) + why + NOTHING + fix);
  }

  static MeshException tooLarge(String source, String why, String fix) {
    return new InvalidRequestException(
        ErrorCode.LIMIT_EXCEEDED, cannot(source) + why + NOTHING + fix);
  }

  /** The call is wrong, not what it names. */
  static MeshException wrongCall(String source, String why, String fix) {
    return new InvalidRequestException(
        ErrorCode.INVALID_ARGUMENT, cannot(source) + why + NOTHING + fix);
  }

  private static String cannot(String source) {
    return "Cannot propose a contract from " + NameGrammar.quoted(source) + ": ";
  }
}
