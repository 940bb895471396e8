package io.meshwork.odcs.internal.document;

import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.Finding;
import io.meshwork.error.FindingCode;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.disk.TextFile;
import io.meshwork.internal.naming.NameGrammar;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * Creates the exceptions for a document or a ruleset: they name it, the line, the column, and the
 * path.
 */
public final class OdcsErrors {
  private final String subject;
  private final String fix;

  /** The errors of an ODCS document. */
  public OdcsErrors(String source) {
    this("the ODCS document " + NameGrammar.quoted(source), "document");
  }

  private OdcsErrors(String subject, String kind) {
    this.subject = subject;
    this.fix = "Simplify or divide the " + kind + ".";
  }

  /** The errors of an ODPS document. */
  public static OdcsErrors ofOdps(String source) {
    return new OdcsErrors("the ODPS document " + NameGrammar.quoted(source), "document");
  }

  /** The errors of a ruleset in DQDL. */
  public static OdcsErrors ofDqdl(String source) {
    return new OdcsErrors("the DQDL ruleset " + NameGrammar.quoted(source), "ruleset");
  }

  /** The document is not YAML, or not valid ODCS. */
  public InvalidRequestException invalid(
      YamlNode.SourcePosition place, String path, String reason, String fix) {
    return failure()
        .because(at(place, path) + reason)
        .fix(fix)
        .invalidRequest(ErrorCode.CONTRACT_INVALID);
  }

  /**
   * The document has faults.
   *
   * @param faults all of them, of which the message has the first
   */
  public InvalidRequestException invalid(
      List<Finding> faults, YamlNode.SourcePosition place, String path, String reason, String fix) {
    return failure()
        .because(at(place, path) + reason)
        .fix(fix)
        .findings(faults)
        .invalidRequest(ErrorCode.CONTRACT_INVALID);
  }

  /** Returns one fault of a document. */
  public Finding fault(YamlNode.SourcePosition place, String path, String reason) {
    return Finding.error(FindingCode.DOCUMENT_INVALID, path, at(place, path) + reason, "");
  }

  /** The document exceeds a limit. */
  public InvalidRequestException tooLarge(
      YamlNode.SourcePosition place, String path, String reason) {
    return failure()
        .because(at(place, path) + reason)
        .fix(fix)
        .invalidRequest(ErrorCode.LIMIT_EXCEEDED);
  }

  /**
   * Reads the text of the document.
   *
   * @param limit in bytes, whole mebibytes
   */
  public String text(Path file, int limit) {
    try {
      return TextFile.read(file, limit);
    } catch (TextFile.TooLongException e) {
      throw tooLarge(
          new YamlNode.SourcePosition(1, 1), "", "it is longer than " + (limit >> 20) + " MiB");
    } catch (TextFile.NotUtf8Exception e) {
      throw unreadable(
          "line "
              + e.line()
              + ", column "
              + e.column()
              + (e.line() == 1 && e.column() == 1 ? ", at the top" : ", in the text")
              + ": it is not UTF-8");
    } catch (IOException e) {
      throw unreadable(e.getClass().getSimpleName());
    }
  }

  /** The document cannot be read. */
  InvalidRequestException unreadable(String reason) {
    return failure()
        .because(reason)
        .fix("Use a readable file in UTF-8.")
        .invalidRequest(ErrorCode.SOURCE_UNREADABLE);
  }

  /** The caller asks for what the document does not have. */
  public InvalidRequestException invalidCall(String reason, String fix) {
    return failure().because(reason).fix(fix).invalidRequest(ErrorCode.INVALID_ARGUMENT);
  }

  /** Shortens and escapes a string of the document for a message. */
  public static String quoted(String text) {
    return "'" + NameGrammar.quoted(text) + "'";
  }

  private Failure failure() {
    return Failure.of(MeshAction.of(Verb.READ, subject));
  }

  private static String at(YamlNode.SourcePosition place, String path) {
    return "line "
        + place.line()
        + ", column "
        + place.column()
        + ", "
        + (path.isEmpty() ? "at the top" : "at " + path)
        + ": ";
  }
}
