package io.meshwork.portal.internal.page;

import io.meshwork.error.AccessDeniedException;
import io.meshwork.error.BackendException;
import io.meshwork.error.ConflictException;
import io.meshwork.error.MeshException;
import io.meshwork.error.NotFoundException;
import io.meshwork.error.OutcomeUnknownException;
import io.meshwork.product.Principal;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What a form did, in the words of a page.
 *
 * @param done false if it failed
 * @param text what happened, or why it did not
 * @param advice what to do now; empty if nothing is left to do
 */
public record ActionOutcome(boolean done, String text, String advice) {
  private static final Pattern CALL = Pattern.compile("\\w\\([^)]*\\)");

  public static ActionOutcome done(String text) {
    return new ActionOutcome(true, text, "");
  }

  public static ActionOutcome failed(String text, String advice) {
    return new ActionOutcome(false, text, advice);
  }

  /**
   * Returns a failure without the calls that its message proposes to programs.
   *
   * @param attempt what did not happen, such as {@code The request was not approved}
   * @param viewer who tried it; reasons of missing rights are about the viewer
   */
  public static ActionOutcome failed(String attempt, Principal viewer, MeshException failure) {
    String reason = hasCall(failure.reason()) ? "the mesh does not allow it" : failure.reason();
    String by = failure instanceof AccessDeniedException ? " by " + viewer : "";
    return failed(attempt + by + ": " + reason + ".", advice(failure));
  }

  private static String advice(MeshException failure) {
    if (failure instanceof AccessDeniedException denied) {
      List<String> others = denied.whoCanGrant();
      return others.isEmpty()
          ? "Ask an account of the domain that may."
          : "Ask " + String.join(", ", others) + ".";
    } else if (failure instanceof ConflictException || failure instanceof NotFoundException) {
      return "The page shows the current state. Review it, and decide again if it is still open.";
    } else if (failure instanceof OutcomeUnknownException) {
      return "The page shows whether it happened. If it did not, send it again.";
    } else if (failure instanceof BackendException) {
      return failure.retryable()
          ? "Wait a moment, and send it again."
          : "Ask those who operate the mesh.";
    }
    String fix =
        Stream.of(failure.fix().split("(?<=[.]) ", -1))
            .filter(sentence -> !hasCall(sentence))
            .collect(Collectors.joining(" "));
    return fix.isEmpty() ? "Correct the form, and send it again." : fix;
  }

  private static boolean hasCall(String text) {
    return CALL.matcher(text).find();
  }
}
